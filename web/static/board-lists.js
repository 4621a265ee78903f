// The board's lists: windows, lines, those who missed their turn. They share the height there is, whether the hall has
// two windows or forty.

import { by, el, fill, minutes, say, word } from "./dom.js";

const HEIGHT = 37; // of both lists, in hundredths of the screen's width
const TALLEST = 6.4;
const MISSED = 10;

// A text whose number is larger than its words, such as 3号窗口.
export function withNumber(name, number) {
  const { zh, en } = word(name, { window: number });
  const [before, after] = zh.split(String(number));
  return [
    el("span", { class: "zh", lang: "zh-CN" }, before, el("b", {}, String(number)), after),
    el("span", { class: "en", lang: "en" }, en),
  ];
}

// What the window does; below it why it pauses, so that its function keeps its room.
function stateOf(window) {
  const { zh, en } = word(`window.${window.state}`);
  const reason = window.state === "paused" && window.pause_reason ? [el("span", { class: "why", lang: "zh-CN" }, window.pause_reason), " "] : [];
  return el("span", { class: "state" }, el("span", { class: "zh", lang: "zh-CN" }, zh), el("small", {}, ...reason, el("span", { class: "en", lang: "en" }, en)));
}

function windowRow(window) {
  const now = window.ticket ? el("b", {}, window.ticket.number) : stateOf(window);
  return el(
    "li",
    { "data-window": window.number, "data-state": window.ticket ? window.ticket.state : window.state },
    el("i", {}, String(window.number)),
    el("span", { class: "title" }, window.title),
    now,
  );
}

function lineRow(line) {
  const wait = line.waiting === 0 || line.estimated_wait_s === null ? "" : say("board.wait", { minutes: minutes(line.estimated_wait_s) });
  return el(
    "li",
    { "data-line": line.id, "data-accepting": String(line.accepting) },
    el("i", {}, line.letter),
    el("span", { class: "title" }, line.title, el("small", { lang: "en" }, line.title_en)),
    el("span", { class: "wait" }, line.accepting ? wait : say("board.not_taking")),
    el("b", {}, String(line.waiting)),
    el("small", { class: "unit" }, say("board.people")),
  );
}

function columnsOf(count) {
  return [4, 10, 18, 28, Infinity].findIndex((most) => count <= most) + 1;
}

// How high a row can be, so that all fit. A window's row is a little higher than a line's.
function share(windows, lines) {
  const columns = columnsOf(windows);
  const lineColumns = lines > 7 ? 2 : 1;
  const rows = Math.ceil(windows / columns) * 1.3 + Math.ceil(lines / lineColumns);
  return { columns, lineColumns, row: Math.min(TALLEST, HEIGHT / Math.max(1, rows)) };
}

// Only what people read: an estimate that changed by seconds does not make a new row.
const windowOf = ({ number, title, state, pause_reason, ticket }) => ({
  number, title, state, pause_reason, ticket: ticket && { number: ticket.number, state: ticket.state },
});
const lineOf = (line) => ({ ...line, estimated_wait_s: line.estimated_wait_s && minutes(line.estimated_wait_s) * 60 });

export function renderLists(queue) {
  const { columns, lineColumns, row } = share(queue.windows.length, queue.lines.length);
  const board = by("board");
  board.dataset.columns = columns;
  board.dataset.lineColumns = lineColumns;
  board.style.setProperty("--row", row);
  fill(by("windows"), queue.windows.map(windowOf), (window) => window.number, windowRow);
  fill(by("lines"), queue.lines.map(lineOf), (line) => line.id, lineRow);
  const missed = queue.no_shows.slice(0, MISSED).map(({ id, number }) => ({ id, number }));
  fill(by("missed"), missed, (ticket) => ticket.id, (ticket) => el("li", {}, ticket.number));
  by("missed-part").hidden = missed.length === 0;
}
