import { make } from "./dom.js";
import { found, holds, ownGone } from "./proof.js";
import { label, language, say } from "./texts.js";

const KEPT = "story";

/** The guided story: who does what next, ticked off when the phones show that it happened. */
export class Story {
  constructor(element, toggle, acts) {
    this.element = element;
    this.toggle = toggle;
    this.acts = acts;
    this.steps = [];
    this.chats = new Map();
    this.clock = 0;
    this.open = sessionStorage.getItem("story-hidden") !== "yes";
    this.all = false;
    toggle.addEventListener("click", () => this.hide(this.open));
  }

  begin({ world, steps }) {
    this.steps = steps;
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    this.told = kept?.world === world && kept.ends === steps.length ? kept : { world, ends: steps.length, at: 0, ended: [], paper: null, ahead: this.clock };
    this.enter();
    this.look();
  }

  enter() {
    this.taken = new Set();
  }

  move(clock) {
    this.clock = clock.ahead;
    this.look();
  }

  hear(chat) {
    const before = this.chats.get(chat.id);
    if (before && ownGone(before, chat)) this.taken.add(chat.id);
    this.chats.set(chat.id, chat);
    this.look();
  }

  forget(ids) {
    for (const id of this.chats.keys()) if (!ids.includes(id)) this.chats.delete(id);
  }

  get current() { return this.steps[this.told?.at]; }

  world() { return { ahead: this.clock, aheadAtStep: this.told.ahead, taken: this.taken }; }

  /** Ticks off what happened; a step is looked at only once it is its turn. */
  look() {
    if (!this.told) return;
    while (this.current && holds(this.current.done, this.chats, this.world())) this.end("done");
    this.draw();
  }

  end(how) {
    const { keep } = this.current;
    if (keep) this.told.paper = found(keep, this.chats) ?? this.told.paper;
    this.told.ended[this.told.at] = how;
    this.told.at += 1;
    this.told.ahead = this.clock;
    this.enter();
    this.save();
  }

  /** The chosen phone: no need to show it again. */
  chosen(name) {
    this.name = name;
    for (const button of this.element.querySelectorAll(".go-there")) button.hidden = button.dataset.phone === name;
  }

  skip() { this.end("skipped"); this.look(); this.focus(); }

  hide(hidden) {
    this.open = !hidden;
    sessionStorage.setItem("story-hidden", hidden ? "yes" : "no");
    this.draw();
    if (hidden) this.toggle.focus();
    else this.focus();
  }

  /** On what the step offers to do, else on the heading: Enter there must not hide the story. */
  focus() { (this.element.querySelector(".now .strong") ?? this.element.querySelector("h2"))?.focus(); }

  save() { sessionStorage.setItem(KEPT, JSON.stringify(this.told)); }

  draw() {
    const there = this.steps.length > 0;
    this.element.hidden = !there || !this.open;
    this.toggle.hidden = !there;
    this.toggle.setAttribute("aria-expanded", String(this.open));
    this.acts.turn(this.open ? this.current?.phone ?? null : null);
    const state = JSON.stringify([this.told, this.open, this.all, language(), this.steps.length]);
    if (state === this.drawn) return;
    const moved = this.drawn !== undefined && this.at !== this.told?.at;
    this.drawn = state;
    this.at = this.told?.at;
    if (!there) return;
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(this.head(), this.now(moved), this.list(), make("p", { class: "keys", "aria-hidden": "true" }, say("keys")));
    this.chosen(this.name);
    this.element.classList.toggle("every-step", this.all);
    if (this.told.paper) this.element.append(make("p", { class: this.current?.fill?.en?.includes("{code}") ? "paper wanted" : "paper" }, make("span", {}, say("paper")), make("b", {}, this.told.paper)));
    if (focused) this.focus();
    this.element.querySelector("li.now")?.scrollIntoView?.({ block: "nearest" });
  }

  head() {
    const count = `${Math.min(this.told.at + 1, this.steps.length)} / ${this.steps.length}`;
    const all = make("button", { type: "button", class: "quiet every", "aria-expanded": String(this.all), on: { click: () => { this.all = !this.all; this.draw(); this.element.querySelector(".every").focus(); } } }, say("all"));
    const hide = make("button", { type: "button", class: "quiet", "aria-label": say("hide"), title: say("hide"), on: { click: () => this.hide(true) } }, "✕");
    const bar = make("progress", { max: this.steps.length, value: this.told.at, "aria-label": say("story") });
    return make("header", {}, make("h2", { tabindex: -1 }, say("story"), make("small", {}, count)), all, hide, bar);
  }

  now(moved) {
    const step = this.current;
    if (!step) return make("div", { class: "now", role: "status" }, make("p", { class: "do" }, say("theEnd")));
    const fill = step.fill && make("button", { type: "button", class: "strong", on: { click: () => this.acts.fill(step.phone, this.text(step)) } }, say("fill"));
    const show = step.phone && make("button", { type: "button", class: "quiet go-there", "data-phone": step.phone, on: { click: () => this.acts.show(step.phone) } }, say("go"));
    const skip = make("button", { type: "button", class: "quiet", on: { click: () => this.skip() } }, say("skip"));
    return make("div", { class: moved ? "now moved" : "now", role: "status" },
      make("p", { class: "whose" }, step.phone ?? say("clock")),
      make("p", { class: "do" }, step.do[language()]),
      make("p", { class: "look" }, make("b", {}, `${say("look")}: `), step.look[language()]),
      make("div", { class: "acts" }, fill, show, skip));
  }

  text(step) {
    if (step.fill === "note") return null;
    return step.fill[language()].replace("{code}", this.told.paper ?? "");
  }

  list() {
    const items = this.steps.map((step, at) => {
      const how = this.told.ended[at] ?? (at === this.told.at ? "now" : "later");
      const mark = make("span", { class: "mark", "aria-hidden": "true" }, { done: "✓", skipped: "–", now: "", later: "" }[how]);
      const ended = how === "done" || how === "skipped" ? make("span", { class: "unseen" }, ` (${say(how)})`) : null;
      return make("li", { class: how, "aria-current": how === "now" ? "step" : null }, mark, make("span", {}, make("b", {}, `${step.phone ?? say("clock")} `), step.do[language()], ended));
    });
    return make("ol", { class: this.all ? "steps open" : "steps", tabindex: 0, "aria-label": say("all") }, ...items);
  }
}
