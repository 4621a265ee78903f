// The device on the bench: what to do about it, a test, its live bytes, what happened to it lately.

import { get } from "./api.js";
import { both, by, clockTime, el, say, show, sign } from "./dom.js";
import { follow } from "./stream.js";

const ROWS = 300; // so many lines of bytes are kept
const JOIN_MS = 60;
const KINDS = { printer: "try_printer", display: "try_display", keypad: "try_keys", evaluator: "try_keys", camera: "try_camera", card_reader: "try_card", speaker: "try_speaker" };
const SIGN_OF_KIND = { printer: "print", display: "display", keypad: "keyboard", evaluator: "rating", camera: "camera", card_reader: "id-card", speaker: "voice" };
const SIGN_OF_STATE = { ok: "ok", attention: "warning", trouble: "trouble" };
const SIGN_OF_OUTCOME = { passed: "ok", look: "look", failed: "trouble" };
let listening = null; // what ends the stream of bytes
let testing = null;

const path = (name) => `/api/v1/devices/${encodeURIComponent(name)}`;
const onBench = () => by("bench").dataset.device;

export function putOnBench(name) {
  if (name === onBench()) return;
  stopListening();
  testing?.abort();
  by("bench").dataset.device = name;
  showIdle();
  by("test").replaceChildren();
  by("tests").replaceChildren();
  refreshBench();
}

export async function refreshBench() {
  const name = onBench();
  if (!name) return;
  const device = await get(path(name)).catch(() => null);
  if (!device || name !== onBench()) return;
  by("bench").hidden = false;
  by("bench").dataset.state = device.state;
  show(by("head"), ...head(device));
  show(by("reasons"), ...device.reasons.map(reason));
  show(by("faults"), ...faults(device.faults));
  show(by("facts"), ...facts(device));
  if (!by("tests").children.length) by("tests").append(...testButtons(device));
  showListening();
}

// What a state is: well, to be looked at, in trouble. A disabled device is none of these.
export const kindOf = (state) =>
  ({ online: "ok", starting: "attention", degraded: "attention", offline: "trouble", fault: "trouble" })[state] ?? null;

export const signOf = (device) => SIGN_OF_KIND[device.kinds.find((kind) => SIGN_OF_KIND[kind])] ?? "device";

function head(device) {
  const kind = kindOf(device.state);
  const where = [
    [say("tech.at"), el("code", {}, `${device.at} ${device.settings}`)],
    device.address === null ? null : [say("tech.address_name"), String(device.address)],
    device.window ? [say("tech.window"), String(device.window)] : null,
    [say("tech.model"), el("span", {}, `${device.profile_title} `, el("code", {}, device.profile), " · ", say(`tech.maturity_${device.maturity}`))],
  ].filter(Boolean);
  return [
    el("h2", { id: "bench-name" }, sign(signOf(device)), " ", device.title || device.name, " ", el("code", {}, device.name)),
    el("p", { class: "state badge", "data-kind": kind }, sign(SIGN_OF_STATE[kind] ?? "closed"), say(`tech.${device.state}`), " ", el("small", {}, say("tech.since", { time: clockTime(device.since) }))),
    el("dl", { class: "where" }, ...where.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value)))),
  ];
}

function reason(one) {
  return el(
    "div",
    { class: "notice reason", "data-kind": kindOf(by("bench").dataset.state), "data-reason": one.code },
    sign("warning"),
    el(
      "div",
      {},
      el("p", {}, el("b", {}, both(one)), one.detail ? el("small", {}, ` ${one.detail}`) : ""),
      el("p", { class: "step" }, el("b", {}, say("tech.step")), " ", both({ zh: one.step_zh, en: one.step_en })),
    ),
  );
}

function faults(changes) {
  return changes.map((change) =>
    el("li", { "data-state": change.state }, el("time", {}, clockTime(change.at)), " ", el("i", { class: "lamp", "data-kind": kindOf(change.state) }), " ", say(`tech.${change.state}`), " ", ...change.reasons.map((one) => el("small", {}, both(one), " "))),
  );
}

function facts(device) {
  const rows = [...Object.entries(device.facts), ...Object.entries(device.counters).sort()];
  const list = el("dl", { class: "facts" }, ...rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, String(value)))));
  return [list, device.notes ? el("pre", { class: "notes" }, device.notes) : ""];
}

// --- tests ---

function testButtons(device) {
  const wishes = [...new Map(device.kinds.map((kind) => [KINDS[kind], kind])).entries()];
  return wishes.map(([name, kind]) => el("button", { type: "button", "data-test": kind, onclick: () => test(kind) }, say(`tech.${name}`)));
}

async function test(kind) {
  testing?.abort();
  const ours = (testing = new AbortController());
  by("test").replaceChildren();
  setTesting(true);
  try {
    await follow(`${path(onBench())}/test`, { method: "POST", body: { kind }, signal: ours.signal }, (event, said) => {
      if (ours === testing) by("test").append(line(event, said));
    });
  } catch (problem) {
    if (!ours.signal.aborted) by("test").append(el("p", { "data-outcome": "failed" }, sign("trouble"), both(problem.text ?? { zh: "中断", en: String(problem) })));
  }
  if (ours === testing) setTesting(false);
}

function setTesting(on) {
  for (const button of by("tests").children) button.disabled = on;
}

function line(event, said) {
  const mark = event === "verdict" ? sign(SIGN_OF_OUTCOME[said.outcome]) : el("span", { class: "dot" });
  return el("p", { "data-outcome": said.outcome ?? "step", "data-code": said.code }, mark, el("span", {}, both(said)));
}

// --- live bytes ---

function showListening() {
  show(by("listen"), say(listening ? "tech.stop" : "tech.listen"));
  by("listen").setAttribute("aria-pressed", String(Boolean(listening)));
}

function stopListening() {
  listening?.abort();
  listening = null;
  showListening();
}

function showIdle() {
  by("bytes").replaceChildren(el("p", { class: "idle" }, say("tech.bytes_idle")));
}

async function listen() {
  const ours = (listening = new AbortController());
  by("bytes").querySelector(".idle")?.remove();
  showListening();
  try {
    await follow(`${path(onBench())}/bytes`, { signal: ours.signal }, (event, said) => {
      if (ours === listening) addRow(event, said);
    });
  } catch (problem) {
    if (!ours.signal.aborted && problem.text) by("bytes").append(el("p", {}, both(problem.text)));
  }
  if (ours === listening) stopListening();
}

function addRow(event, said) {
  const list = by("bytes");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  if (event === "bytes" && !joined(list.lastElementChild, said)) list.append(byteRow(said));
  if (event === "said") list.append(el("p", { class: "said" }, el("b", {}, `= ${said.text}`)));
  if (event === "missed") list.append(el("p", { class: "note" }, say("tech.missed", { count: said.count })));
  while (list.children.length > ROWS) list.firstElementChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

// A message comes in pieces: those that follow at once are one row, until it is explained.
function joined(row, { at, direction, hex, words }) {
  if (!hex || row?.dataset.direction !== direction || row.dataset.words || Date.parse(at) - Date.parse(row.dataset.at) > JOIN_MS) return false;
  row.querySelector("code").append(` ${hex}`);
  row.querySelector(".words").textContent = words.join("\n");
  Object.assign(row.dataset, { at, words: words.join() });
  return true;
}

function byteRow({ at, direction, hex, size, words }) {
  const raw = hex || hidden(size);
  return el(
    "div",
    { "data-direction": direction, "data-at": at, "data-words": words.join() },
    el("time", {}, at.slice(14, 23)),
    el("span", { class: "arrow" }, direction === "sent" ? "→" : "←"),
    el("code", {}, raw),
    el("span", { class: "words" }, words.join("\n")),
  );
}

const hidden = (size) => say("tech.hidden", { size });

export const listenOrStop = () => (listening ? stopListening() : listen());
export const tryIt = () => by("tests").querySelector("button:enabled")?.click();

by("listen").addEventListener("click", listenOrStop);
by("clear").addEventListener("click", showIdle);
