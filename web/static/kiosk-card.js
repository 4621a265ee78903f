// An identity card on the kiosk's reader: what it offers is shown big and for a short while, and the person masked.
//
// After SHOWN_MS no trace of a person is on the screen, and none after the ticket is taken. What stands on is a strip
// without a name: that the next ticket has priority, or that an appointment can still be checked in.

import { get, post } from "./api.js";
import { both, by, clockTime, say, show } from "./dom.js";

const SHOWN_MS = 15_000;
const TOLD_MS = 8000; // for what needs no answer

export class KioskCard {
  // onTicket: called with the ticket of a check-in; onCard: somebody is here.
  constructor({ onTicket, onCard }) {
    this.onTicket = onTicket;
    this.onCard = onCard;
    this.offer = null;
    this.seen = null;
    this.timer = null;
    by("card-check-in").addEventListener("click", () => this.checkIn());
    by("card-strip-check-in").addEventListener("click", () => this.checkIn());
    by("card-close").addEventListener("click", () => this.close());
    by("card-strip-cancel").addEventListener("click", () => this.forget());
  }

  // Another card was read somewhere; perhaps here.
  async look() {
    const { offer } = await get("/api/v1/card").catch(() => ({ offer: null }));
    if (!offer) return this.clear();
    if (offer.id === this.seen) return;
    this.seen = offer.id;
    this.onCard();
    this.offer = offer;
    this.tell();
  }

  // The offer that gives the next ticket priority, or null.
  get priority() {
    return this.offer?.priority ? this.offer.id : null;
  }

  get mayCheckIn() {
    return this.offer?.appointment?.timing === "now";
  }

  tell() {
    const { title, note = "" } = this.words();
    show(by("card-who"), this.offer.masked);
    show(by("card-title"), title);
    show(by("card-note"), note);
    by("card-trouble").hidden = true;
    by("card-check-in").hidden = !this.mayCheckIn;
    show(by("card-close"), say(this.mayCheckIn ? "card.other" : this.priority ? "card.choose" : "card.close"));
    by("card").dataset.problem = this.offer.problem ?? "";
    by("card").hidden = false;
    by("card-title").focus();
    this.strip();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.close(), this.mayCheckIn || this.priority ? SHOWN_MS : TOLD_MS);
  }

  words() {
    const { problem, priority, appointment } = this.offer;
    if (problem) return { title: say(`card.${problem}`) };
    const also = priority ? say("card.priority") : "";
    if (!appointment) return priority ? { title: also } : { title: say("card.nothing"), note: say("card.nothing_note") };
    const matter = both({ zh: appointment.matter_name, en: appointment.matter_name_en });
    const facts = {
      time: clockTime(appointment.at),
      from: clockTime(appointment.check_in_from),
      number: appointment.number,
    };
    const title = document.createDocumentFragment();
    title.append(say(`card.appointment_${appointment.timing}`, facts), " ", matter);
    return { title, note: also };
  }

  // What stands on while a matter is chosen; it names nobody.
  strip() {
    const stands = Boolean(this.priority) || this.mayCheckIn;
    by("card-strip").hidden = !stands;
    document.body.toggleAttribute("data-priority", Boolean(this.priority));
    by("card-strip-check-in").hidden = !this.mayCheckIn;
    if (stands) show(by("card-strip-text"), say(this.priority ? "card.strip_priority" : "card.strip_appointment"));
  }

  async checkIn() {
    if (this.busy || !this.offer) return;
    this.busy = true;
    try {
      this.onTicket(await post("/api/v1/card/check-in", { offer: this.offer.id }));
      this.forget();
    } catch (problem) {
      show(by("card-trouble"), problem.text ? both(problem.text) : say("kiosk.failed"));
      by("card-trouble").hidden = false;
      by("card").hidden = false;
    } finally {
      this.busy = false;
    }
  }

  // The person has read it: the name goes, the strip stands on where there is something to stand on.
  close() {
    clearTimeout(this.timer);
    by("card").hidden = true;
    for (const id of ["card-who", "card-title", "card-note"]) by(id).replaceChildren();
    if (!this.priority && !this.mayCheckIn) this.forget();
  }

  // Done, or another person's turn: nothing of it stays here or in the daemon.
  forget() {
    const id = this.offer?.id;
    this.clear();
    if (id) post("/api/v1/card/dismiss", { offer: id }).catch(() => {});
  }

  clear() {
    if (!this.offer) return;
    this.offer = null;
    this.close();
    this.strip();
  }
}
