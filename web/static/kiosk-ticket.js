// Taking a number, and what is seen after it: the number at once, then where its paper is.

import { get, post } from "./api.js";
import { both, by, minutes, say, show } from "./dom.js";

const LOOK_MS = 2000; // how often the ticket on the screen is read anew, besides at every event about it
const NO_PAPER = ["failed", "unknown", "none"];

export class TicketPage {
  // onTicket: a ticket is there to be shown; onTrouble: it was refused, with the problem; nameOf: what a ticket is for.
  constructor({ onTicket, onTrouble, onChange, nameOf }) {
    Object.assign(this, { onTicket, onTrouble, onChange, nameOf });
    this.ticket = null;
    this.wish = null; // the name of the present wish: sent again, it gives the same ticket again
    setInterval(() => this.look(), LOOK_MS);
  }

  // Another matter, another wish.
  begin() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    this.wish = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // offer: of a card that gives priority, or null.
  async take(matter, priority, offer) {
    if (document.body.hasAttribute("data-busy")) return;
    document.body.toggleAttribute("data-busy", true);
    const body = offer ? { matter, card: offer } : { matter, priority };
    try {
      this.onTicket(await post("/api/v1/tickets", body, { "Idempotency-Key": `${this.wish}-${offer ? "card" : priority}` }));
    } catch (problem) {
      this.onTrouble(problem);
    } finally {
      document.body.toggleAttribute("data-busy", false);
    }
  }

  forget() {
    this.ticket = null;
    by("number").textContent = ""; // nothing of the last person stays
  }

  show(found) {
    const another = this.ticket?.id !== found.id;
    this.ticket = found;
    by("result").dataset.ticket = found.id;
    by("result").dataset.print = found.print.state;
    by("number").textContent = found.number;
    show(by("what"), both(this.nameOf(found)));
    show(by("place"), placeText(found));
    show(by("wait"), waitText(found));
    show(by("paper"), paperText(found));
    show(by("paper-why"), whyText(found.print));
    by("result").toggleAttribute("data-no-paper", hasTrouble(found.print));
    by("reprint").hidden = !["failed", "unknown"].includes(found.print.state);
    if (another) this.showCode(found);
    this.onChange();
  }

  // Only where phones can reach the hall.
  showCode(found) {
    const image = by("ticket-qr");
    if (!image) return;
    image.hidden = !found.url;
    if (found.url) image.src = `${found.page}/qr.svg`;
  }

  async look() {
    if (!this.ticket) return;
    const found = await get(`/api/v1/tickets/${this.ticket.id}`).catch(() => null);
    if (found && this.ticket?.id === found.id) this.show(found);
  }

  async reprint() {
    by("reprint").hidden = true;
    await post(`/api/v1/tickets/${this.ticket.id}/reprint`)
      .then((found) => this.show(found))
      .catch(this.onTrouble);
  }
}

function placeText(found) {
  if (found.state === "called") return say("kiosk.called", { window: found.window });
  if (found.state !== "waiting") return say(`ticket.${found.state}`);
  return found.ahead ? say("kiosk.ahead", { ahead: found.ahead }) : say("kiosk.next");
}

function waitText({ state, ahead, estimated_wait_s: wait }) {
  if (state !== "waiting" || !ahead) return "";
  return wait === null ? say("ticket.wait_unknown") : say("ticket.wait", { minutes: minutes(wait) });
}

const hasTrouble = (print) => Boolean(print.detail) || NO_PAPER.includes(print.state);

// While something is in the way of the paper, people are told to remember their number.
function paperText({ number, print }) {
  return hasTrouble(print) ? say("kiosk.remember", { number }) : say(`paper.${print.state}`);
}

function whyText(print) {
  if (print.detail) return both({ zh: print.detail_zh, en: print.detail_en });
  return ["failed", "unknown"].includes(print.state) ? say(`paper.${print.state}`) : "";
}
