// What is wrong in the hall at large: the daemon is gone, the hall is closed, there is no paper. Each is told in its own
// words and goes away by itself.

import { both, by, say, show } from "./dom.js";
import { opensAt } from "./kiosk-lists.js";

const PATIENCE_MS = 1500; // a connection that is back sooner was never missed
const CLOSED = ["line_closed", "holiday", "day_over", "day_not_open"];

export class Troubles {
  // onClosed: called with whether the hall is closed, when that changes; onPrinter: whether there is paper to be had; onAway: that
  // the daemon is gone stands on the screen.
  constructor({ onClosed, onPrinter, onAway, numberShown }) {
    Object.assign(this, { onClosed, onPrinter, onAway, numberShown });
    this.closed = false;
    this.away = null;
  }

  setOnline(online) {
    clearTimeout(this.away);
    if (online) by("away").hidden = true;
    else this.away = setTimeout(() => this.tellAway(), PATIENCE_MS);
  }

  tellAway() {
    const number = this.numberShown();
    show(by("away-title"), number ? say("kiosk.away_number", { number }) : say("kiosk.away"));
    by("away").hidden = false;
    this.onAway();
  }

  // The ticket on the screen is nobody's any more: a long outage does not show its number to the next person.
  forgetNumber() {
    if (!by("away").hidden) this.tellAway();
  }

  // The hall is closed when no line takes anybody, and none because it is full.
  setLines(lines) {
    const closed = lines.length > 0 && lines.every((line) => !line.accepting && CLOSED.includes(line.reason));
    const opens = lines.map((line) => line.opens_at).filter(Boolean).sort()[0];
    if (closed) this.tellClosed(lines[0], opens);
    if (closed === this.closed) return;
    this.closed = closed;
    this.onClosed(closed);
  }

  tellClosed({ holiday, holiday_en: english, reason_zh: zh, reason_en: en }, opens) {
    show(by("hall-holiday"), holiday ? both({ zh: holiday, en: english }) : "");
    show(by("hall-opens"), opens ? opensAt(opens) : both({ zh, en }));
  }

  // Whether any printer of the kiosk can be expected to print.
  lookAtPrinters(devices) {
    const printers = devices.filter((device) => device.kinds.includes("printer") && device.window === null);
    const works = printers.some(({ state }) => ["online", "degraded", "starting"].includes(state));
    by("no-paper").hidden = works;
    this.onPrinter(works);
  }
}
