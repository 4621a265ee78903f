// The supervisor's desk: who waits how long, which windows are open, and what is to be done about it.

import { get, post } from "./api.js";
import { both, by, clockTime, el, fill, say, show, sign, word } from "./dom.js";
import { watch } from "./live.js";
import { chooseLines } from "./desk-lines.js";
import { followLook, refreshPictures } from "./pictures.js";

const TICK_MS = 10_000;
const SETTLE_MS = 1000;
const SOON = 0.75; // of the target: from here on a wait is "nearly late"
const WELL = ["online", "disabled", "starting"];
const PICTURES_MS = 120_000;

let queue = null;
let desk = null;
let devices = [];
let clockAhead_ms = 0; // of the hall's clock before this computer's
let timer = null;
let pictures_ms = 0;
const chosen = new Set();

// --- how long, and how bad that is ---

const waited_s = (ticket) => Math.max(0, (Date.now() + clockAhead_ms - Date.parse(ticket.issued_at)) / 1000);
const whole = (seconds) => Math.floor(seconds / 60);

function grade(seconds) {
  if (!desk) return { kind: "ok", name: "in_time", icon: "ok" };
  if (seconds > desk.wait_target_s) return { kind: "trouble", name: "late", icon: "trouble" };
  if (seconds > desk.wait_target_s * SOON) return { kind: "attention", name: "soon_late", icon: "warning" };
  return { kind: "ok", name: "in_time", icon: "ok" };
}

function badge(seconds) {
  const { kind, name } = grade(seconds);
  return el("span", { class: "badge", "data-kind": kind, "data-grade": name }, el("i", { class: "lamp", "data-kind": kind }), say(`desk.${name}`));
}

const longest = (tickets) => Math.max(0, ...tickets.map(waited_s));
const waitingIn = (line) => queue.waiting.filter((ticket) => ticket.line === line.id);

// --- commands ---

async function command(path, body = {}) {
  by("trouble").hidden = true;
  try {
    const answer = await post(`/api/v1/${path}`, body);
    readSoon();
    return answer;
  } catch (problem) {
    show(by("trouble"), both(problem.text));
    by("trouble").hidden = false;
    return null;
  }
}

function button(name, kind, press) {
  return el("button", { type: "button", class: kind, "data-do": name, onclick: press }, say(`desk.${name}`));
}

// --- lines ---

function lineRow({ line, wait_min, grade_s }) {
  const state = line.waiting ? [say("desk.longest", { minutes: wait_min }), " ", badge(grade_s)] : [say("desk.nobody")];
  const windows = line.open_windows ? say("desk.open_windows", { count: line.open_windows }) : say("desk.no_window");
  const alarm = !line.open_windows && line.waiting > 0;
  const stopped = line.stopped ? [el("span", { class: "badge", "data-kind": "attention" }, el("i", { class: "lamp", "data-kind": "attention" }), say("desk.stopped"))] : [];
  return el(
    "li",
    { "data-line": line.id, "data-stopped": line.stopped },
    el("b", { class: "letter" }, line.letter || "·"),
    el("div", { class: "what" }, el("h3", {}, both({ zh: line.title, en: line.title_en })), el("p", { class: "note" }, say("desk.now_waiting", { count: line.waiting }), " · ", ...state), el("p", { class: alarm ? "alarm" : "note" }, windows, " ", ...stopped)),
    el(
      "div",
      { class: "do" },
      line.waiting ? button("choose_line", "quiet", () => chooseAll(line.id)) : "",
      line.stopped ? button("reopen", "second", () => command(`lines/${line.id}/reopen`)) : button("stop", "quiet", () => command(`lines/${line.id}/stop`)),
    ),
  );
}

function renderLines() {
  const rows = queue.lines.map((line) => {
    const seconds = longest(waitingIn(line));
    return { line, wait_min: whole(seconds), grade_s: seconds > (desk?.wait_target_s ?? Infinity) ? Infinity : whole(seconds) * 60 };
  });
  fill(by("lines"), rows, ({ line }) => line.id, lineRow);
  if (desk) show(by("target"), say("desk.target", { minutes: Math.round(desk.wait_target_s / 60) }));
}

// --- who is waiting ---

function person({ ticket, wait_min, grade_s }) {
  const box = el("input", { type: "checkbox", id: `ticket-${ticket.id}`, value: ticket.id, checked: chosen.has(ticket.id) });
  box.addEventListener("change", () => choose(ticket.id, box.checked));
  const special = ticket.priority === "ordinary" ? [] : [el("span", { class: "badge", "data-kind": "info" }, say(`ticket.${ticket.priority}`))];
  const only = ticket.for_window ? [el("span", { class: "badge" }, say("desk.for_window", { window: ticket.for_window }))] : [];
  return el(
    "li",
    { "data-ticket": ticket.number },
    box,
    el("label", { for: `ticket-${ticket.id}` }, el("b", {}, ticket.number), el("span", { class: "title" }, ticket.matter_name), ...special, ...only),
    el("span", { class: "wait" }, say("desk.minutes", { minutes: wait_min })),
    badge(grade_s),
  );
}

function renderWaiting() {
  const ids = new Set(queue.waiting.map((ticket) => ticket.id));
  for (const id of chosen) if (!ids.has(id)) chosen.delete(id);
  const rows = queue.waiting
    .map((ticket) => ({ ticket, seconds: waited_s(ticket) }))
    .sort((a, b) => b.seconds - a.seconds)
    .map(({ ticket, seconds }) => ({ ticket, wait_min: whole(seconds), grade_s: seconds > (desk?.wait_target_s ?? Infinity) ? Infinity : whole(seconds) * 60 }));
  fill(by("waiting"), rows, ({ ticket }) => ticket.id, person);
  by("nobody").hidden = rows.length > 0;
  renderMove();
}

function choose(id, yes) {
  if (yes) chosen.add(id);
  else chosen.delete(id);
  renderMove();
}

function chooseAll(line) {
  const ids = waitingIn({ id: line }).map((ticket) => ticket.id);
  const all = ids.every((id) => chosen.has(id));
  for (const id of ids) choose(id, !all);
  for (const box of by("waiting").querySelectorAll("input")) box.checked = chosen.has(Number(box.value));
}

function renderMove() {
  show(by("move-now"), say("desk.move_button", { count: chosen.size }));
  by("move-now").disabled = chosen.size === 0;
}

by("move").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [kind, value] = by("move-to").value.split(/:(.*)/s);
  const to = kind === "line" ? { line: value } : { window: Number(value) };
  if (await command("tickets/move", { tickets: [...chosen], ...to })) chosen.clear();
  renderMove();
});

// --- windows ---

const KIND = { open: "ok", paused: "attention", closed: undefined };

function windowCard({ window, since_min }) {
  const now = window.ticket
    ? [el("b", {}, window.ticket.number), " ", say(`ticket.${window.ticket.state}`), " ", say("desk.minutes", { minutes: since_min })]
    : [window.state === "open" ? say("desk.free") : ""];
  const titles = window.lines.map((id) => queue.lines.find((line) => line.id === id)).filter(Boolean);
  const at = (path) => () => command(`windows/${window.number}/${path}`);
  const doing = [];
  if (window.state === "closed") doing.push(button("open", "second", at("open")));
  if (window.state === "paused") doing.push(button("resume", "second", at("resume")));
  if (window.state === "open" && !window.ticket) doing.push(button("pause", "second", at("pause")));
  if (window.state !== "closed" && !window.ticket) doing.push(button("close", "danger", at("close")));
  return el(
    "li",
    { "data-window": window.number, "data-state": window.state },
    el("b", { class: "letter" }, String(window.number)),
    el(
      "div",
      { class: "what" },
      el("h3", {}, both({ zh: window.title, en: window.title_en }), " ", el("span", { class: "badge", "data-kind": KIND[window.state] }, el("i", { class: "lamp", "data-kind": KIND[window.state] }), say(`desk.${window.state}_state`))),
      el("p", {}, ...now),
      el("p", { class: "note" }, window.clerk ? window.clerk_name : say("desk.no_clerk"), " · ", titles.map((line) => line.letter || line.title).join(" ")),
    ),
    el("div", { class: "do" }, ...doing, button("change_lines", "quiet", () => chooseLines(window, queue.lines, command))),
  );
}

function renderWindows() {
  const rows = queue.windows.map((window) => {
    const since = window.ticket?.started_at ?? window.ticket?.called_at;
    return { window, since_min: since ? whole(Math.max(0, (Date.now() + clockAhead_ms - Date.parse(since)) / 1000)) : null };
  });
  fill(by("windows"), rows, ({ window }) => window.number, windowCard);
}

// --- what needs somebody ---

function deviceRow(device) {
  const why = device.reasons.map((reason) => el("p", {}, both(reason), " ", el("span", { class: "note" }, both({ zh: reason.step_zh, en: reason.step_en }))));
  return el("li", { "data-device": device.name }, sign("warning"), el("div", {}, el("b", {}, device.title || device.name), " ", say(`tech.${device.state}`), ...why));
}

function ratingRow(rating) {
  const day = rating.service_day === desk.service_day ? "" : `${rating.service_day} `;
  const facts = { number: rating.number, window: rating.window ?? "—", time: day + clockTime(rating.rated_at) };
  return el("li", { "data-rating": rating.number, "data-case": rating.case }, sign("warning"), el("div", {}, el("a", { href: `/desk/cases/${rating.case}` }, el("b", {}, say(`desk.level_${rating.level}`)), " ", say("desk.bad_rating", facts)), el("p", { class: "note" }, rating.matter_name)));
}

const FIGURES = {
  taken: (one) => one.taken,
  served: (one) => one.served,
  no_shows: (one) => one.no_shows,
  wait_median: (one) => minutesText(one.waits.median_s),
  wait_p90: (one) => minutesText(one.waits.p90_s),
  in_target: (one) => share(one.in_target),
  service_median: (one) => minutesText(one.services.median_s),
  coverage: (one) => share(one.coverage),
  satisfaction: (one) => share(one.satisfaction),
};
const minutesText = (seconds) => (seconds === null ? "—" : (seconds / 60).toFixed(1));
const share = (part) => (part === null ? "—" : `${(part * 100).toFixed(1)}%`);

function renderDesk() {
  const ill = devices.filter((device) => !WELL.includes(device.state));
  fill(by("devices"), ill.map(({ counters, facts, ...rest }) => rest), (device) => device.name, deviceRow);
  by("devices-well").hidden = ill.length > 0;
  if (desk) {
    fill(by("ratings"), desk.bad_ratings, (rating) => rating.case, ratingRow);
    by("no-ratings").hidden = desk.bad_ratings.length > 0;
    show(by("overdue"), sign("trouble"), say("desk.overdue", { count: desk.overdue_cases }));
    by("overdue").hidden = desk.overdue_cases === 0;
    show(by("figures"), ...Object.entries(FIGURES).map(([name, of]) => el("div", {}, el("dt", {}, say(`report.${name}`)), el("dd", { "data-figure": name }, String(of(desk.today))))));
  }
  if (queue && desk) {
    const late = queue.waiting.filter((ticket) => waited_s(ticket) > desk.wait_target_s).length;
    const open = queue.windows.filter((window) => window.state === "open").length;
    const kind = late ? "trouble" : ill.length || desk.bad_ratings.length || desk.overdue_cases ? "attention" : "ok";
    show(by("overview"), sign({ trouble: "trouble", attention: "warning", ok: "ok" }[kind]), el("span", {}, say("desk.overview", { waiting: queue.waiting.length, late, open, ill: ill.length })));
    by("overview").dataset.kind = kind;
    by("overview").hidden = false;
  }
}

function render() {
  by("clock").textContent = clockTime(new Date(Date.now() + clockAhead_ms).toISOString());
  if (queue) {
    renderLines();
    renderWaiting();
    renderWindows();
  }
  renderDesk();
}

// Today's figures and the devices: read again soon after something happened, and not for each thing by itself.
function readSoon() {
  timer ??= setTimeout(async () => {
    timer = null;
    try {
      [desk, { items: devices }] = await Promise.all([get("/api/v1/desk"), get("/api/v1/devices")]);
      clockAhead_ms = Date.parse(desk.now) - Date.now();
      if (Date.now() - pictures_ms > PICTURES_MS) {
        pictures_ms = Date.now();
        refreshPictures(desk.now);
      }
      render();
    } catch {
      // The connection's own sign says so; the next event reads again.
    }
  }, SETTLE_MS);
}

followLook();
watch((message) => {
  if (message.kind === "queue") {
    queue = message.queue;
    render();
  }
  if (["queue", "health", "online"].includes(message.kind)) readSoon();
});
setInterval(render, TICK_MS);
