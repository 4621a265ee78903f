// Whose turn it is, as the board shows it: every call gets its moment on the stage, also when many come at once.
//
// A call is told by the event, so that one that is over within a second is shown too; after a time without a
// connection the calls made meanwhile are found in the state of the hall.

const PLACES = 4; // so many can be read from ten metres
const HOLD_MS = 7000;
const HURRIED_MS = 3500; // while more wait than there are places
const CROWD = 16;
const CROWDED_MS = 1500; // while a whole hall of windows calls at once
const MOST_COMING = 200;
const KEPT = 12;
const CALLS = ["ticket_called", "ticket_recalled"];

export class Calls {
  constructor() {
    this.queue = null; // the hall as it was told last
    this.coming = []; // not shown yet
    this.fresh = []; // on the stage for their moment, the latest first
    this.past = []; // shown before, the latest first
    this.times = new Map(); // how often each ticket of today was called, as far as it was shown
    this.last = 0; // the last event that is dealt with
    this.behind = true; // events were missed: the next state tells them
  }

  hear(message) {
    if (message.kind === "resync" || (message.kind === "online" && message.online)) this.behind = true;
    if (message.kind === "event" && CALLS.includes(message.event.type)) this.hearCall(message.event);
    if (message.kind === "queue") this.hearQueue(message.queue);
  }

  hearCall({ id, ticket, number, window }) {
    if (this.behind || id <= this.last) return;
    this.last = id;
    this.coming = [...this.coming, { key: `event ${id}`, ticket, number, window }].slice(-MOST_COMING);
  }

  hearQueue(queue) {
    const first = this.queue === null;
    if (!first && queue.service_day !== this.queue.service_day) this.forgetYesterday();
    const called = queue.called.toReversed(); // the latest last, as they came
    if (first) this.past = queue.called.map(ofTicket);
    else if (this.behind) {
      const missed = called.filter((one) => one.state === "called" && one.calls > (this.times.get(one.id) ?? 0));
      this.coming.push(...missed.filter((one) => !this.coming.some((other) => other.ticket === one.id)).map(ofTicket));
    }
    if (this.behind) this.last = queue.event_id;
    this.behind = false;
    this.times = new Map([...called, ...queue.waiting, ...queue.held, ...queue.no_shows].map((one) => [one.id, one.calls]));
    this.queue = queue;
  }

  forgetYesterday() {
    this.coming = [];
    this.fresh = [];
    this.past = [];
  }

  // What to show now: the stage, and who was called before. now_ms: any clock that only goes on.
  turn(now_ms) {
    const waiting = this.coming.length;
    const hold_ms = waiting > CROWD ? CROWDED_MS : waiting > PLACES ? HURRIED_MS : HOLD_MS;
    this.fresh = this.fresh.filter((call) => now_ms - call.since_ms < hold_ms);
    while (this.coming.length > 0 && this.fresh.length < PLACES) this.admit(this.coming.shift(), now_ms);
    const shown = new Set([...this.fresh, ...this.coming].map((call) => call.ticket));
    const standing = (this.queue?.called ?? []).filter((one) => one.state === "called" && !shown.has(one.id)).map(ofTicket);
    const stage = [...this.fresh.map((call) => ({ ...call, fresh: true })), ...standing].slice(0, PLACES);
    const onStage = new Set(stage.map((call) => call.ticket));
    return { stage, past: this.past.filter((call) => !onStage.has(call.ticket)) };
  }

  admit(call, now_ms) {
    const others = (list) => list.filter((one) => one.ticket !== call.ticket);
    this.fresh = [{ ...call, since_ms: now_ms }, ...others(this.fresh)];
    this.past = [call, ...others(this.past)].slice(0, KEPT);
  }
}

const ofTicket = ({ id, calls, number, window }) => ({ key: `ticket ${id}/${calls}`, ticket: id, number, window });
