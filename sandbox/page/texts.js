/** The page's own words in English and Kiswahili. The bot's words are the bot's. */
const WORDS = {
  en: {
    phones: "Phones", add: "Add a phone", live: "Live", connecting: "Connecting…", reconnecting: "Reconnecting…",
    empty: "No phones yet. Add one, and write to the bot.", name: "Name", role: "Role, if it has one", language: "Language",
    cancel: "Cancel", addIt: "Add", fresh: "Start again", freshAsk: "Throw this world away?",
    freshWhy: "Every chat and every report in it is destroyed, and new phones are made. It takes a few seconds.",
    freshYes: "Start again", making: "A fresh world is being made…", forward: "Move the clock forward", nextWindow: "Next window", nextWeek: "Next week",
    days: "+4 days", clock: "The clock", citizen: "Citizen", moderator: "Moderator", officer: "Officer",
    message: "Message", sendIt: "Send message", commands: "Commands", attach: "Attach", photo: "Photo…", file: "File…",
    voice: "A short voice note", sticker: "A sticker", editing: "Editing your message", edit: "Edit", delete: "Delete",
    own: "What to do with this message", more: "More", copy: "Copy", copied: "Copied", start: "Start", begin: "Press Start to begin.",
    noCopy: "This browser does not let the page copy; select the text instead.", block: "Block the bot", unblock: "Unblock the bot",
    you: "You: ", bot: "Bot: ", edited: "edited", protected: "Cannot be copied or forwarded", deleted: "Message deleted",
    changed: "Changed: ", typing: "The bot is typing", hidden: "Hidden text, press to show", aPhoto: "Photo", aSticker: "Sticker",
    voiceNote: "Voice note", open: "Open the picture", save: "Save", close: "Close", chat: "Chat", ok: "OK", said: "Message from the bot",
    gone: "Deleted", refused: "The sandbox did not take that.", choices: "Choices", unread: "new", passphrase: "Passphrase", hint: "Press Start, or write something.",
    story: "Guided story", look: "Look for", fill: "Fill in", skip: "Skip", hide: "Hide the story", show: "Story", all: "All steps",
    paper: "Amina’s paper", theEnd: "The story is told. Nothing of it is kept: press Start again for a new one.",
    done: "happened", skipped: "skipped", go: "Show the phone", step: "Step", of: "of",
    keys: "Alt with 1 to 9 moves among the phones, Alt with 0 to the story.",
  },
  sw: {
    phones: "Simu", add: "Ongeza simu", live: "Imeunganishwa", connecting: "Inaunganisha…", reconnecting: "Inaunganisha tena…",
    empty: "Hakuna simu bado. Ongeza moja, kisha uandikie bot.", name: "Jina", role: "Kazi, kama ipo", language: "Lugha",
    cancel: "Acha", addIt: "Ongeza", fresh: "Anza upya", freshAsk: "Utupe ulimwengu huu?",
    freshWhy: "Mazungumzo yote na ripoti zote zitaharibiwa, na simu mpya zitatengenezwa. Itachukua sekunde chache.",
    freshYes: "Anza upya", making: "Ulimwengu mpya unatengenezwa…", forward: "Sogeza saa mbele", nextWindow: "Dirisha lijalo", nextWeek: "Wiki ijayo",
    days: "Siku +4", clock: "Saa", citizen: "Mwananchi", moderator: "Msimamizi", officer: "Afisa",
    message: "Ujumbe", sendIt: "Tuma ujumbe", commands: "Amri", attach: "Ambatisha", photo: "Picha…", file: "Faili…",
    voice: "Sauti fupi", sticker: "Kibandiko", editing: "Unahariri ujumbe wako", edit: "Hariri", delete: "Futa",
    own: "La kufanya na ujumbe huu", more: "Zaidi", copy: "Nakili", copied: "Imenakiliwa", start: "Anza", begin: "Bonyeza Anza ili kuanza.",
    noCopy: "Kivinjari hiki hakiruhusu kunakili; chagua maandishi badala yake.", block: "Zuia bot", unblock: "Ondoa kizuizi cha bot",
    you: "Wewe: ", bot: "Bot: ", edited: "imehaririwa", protected: "Haiwezi kunakiliwa wala kusambazwa", deleted: "Ujumbe umefutwa",
    changed: "Imebadilika: ", typing: "Bot inaandika", hidden: "Maandishi yaliyofichwa, bonyeza kuyaona", aPhoto: "Picha", aSticker: "Kibandiko",
    voiceNote: "Sauti", open: "Fungua picha", save: "Hifadhi", close: "Funga", chat: "Mazungumzo", ok: "Sawa", said: "Ujumbe wa bot",
    gone: "Umefutwa", refused: "Sandbox haikupokea hilo.", choices: "Chaguo", unread: "mpya", passphrase: "Maneno ya siri", hint: "Bonyeza Anza, au andika chochote.",
    story: "Hadithi", look: "Angalia", fill: "Jaza", skip: "Ruka", hide: "Ficha hadithi", show: "Hadithi", all: "Hatua zote",
    paper: "Karatasi ya Amina", theEnd: "Hadithi imekwisha. Hakuna kinachohifadhiwa: bonyeza Anza upya kwa nyingine.",
    done: "imetokea", skipped: "imerukwa", go: "Onyesha simu", step: "Hatua", of: "kati ya",
    keys: "Alt na 1 hadi 9 huhamia simu nyingine, Alt na 0 kwenye hadithi.",
  },
};
const KEPT = "page-language";
let chosen = kept();

function kept() {
  const first = localStorage.getItem(KEPT) ?? navigator.language.slice(0, 2);
  return first in WORDS ? first : "en";
}

export const language = () => chosen;
export const locale = () => (chosen === "sw" ? "sw-KE" : "en-GB");
export const say = (key) => WORDS[chosen][key];
export const keys = () => [...new Set([...Object.keys(WORDS.en), ...Object.keys(WORDS.sw)])];
export const known = (key) => key in WORDS.en;

/** Marks what an element says, so that it can be said in the other language too. */
export function label(element, key, attribute = "text") {
  element.dataset[`say${attribute}`] = key;
  tell(element, attribute, key);
  return element;
}

function tell(element, attribute, key) {
  if (attribute === "text") element.textContent = say(key);
  if (attribute === "name") { element.setAttribute("aria-label", say(key)); if (element.title) element.title = say(key); }
  if (attribute === "title") element.title = say(key);
  if (attribute === "alt") element.alt = say(key);
  if (attribute === "hint") element.placeholder = say(key);
}

export function speak(wanted) {
  chosen = wanted;
  localStorage.setItem(KEPT, wanted);
  relabel();
}

export function relabel() {
  document.documentElement.lang = chosen;
  for (const attribute of ["text", "name", "title", "alt", "hint"]) {
    for (const element of document.querySelectorAll(`[data-say${attribute}]`)) tell(element, attribute, element.dataset[`say${attribute}`]);
  }
}
