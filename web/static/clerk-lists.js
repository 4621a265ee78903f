// Who waits for this window, and who was put aside or did not come.

import { both, by, el, fill, minutes, say, show } from "./dom.js";
import { desk, onChange, sinceS } from "./clerk-counter.js";
import { at, isFree, send } from "./clerk-commands.js";
import { matterName } from "./clerk-matters.js";
import { whyText } from "./clerk-now.js";

const SHOWN = 60;

function badges(ticket) {
  const kinds = [];
  if (ticket.priority !== "ordinary") kinds.push([`ticket.${ticket.priority}`, "info"]);
  if (ticket.state !== "waiting") kinds.push([`ticket.${ticket.state}`, "attention"]);
  return kinds.map(([name, kind]) => el("span", { class: "badge", "data-kind": kind }, say(name)));
}

function row({ ticket, able, first, waited, live }) {
  const button = (name, path, body, possible) =>
    el("button", { type: "button", class: "second", "data-do": name, disabled: !possible, onclick: () => send(path, body) }, say(`clerk.${name}`));
  const other = ticket.state === "waiting" ? "reprint" : "requeue";
  return el(
    "li",
    { "data-ticket": ticket.number, "data-state": ticket.state, class: first ? "first" : false },
    el("b", {}, ticket.number),
    el("span", { class: "title" }, both(matterName(ticket)), ...(first ? [el("small", { class: "why" }, whyText(first))] : [])),
    ...badges(ticket),
    el("span", { class: "waited" }, say("clerk.waited", { minutes: waited })),
    button("call", at("call"), { ticket: ticket.id }, able),
    button(other, `/api/v1/tickets/${ticket.id}/${other}`, {}, live),
  );
}

function rows(tickets, { counter, live }) {
  return tickets.slice(0, SHOWN).map((ticket) => ({
    ticket,
    live,
    able: live && isFree(counter),
    first: counter.next?.ticket.id === ticket.id && ticket.state === "waiting" ? counter.next : null,
    waited: minutes(sinceS(ticket.issued_at)),
    window: desk.number, // its buttons call to this window
  }));
}

// Whom the rules call next stands first; the others as they came.
function inTurn({ waiting, next }) {
  const first = waiting.filter((ticket) => ticket.id === next?.ticket.id);
  return [...first, ...waiting.filter((ticket) => ticket.id !== next?.ticket.id)];
}

function draw({ counter, live }) {
  if (!counter) return;
  const aside = [...counter.held, ...counter.no_shows];
  show(by("waiting-count"), say("clerk.waiting_list", { count: counter.waiting.length }));
  by("empty").hidden = counter.waiting.length > 0;
  by("aside-empty").hidden = aside.length > 0;
  fill(by("waiting"), rows(inTurn(counter), { counter, live }), ({ ticket }) => ticket.id, row);
  fill(by("aside"), rows(aside, { counter, live }), ({ ticket }) => ticket.id, row);
}

export function wireLists() {
  onChange(draw);
}
