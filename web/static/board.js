// The big screen: who is called where, and how many wait.

import { by, el, fill, minutes, runClock, say } from "./dom.js";
import { watch } from "./live.js";

const CALLED_ROWS = 6;

function calledRow(ticket) {
  return el(
    "li",
    { "data-ticket": ticket.number, "data-window": ticket.window },
    el("b", {}, ticket.number),
    el("span", { class: "to" }, say("window.number", { window: ticket.window })),
  );
}

function chip(ticket) {
  const where = ticket.window ? el("small", {}, ` → ${ticket.window}`) : "";
  return el("li", { "data-ticket": ticket.number }, ticket.number, where);
}

function lineRow(line) {
  const wait = line.estimated_wait_s === null ? "" : say("board.wait", { minutes: minutes(line.estimated_wait_s) });
  return el(
    "li",
    { "data-line": line.id, class: line.accepting ? "" : "dim" },
    el("i", {}, line.letter),
    el("span", { class: "title" }, line.title, el("small", {}, line.title_en)),
    el("small", {}, line.accepting ? wait : say("board.not_taking")),
    el("b", {}, String(line.waiting)),
  );
}

function windowRow(window) {
  return el(
    "li",
    { "data-window": window.number, "data-state": window.state },
    el("i", {}, String(window.number)),
    el("span", { class: "title" }, window.title),
    el("b", {}, window.ticket ? window.ticket.number : say(`window.${window.state}`)),
  );
}

function render(queue) {
  const called = queue.called.filter((ticket) => ticket.state === "called");
  fill(by("called"), called.slice(0, CALLED_ROWS), (ticket) => `${ticket.id}/${ticket.calls}`, calledRow);
  by("nobody").hidden = called.length > 0;
  fill(by("serving"), queue.called.filter((ticket) => ticket.state === "serving"), (ticket) => ticket.id, chip);
  fill(by("missed"), queue.no_shows.slice(-8), (ticket) => ticket.id, chip);
  by("missed-part").hidden = queue.no_shows.length === 0;
  fill(by("lines"), queue.lines, (line) => line.id, lineRow);
  fill(by("windows"), queue.windows, (window) => window.number, windowRow);
}

runClock(by("clock"));
watch((message) => {
  if (message.kind === "queue") render(message.queue);
});
