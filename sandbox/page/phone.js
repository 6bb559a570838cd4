import { Phone } from "./api.js";
import { Composer } from "./composer.js";
import { make, roundButton } from "./dom.js";
import { Log } from "./log.js";
import { Menu } from "./menu.js";
import { Notices } from "./notices.js";
import { known, label, say } from "./texts.js";

const FACES = ["#0b6b5d", "#4b5f9e", "#8a4b7c", "#7a5a1e", "#3d6a85", "#9b4433"];

/** One phone on the page, and all its owner does on it. */
export class PhoneView {
  constructor(chat, number) {
    this.id = chat.id;
    this.phone = new Phone(chat.id);
    this.element = make("section", { class: "phone", id: `phone-${chat.id}`, "aria-label": chat.name });
    this.menu = new Menu(this.element);
    this.build(chat, number);
    this.seenToast = chat.toast?.number ?? 0;
    this.show(chat);
  }

  build(chat, number) {
    const face = make("span", { class: "face", "aria-hidden": "true" }, initials(chat));
    face.style.setProperty("--face", FACES[number % FACES.length]);
    this.role = make("p");
    const more = roundButton("more", "more", () => this.menu.toggle(more, this.choices()));
    const owner = make("header", { class: "owner" }, face, make("div", { class: "who", title: number < 9 ? `Alt+${number + 1}` : null }, make("h2", {}, fullName(chat)), this.role), more);
    this.noteText = make("p");
    this.copyNote = label(make("button", { type: "button", on: { click: () => this.copy(this.secret()) } }), "copy");
    this.note = make("div", { class: "note", role: "note" }, this.noteText, this.copyNote);
    const list = label(make("div", { class: "log", role: "log", "aria-live": "polite", "aria-relevant": "additions", tabindex: 0, lang: chat.language_code }), "chat", "name");
    const area = make("div", { class: "chat" }, list);
    this.notices = new Notices(this.element, area);
    const acts = this.acts();
    this.log = new Log(list, acts, this.notices);
    this.composer = new Composer(acts);
    this.description = make("p");
    this.botName = make("h3");
    this.welcome = make("div", { class: "welcome" }, this.botName, this.description, label(make("button", { type: "button", class: "strong", on: { click: () => acts.send("/start") } }), "start"));
    list.append(this.welcome);
    this.element.append(owner, this.note, area, ...this.composer.elements());
  }

  acts() {
    const tried = (act) => async (...given) => {
      try {
        return await act(...given);
      } catch (refusal) {
        this.notices.toast(refusal.message);
        return null;
      }
    };
    const phone = this.phone;
    return {
      send: tried((text) => phone.send(text)),
      edit: tried((id, text) => phone.edit(id, text)),
      delete: tried((id) => phone.delete(id)),
      open: tried((url) => phone.open(url)),
      attach: tried((kind, file) => phone.attach(kind, file)),
      block: tried(() => phone.block()),
      unblock: tried(() => phone.unblock()),
      press: tried(async (place) => this.pressed(await phone.press(place))),
      file: (unique) => phone.file(unique),
      menu: (opener, choices, label) => this.menu.toggle(opener, choices, label),
      startEditing: (said) => this.composer.startEditing(said),
    };
  }

  pressed(result) {
    if (result.copied) return this.copy(result.copied);
    if (result.url) window.open(result.url, "_blank", "noopener,noreferrer");
    return result;
  }

  choices() {
    const acts = this.acts();
    return this.chat.blocked
      ? [{ label: say("unblock"), act: () => acts.unblock() }]
      : [{ label: say("block"), risky: true, act: () => acts.block() }];
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.notices.toast(say("copied"));
    } catch {
      this.notices.toast(say("noCopy"));
    }
  }

  /** A note such as "Passphrase: a b c" has something to copy: what stands after the last colon. */
  secret() { return this.chat.note.slice(this.chat.note.lastIndexOf(":") + 1).trim(); }

  show(chat) {
    this.chat = chat;
    this.role.textContent = (known(chat.role) ? say(chat.role) : chat.role) || (chat.language_code === "sw" ? "Kiswahili" : "English");
    this.note.hidden = !chat.note;
    this.noteText.textContent = chat.note.replace(/^Passphrase:/, `${say("passphrase")}:`);
    this.copyNote.hidden = !chat.note.includes(":");
    this.welcome.hidden = chat.started;
    this.botName.textContent = chat.bot.name;
    this.description.textContent = chat.bot.description || say("begin");
    this.log.show(chat);
    this.composer.show(chat);
    this.showToast(chat.toast);
  }

  /** What the page itself says, in the other language; the chat stays as it is. */
  retell() {
    this.show(this.chat);
  }

  fill(text) { this.composer.fill(text ?? this.secret()); }

  showToast(toast) {
    if (!toast || toast.number <= this.seenToast) return;
    this.seenToast = toast.number;
    if (!toast.text) return;
    if (toast.alert) this.notices.alert(toast.text);
    else this.notices.toast(toast.text);
  }
}

function fullName(chat) { return [chat.name, chat.last_name].filter(Boolean).join(" "); }

function initials(chat) { return [chat.name, chat.last_name].filter(Boolean).map((part) => [...part][0]).join("").toUpperCase(); }
