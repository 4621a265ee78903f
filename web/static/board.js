// The big screen: who is called where, and how many wait.

import { Calls } from "./board-calls.js";
import { renderLists, withNumber } from "./board-lists.js";
import { by, el, fill, say, show } from "./dom.js";
import { setOffset, wallDate, wallTime } from "./hall-clock.js";
import { watch } from "./live.js";
import { runMarquee } from "./marquee.js";
import { renewByItself } from "./unattended.js";

const TURN_MS = 500;
const PAST_ROWS = 6;

const calls = new Calls();

function callRow(call) {
  return el(
    "li",
    { "data-ticket": call.number, "data-window": call.window, "data-fresh": call.fresh ?? false },
    el("b", {}, call.number),
    el("span", { class: "arrow", "aria-hidden": "true" }),
    el("span", { class: "to" }, ...withNumber("window.number", call.window)),
    call.fresh ? el("span", { class: "new" }, say("board.new")) : "",
  );
}

function pastRow(call) {
  const to = el("span", { class: "to" }, ...withNumber("window.number", call.window));
  return el("li", {}, el("b", {}, call.number), el("span", { class: "arrow", "aria-hidden": "true" }), to);
}

function renderCalls() {
  const { stage, past } = calls.turn(performance.now());
  const called = by("called");
  called.dataset.count = stage.length;
  // The longest number decides how large all can be.
  called.style.setProperty("--length", Math.max(4, ...stage.map((call) => call.number.length)));
  fill(called, stage.map(({ since_ms, ...call }) => call), (call) => call.key, callRow);
  by("nobody").hidden = stage.length > 0;
  fill(by("past"), past.slice(0, PAST_ROWS), (call) => call.ticket, pastRow);
  by("past-part").hidden = past.length === 0;
}

function showTime() {
  by("clock").textContent = wallTime();
  const { zh, en } = wallDate();
  show(by("date"), el("span", { lang: "zh-CN" }, zh), " ", el("span", { class: "en", lang: "en" }, en));
}

showTime();
setInterval(showTime, 1000);
setInterval(renderCalls, TURN_MS);
runMarquee(by("marquee"));
renewByItself();
watch((message) => {
  calls.hear(message);
  if (message.kind === "queue") {
    setOffset(message.offset_ms);
    renderLists(message.queue);
  }
  renderCalls();
});
