import { make } from "./dom.js";
import { say } from "./texts.js";

/** A small menu over a phone, beside the button that opens it. One is open at a time. */
export class Menu {
  constructor(phone) {
    this.phone = phone;
    this.shown = null;
    document.addEventListener("pointerdown", (event) => {
      if (this.shown && !this.shown.contains(event.target) && !this.opener.contains(event.target)) this.close(false);
    });
  }

  toggle(opener, choices, label = say("choices")) {
    const reopened = this.shown && this.opener === opener;
    this.close(false);
    if (reopened) return;
    this.opener = opener;
    const buttons = choices.map((choice) => make("button", {
      type: "button", role: "menuitem", class: choice.risky ? "risky" : "",
      on: { click: () => { this.close(); choice.act(); } },
    }, choice.name ? make("b", {}, choice.name) : choice.label, choice.name ? make("span", {}, choice.label) : ""));
    this.shown = make("div", { class: "pop", role: "menu", "aria-label": label, on: { keydown: (event) => this.move(event, buttons) } }, ...buttons);
    this.phone.append(this.shown);
    opener.setAttribute("aria-expanded", "true");
    this.place(opener);
    buttons[0]?.focus();
  }

  place(opener) {
    const phone = this.phone.getBoundingClientRect();
    const button = opener.getBoundingClientRect();
    const width = this.shown.offsetWidth;
    const height = this.shown.offsetHeight;
    const left = Math.min(Math.max(button.left - phone.left, 8), phone.width - width - 8);
    const below = button.bottom - phone.top + 6;
    const top = below + height < phone.height - 8 ? below : button.top - phone.top - height - 6;
    this.shown.style.left = `${left}px`;
    this.shown.style.top = `${Math.max(top, 8)}px`;
  }

  move(event, buttons) {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      buttons.at(to % buttons.length).focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.close();
    }
  }

  close(refocus = true) {
    if (!this.shown) return;
    this.shown.remove();
    this.shown = null;
    this.opener.removeAttribute("aria-expanded");
    if (refocus) this.opener.focus();
  }
}
