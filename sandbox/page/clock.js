import { moveClock } from "./api.js";
import { make } from "./dom.js";
import { label } from "./texts.js";
import { clockTime, setZone } from "./when.js";

const DAY = 24 * 3600;

/** The sandbox's clock in the top bar, and the ways to move it forward. */
export class ClockView {
  constructor(element) {
    this.time = make("time", { id: "clock" });
    this.window = this.button("nextWindow", { to_window: 1 });
    const move = make("span", { class: "move", role: "group" }, this.window, this.button("days", { advance_seconds: 4 * DAY }), this.button("nextWeek", { advance_seconds: 7 * DAY }));
    element.append(this.time, label(move, "forward", "name"));
    setInterval(() => this.draw(), 1000);
  }

  button(key, by) {
    return label(make("button", { type: "button", class: "quiet", on: { click: () => moveClock(by) } }), key);
  }

  show(clock) {
    this.ahead = clock.now * 1000 - Date.now();
    setZone(clock.zone);
    this.window.title = clock.window;
    this.draw();
  }

  draw() {
    if (this.ahead !== undefined) this.time.textContent = clockTime(Date.now() + this.ahead);
  }
}
