// Nobody has touched the screen for long: it asks whether somebody is still there, counts down, and is the next
// person's.

import { by, say, show } from "./dom.js";

const QUIET_MS = 30_000;
const QUIET_ELDER_MS = 60_000;
const ASKED_S = 15;
const LIFTED_MS = 600; // a finger is up again by then, so that it touches nothing beneath the question
const MOVES = ["Tab", "Shift", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Escape"]; // the keyboard's way to a button

export class Idle {
  // untouched: whether the screen is as the next person should find it; onLeave: make it so.
  constructor({ untouched, patient, onLeave, onAsk }) {
    Object.assign(this, { untouched, patient, onLeave, onAsk });
    this.timer = null;
    this.left_s = 0;
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, (event) => this.touched(event));
    document.addEventListener("click", ({ target }) => this.asking && !saysNo(target) && this.restart());
    this.restart();
  }

  get asking() {
    return !by("still-there").hidden;
  }

  // A touch anywhere is an answer, but for the button that says "no".
  touched({ key, target }) {
    if (!this.asking) this.restart();
    else if (saysNo(target) || MOVES.includes(key)) return;
    else if (key) this.restart();
    else this.soon(() => this.restart(), LIFTED_MS);
  }

  soon(then, wait_ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, wait_ms);
  }

  restart() {
    by("still-there").hidden = true;
    this.soon(() => this.ask(), this.patient() ? QUIET_ELDER_MS : QUIET_MS);
  }

  ask() {
    if (this.untouched()) return this.restart();
    this.left_s = ASKED_S;
    this.tell();
    by("still-there").hidden = false;
    this.onAsk();
    this.soon(() => this.count(), 1000);
  }

  count() {
    this.left_s -= 1;
    if (this.left_s <= 0) return this.leave();
    this.tell();
    this.soon(() => this.count(), 1000);
  }

  tell() {
    show(by("still-there-what"), say("kiosk.still_there_what", { seconds: this.left_s }));
  }

  leave() {
    this.onLeave();
    this.restart();
  }
}

const saysNo = (target) => Boolean(target.closest?.("#finish"));
