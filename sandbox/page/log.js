import { message } from "./bubble.js";
import { make } from "./dom.js";
import { label, say } from "./texts.js";
import { dayOf } from "./when.js";

const VANISH_MILLISECONDS = 1500;
const NEAR_THE_END = 80;

/** The messages of one chat: new ones arrive, edited ones change in place, deleted ones vanish. */
export class Log {
  constructor(element, acts, notices) {
    this.element = element;
    this.acts = acts;
    this.notices = notices;
    this.shown = new Map();
    this.typing = label(make("div", { class: "typing", role: "img" }, make("i"), make("i"), make("i")), "typing", "name");
    this.first = true;
    this.atEnd = true;
    element.addEventListener("scroll", () => { this.atEnd = this.isNearTheEnd(); });
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(element);
  }

  show(chat) {
    const atEnd = this.isNearTheEnd();
    let arrived = false;
    for (const said of chat.messages) arrived = this.showOne(said, chat.pressed) || arrived;
    const kept = new Set(chat.messages.map((said) => said.message_id));
    for (const [id, was] of this.shown) if (!kept.has(id)) this.vanish(id, was.element);
    this.showDays();
    this.showTyping(chat.action !== null);
    if (this.first || atEnd || arrived) this.toEnd();
    this.first = false;
  }

  /** Whether it came new. */
  showOne(said, allPressed) {
    const pressed = allPressed.filter((one) => one.message_id === said.message_id).map((one) => one.data);
    const content = JSON.stringify([said.text, said.entities, said.buttons, said.media, said.edited]);
    const was = this.shown.get(said.message_id);
    const state = `${content}${pressed}`;
    if (was?.state === state) return false;
    const element = message(said, pressed, this.acts);
    this.shown.set(said.message_id, { element, state, content });
    if (!was) {
      if (!this.first) element.classList.add("new");
      this.element.append(element);
      return true;
    }
    const focused = was.element.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    was.element.replaceWith(element);
    if (was.content !== content) {
      element.classList.add("edited-now");
      if (said.from === "bot") this.notices.say(`${say("changed")}${said.text}`);
    }
    if (focused) (element.querySelector(`[data-place="${focused}"]`) ?? element.querySelector(".key"))?.focus();
    return false;
  }

  vanish(id, element) {
    this.shown.delete(id);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.style.setProperty("--height", `${element.offsetHeight}px`);
    element.querySelector(".bubble").dataset.gone = say("gone");
    element.classList.add("gone");
    element.inert = true;
    setTimeout(() => element.remove(), still ? 0 : VANISH_MILLISECONDS);
    this.notices.say(say("deleted"));
  }

  showDays() {
    for (const old of this.element.querySelectorAll(".day")) old.remove();
    let last = null;
    for (const element of this.element.querySelectorAll(".message:not(.gone)")) {
      const day = dayOf(new Date(element.querySelector("time").dateTime));
      if (day !== last) element.before(make("div", { class: "day" }, day));
      last = day;
    }
  }

  showTyping(typing) {
    clearTimeout(this.typingEnds);
    if (!typing) { this.typing.remove(); return; }
    this.element.append(this.typing);
    this.typingEnds = setTimeout(() => this.typing.remove(), 5000);
  }

  isNearTheEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
  }

  toEnd() { this.element.scrollTop = this.element.scrollHeight; }
}
