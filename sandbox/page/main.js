import { ClockView } from "./clock.js";
import { make } from "./dom.js";
import { PhoneView } from "./phone.js";
import { Story } from "./story.js";
import { label, say } from "./texts.js";
import { prepareTop } from "./top.js";

const phones = new Map();
const tabbed = matchMedia("(max-width: 1099px)");
const area = document.getElementById("phones");
const tabs = document.getElementById("tabs");
const connection = document.getElementById("connection");
const clock = new ClockView(document.getElementById("when"));
const story = new Story(document.getElementById("story"), document.getElementById("tell"), { turn, fill, show: visit });
let chosen = null;
let turnOf = null;
let began = false;
let shownBot = null;

function choose(id, focus = false) {
  chosen = id;
  for (const [one, { view, tab }] of phones) {
    const here = one === id;
    view.element.classList.toggle("chosen", here);
    tab.setAttribute("aria-selected", String(here));
    tab.tabIndex = here ? 0 : -1;
    if (here) {
      story.chosen(view.chat.name);
      tab.querySelector(".unread")?.remove();
      view.log.toEnd();
      if (focus) tab.focus();
    }
  }
}

function show(chat) {
  const known = phones.get(chat.id);
  if (known) {
    const news = newFromBot(known.view.chat, chat);
    known.view.show(chat);
    tellRole(known.tab, known.view);
    story.hear(chat);
    if (news > 0 && chat.id !== chosen) addUnread(known.tab, news);
    return;
  }
  const view = new PhoneView(chat, phones.size);
  const tab = make("button", {
    type: "button", role: "tab", class: "tab", "aria-controls": view.element.id, "aria-selected": "false",
    on: { click: () => choose(chat.id), keydown: moveTab },
  }, chat.name, make("small"));
  tellRole(tab, view);
  phones.set(chat.id, { view, tab });
  area.append(view.element);
  tabs.append(tab);
  view.log.toEnd();
  story.hear(chat);
  asPanels();
  if (chosen === null) choose(chat.id);
  else tab.tabIndex = -1;
  turn(turnOf, true);
}

/** Under the name: on a small screen the tab is all that says it. */
function tellRole(tab, view) { tab.querySelector("small").textContent = view.role.textContent; }

/** Where the tabs are shown each phone is the panel of its tab; beside each other they are not. */
function asPanels() {
  for (const { view } of phones.values()) {
    if (tabbed.matches) view.element.setAttribute("role", "tabpanel");
    else view.element.removeAttribute("role");
  }
}

/** The phone whose turn it is in the story. */
function turn(name, again = false) {
  if (name === turnOf && !again) return;
  turnOf = name;
  for (const { view, tab } of phones.values()) {
    const theirs = view.chat.name === name;
    view.element.classList.toggle("turn", theirs);
    tab.classList.toggle("turn", theirs);
  }
}

function named(name) { return [...phones.values()].find(({ view }) => view.chat.name === name)?.view; }

function fill(name, text) {
  visit(name);
  named(name)?.fill(text);
}

function visit(name) {
  const view = named(name);
  if (!view) return;
  choose(view.id);
  view.composer.box.focus();
}

function hop(event) {
  if (!event.altKey || !/^Digit\d$/.test(event.code)) return;
  const number = Number(event.code.at(-1));
  const view = [...phones.values()][number - 1]?.view;
  if (number === 0) story.hide(false);
  else if (view) { choose(view.id); (view.composer.box.hidden ? view.log.element : view.composer.box).focus(); }
  else return;
  event.preventDefault();
}

function newFromBot(before, after) {
  const known = new Set(before.messages.map((said) => said.message_id));
  return after.messages.filter((said) => said.from === "bot" && !known.has(said.message_id)).length;
}

function addUnread(tab, news) {
  const badge = tab.querySelector(".unread") ?? make("span", { class: "unread" }, make("b", {}, "0"), label(make("span", { class: "unseen" }), "unread"));
  tab.querySelector("small").before(badge);
  const count = badge.querySelector("b");
  count.textContent = String(Number(count.textContent) + news);
}

function moveTab(event) {
  const ids = [...phones.keys()];
  const step = { ArrowRight: 1, ArrowLeft: -1, Home: -ids.indexOf(chosen), End: -1 - ids.indexOf(chosen) }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  choose(ids.at((ids.indexOf(chosen) + step) % ids.length), true);
}

function keepOnly(ids) {
  for (const [id, { view, tab }] of phones) {
    if (ids.includes(id)) continue;
    view.element.remove();
    tab.remove();
    phones.delete(id);
    if (chosen === id) chosen = null;
  }
  story.forget(ids);
  const empty = document.getElementById("empty");
  label(empty, began && ids.length === 0 ? "making" : "empty");
  empty.hidden = ids.length > 0;
  began = true;
}

function showBot(bot) {
  shownBot = bot;
  document.getElementById("bot-name").textContent = bot.name;
  document.getElementById("bot-username").textContent = `@${bot.username}`;
  document.title = `${bot.name} · ${say("phones")}`;
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("open", () => live("live", true));
  events.addEventListener("error", () => live("reconnecting", false));
  events.addEventListener("clock", (event) => { const told = JSON.parse(event.data); clock.show(told); story.move(told); });
  events.addEventListener("story", (event) => story.begin(JSON.parse(event.data)));
  events.addEventListener("phones", (event) => keepOnly(JSON.parse(event.data)));
  events.addEventListener("phone", (event) => {
    const chat = JSON.parse(event.data);
    document.getElementById("empty").hidden = true;
    showBot(chat.bot);
    show(chat);
  });
}

function live(text, isLive) {
  label(connection.querySelector("span"), text);
  connection.classList.toggle("live", isLive);
}

document.addEventListener("keydown", hop);
tabbed.addEventListener("change", asPanels);
prepareTop(() => { for (const { view, tab } of phones.values()) { view.retell(); tellRole(tab, view); } if (shownBot) showBot(shownBot); clock.draw(); story.draw(); });
listen();
