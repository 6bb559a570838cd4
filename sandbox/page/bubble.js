import { icon, make, roundButton } from "./dom.js";
import { label, say } from "./texts.js";
import { view } from "./viewer.js";
import { timeOf } from "./when.js";
import { words } from "./words.js";

/** One message: its bubble and the buttons under it. `acts` is what the person can do. */
export function message(said, pressed, acts) {
  const mine = said.from === "me";
  const shown = make("div", { class: "message", "data-id": said.message_id });
  shown.classList.toggle("mine", mine);
  shown.classList.toggle("protected", said.protect_content);
  shown.classList.toggle("with-keyboard", said.buttons.length > 0);
  shown.append(bubble(said, mine, acts));
  if (said.buttons.length > 0) shown.append(keyboard(said, pressed, acts));
  if (mine) shown.append(own(said, acts));
  return shown;
}

function bubble(said, mine, acts) {
  const speaker = label(make("span", { class: "unseen" }), mine ? "you" : "bot");
  const shown = make("div", { class: "bubble" }, speaker);
  if (said.media) shown.append(media(said, acts));
  if (said.text) shown.append(words(said.text, said.entities, acts));
  shown.append(meta(said));
  return shown;
}

function meta(said) {
  const when = new Date(said.date * 1000);
  const line = make("div", { class: "meta" });
  if (said.protect_content) {
    line.append(label(make("span", {}, icon("lock"), label(make("span", { class: "unseen" }), "protected")), "protected", "title"));
  }
  if (said.edited) line.append(label(make("span", {}), "edited"));
  line.append(make("time", { datetime: when.toISOString() }, timeOf(when)));
  return line;
}

function media(said, acts) {
  const sent = said.media;
  const address = acts.file(sent.file);
  if (sent.kind === "photo" || sent.kind === "sticker") {
    const picture = make("img", { class: `picture ${sent.kind}`, src: address, alt: said.text, width: sent.width, height: sent.height });
    if (!said.text) label(picture, sent.kind === "photo" ? "aPhoto" : "aSticker", "alt");
    if (sent.kind === "sticker") return picture;
    return label(make("button", { type: "button", class: "enlarge", on: { click: () => view(address, sent.name) } }, picture), "open", "title");
  }
  const voice = sent.kind === "voice";
  const size = voice ? `${sent.seconds} s` : kilobytes(sent.size);
  const named = make("span", {}, voice ? label(make("span", {}), "voiceNote") : sent.name, make("small", {}, size));
  return make("a", { class: "attachment", href: address, download: sent.name }, make("span", {}, icon(voice ? "voice" : "file")), named);
}

function kilobytes(size) {
  return size < 1024 ? `${size} B` : `${(size / 1024).toLocaleString("en", { maximumFractionDigits: 1 })} KB`;
}

function keyboard(said, pressed, acts) {
  const rows = said.buttons.map((row, rowAt) => make("div", {}, ...row.map((button, column) => {
    const key = make("button", {
      type: "button", class: `key ${button.style ?? ""}`, "data-place": `${rowAt}.${column}`,
      on: { click: () => acts.press({ message_id: said.message_id, row: rowAt, column }) },
    }, button.text);
    if (button.url) key.append(icon("link"));
    if (button.copy_text) key.append(icon("copy"));
    if (pressed.includes(button.callback_data)) key.setAttribute("aria-busy", "true");
    return key;
  })));
  return make("div", { class: "keyboard" }, ...rows);
}

function own(said, acts) {
  const remove = () => ({ label: say("delete"), risky: true, act: () => acts.delete(said.message_id) });
  const edit = () => ({ label: say("edit"), act: () => acts.startEditing(said) });
  const opener = roundButton("own", "more", () => acts.menu(opener, said.media ? [remove()] : [edit(), remove()]), "own");
  return opener;
}
