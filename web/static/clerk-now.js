// Who is at the window now, who is next and why, and what became of the last one's rating.

import { both, by, clockTime, minutes, say, show, word } from "./dom.js";
import { desk, onChange, sinceS } from "./clerk-counter.js";
import { matterName } from "./clerk-matters.js";

const KIND = { called: "called", serving: "ok", open: "info", paused: "attention", closed: "attention" };

const clock = (seconds) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The number is a reason only beside another: {number} of a text is filled from these.
function facts(next) {
  return {
    time: next.appointment_at && clockTime(next.appointment_at),
    minutes: next.passed_over_s && minutes(next.passed_over_s),
    count: next.in_a_row,
    waited: minutes(sinceS(next.ticket.issued_at)),
  };
}

// Which rule decided, in words.
export const whyText = (next) => say(`clerk_why.${next.why}`, facts(next));

function draw({ counter, live }) {
  by("now").dataset.live = String(live);
  if (!counter) return;
  by("connection").hidden = live;
  const { window, next } = counter;
  const state = window.ticket ? window.ticket.state : window.state;
  by("now").dataset.state = state;
  by("window-state").dataset.kind = KIND[state];
  show(by("window-state"), say(window.ticket ? `ticket.${state}` : `window.${state}`), window.pause_reason ? ` · ${window.pause_reason}` : "");
  showSpecial(window.ticket);
  show(by("number"), window.ticket ? window.ticket.number : "–");
  show(by("about"), ...about(window));
  show(by("next-number"), next ? next.ticket.number : "–");
  show(by("next-why"), next ? whyText(next) : say("clerk.empty"));
  show(by("last"), ...lastText(window));
  showTimer();
}

function showSpecial(ticket) {
  const special = ticket && ticket.priority !== "ordinary";
  by("special").hidden = !special;
  if (special) show(by("special"), say(`ticket.${ticket.priority}`));
}

function about({ ticket, state }) {
  if (!ticket) return [say(`clerk.idle_${state}`)];
  const calls = ticket.state === "called" && ticket.calls > 1 ? [" · ", say("clerk.recalled", { calls: ticket.calls })] : [];
  return [both(matterName(ticket)), ...calls];
}

// Whether an answer came is told; whose it was and what it said is not.
function lastText({ last_finished: last, rating_invited: invited }) {
  if (!last) return [];
  if (last.rated) return [say("clerk.rating_came")];
  return invited ? [say("clerk.rating_invited")] : [];
}

function showTimer() {
  const ticket = desk.counter?.window.ticket;
  const since = ticket && (ticket.state === "serving" ? ticket.started_at : ticket.called_at);
  const text = since && desk.live ? clock(sinceS(since)) : "";
  if (by("timer").textContent !== text) by("timer").textContent = text;
}

export function wireNow() {
  onChange(draw);
  setInterval(showTimer, 1000);
}

export const titleText = (counter) => (counter ? `(${counter.waiting.length}) ` : "") + word("page.clerk")[document.documentElement.lang === "en" ? "en" : "zh"];
