import { make } from "./dom.js";
import { say } from "./texts.js";

const TOAST_MILLISECONDS = 4000;

/** What comes up over a chat for a moment, or until it is read. */
export class Notices {
  constructor(phone, chat) {
    this.phone = phone;
    this.spoken = make("p", { class: "unseen", role: "status" });
    this.chat = chat;
    chat.append(this.spoken);
  }

  toast(text) {
    this.chat.querySelector(".toast")?.remove();
    const shown = make("div", { class: "toast" }, text);
    this.chat.append(shown);
    this.say(text);
    setTimeout(() => shown.remove(), TOAST_MILLISECONDS);
  }

  say(text) { this.spoken.textContent = text; }

  alert(text) {
    const before = document.activeElement;
    const close = () => { shown.remove(); before?.focus?.(); };
    const ok = make("button", { type: "button", class: "strong", on: { click: close } }, say("ok"));
    const box = make("div", { role: "alertdialog", "aria-modal": "true", "aria-label": say("said") }, make("p", {}, text), make("div", { class: "choices" }, ok));
    const shown = make("div", { class: "alert", on: { keydown: (event) => this.keep(event, close) } }, box);
    this.phone.append(shown);
    ok.focus();
  }

  keep(event, close) {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  }
}
