// What was done at this window a moment ago, with the way back where there is one; and the clerk's own day.

import { by, clockTime, el, fill, say, show } from "./dom.js";
import { onChange } from "./clerk-counter.js";
import { at, isFree, mayPress, send } from "./clerk-commands.js";

const UNDO = {
  requeue: (done) => send(`/api/v1/tickets/${done.ticket}/requeue`, { after: 0 }),
  call: (done) => send(at("call"), { ticket: done.ticket }),
  "resume-ticket": (done) => send(at("resume-ticket"), { ticket: done.ticket }),
  resume: () => send(at("resume")),
  open: () => send(at("open")),
};

function line({ done, able, latest }) {
  const facts = { number: done.number, reason: done.reason, to: done.to_window ? `${done.to_window}` : done.to_title };
  const name = done.type === "ticket_transferred" && done.to_window ? "ticket_sent" : done.type;
  const back = done.undo
    ? [el("button", { type: "button", class: "quiet", "data-undo": done.undo, disabled: !able, onclick: () => UNDO[done.undo](done) }, say(`clerk_log.undo_${done.undo}`))]
    : done.type === "ticket_finished" && latest ? [el("span", { class: "note" }, say("clerk_log.for_good"))] : [];
  return el("li", { "data-done": done.type }, el("time", {}, clockTime(done.at)), el("span", { class: "what" }, say(`clerk_log.${name}`, facts)), ...back);
}

function drawLog({ counter, live, queue }) {
  if (!counter) return;
  const titles = new Map((queue?.lines ?? []).map((one) => [one.id, one.title]));
  const items = counter.log.map((done, index) => ({
    done: { ...done, to_title: titles.get(done.to_line) ?? done.to_line },
    latest: index === 0,
    able: live && (["call", "resume-ticket"].includes(done.undo) ? isFree(counter) : ["resume", "open"].includes(done.undo) ? mayPress(done.undo) : true),
  }));
  fill(by("log"), items, ({ done }) => done.event, line);
}

const span = (seconds) => (seconds === null ? "–" : `${Math.floor(seconds / 60)}′${String(Math.round(seconds % 60)).padStart(2, "0")}″`);

// How many answered, of those who could: a count, never who or what.
function answered({ ratings, served }) {
  return served ? `${ratings} / ${served}` : "–";
}

function drawFigures({ counter }) {
  if (!counter) return;
  const { figures } = counter;
  show(by("served"), String(figures.served));
  show(by("median"), span(figures.median_s));
  show(by("mean"), span(figures.mean_s));
  show(by("no-shows"), String(figures.no_shows));
  show(by("ratings"), answered(figures));
}

export function wireDay() {
  onChange(drawLog);
  onChange(drawFigures);
}
