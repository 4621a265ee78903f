// Nobody has touched the screen for long: it asks whether somebody is still there, counts down, and is the next
// person's.

import { by, say, show } from "./dom.js";

const QUIET_MS = 30_000;
const QUIET_ELDER_MS = 60_000;
const ASKED_S = 15;

export class Idle {
  // untouched: whether the screen is as the next person should find it; onLeave: make it so.
  constructor({ untouched, patient, onLeave, onAsk }) {
    Object.assign(this, { untouched, patient, onLeave, onAsk });
    this.timer = null;
    this.left_s = 0;
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, () => this.touched());
    this.restart();
  }

  get asking() {
    return !by("still-there").hidden;
  }

  // A touch anywhere is an answer, but for the button that says "no".
  touched() {
    if (!this.asking) this.restart();
  }

  restart() {
    by("still-there").hidden = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.patient() ? QUIET_ELDER_MS : QUIET_MS);
  }

  ask() {
    if (this.untouched()) return this.restart();
    this.left_s = ASKED_S;
    this.tell();
    by("still-there").hidden = false;
    this.onAsk();
    this.timer = setTimeout(() => this.count(), 1000);
  }

  count() {
    this.left_s -= 1;
    if (this.left_s <= 0) return this.leave();
    this.tell();
    this.timer = setTimeout(() => this.count(), 1000);
  }

  tell() {
    show(by("still-there-what"), say("kiosk.still_there_what", { seconds: this.left_s }));
  }

  leave() {
    this.onLeave();
    this.restart();
  }
}
