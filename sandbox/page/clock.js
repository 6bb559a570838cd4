import { moveClock } from "./api.js";
import { make } from "./dom.js";
import { clockTime, setZone } from "./when.js";

const DAY = 24 * 3600;

/** The sandbox's clock in the top bar, and the ways to move it forward. */
export class ClockView {
  constructor(element) {
    this.time = make("time", { id: "clock" });
    this.window = this.button("Next window", { to_window: 1 });
    element.append(
      this.time,
      make("span", { class: "move", role: "group", "aria-label": "Move the clock forward" },
        this.window,
        this.button("+3 days", { advance_seconds: 3 * DAY }),
        this.button("+1 week", { advance_seconds: 7 * DAY })),
    );
    setInterval(() => this.draw(), 1000);
  }

  button(label, by) {
    return make("button", { type: "button", class: "quiet", on: { click: () => moveClock(by) } }, label);
  }

  show(clock) {
    this.ahead = clock.now * 1000 - Date.now();
    setZone(clock.zone);
    this.window.textContent = `Next ${clock.window}`;
    this.draw();
  }

  draw() {
    if (this.ahead !== undefined) this.time.textContent = clockTime(Date.now() + this.ahead);
  }
}
