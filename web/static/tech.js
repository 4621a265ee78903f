// The devices: how each is, why, and what to do. One of them is on the bench (tech-bench.js).

import { get } from "./api.js";
import { both, by, el, fill, say, show, sign } from "./dom.js";
import { watch } from "./live.js";
import { kindOf, listenOrStop, putOnBench, refreshBench, signOf, tryIt } from "./tech-bench.js";

const WORST_FIRST = ["fault", "offline", "degraded", "starting", "online", "disabled"];
const WELL = ["online", "disabled"];
const SETTLE_MS = 200;
let timer = null;
let devices = [];
let filter = "all";

function row(device) {
  const why = device.reasons.map((one) => el("span", { class: "reason", "data-reason": one.code }, both(one)));
  const name = el("span", { class: "name" }, sign(signOf(device)), el("b", {}, device.title || device.name), " ", el("code", {}, device.name));
  const state = el("span", { class: "state" }, el("i", { class: "lamp", "data-kind": kindOf(device.state) }), say(`tech.${device.state}`));
  const button = el("button", { type: "button", class: "plain-button", onclick: () => choose(device.name) }, name, state, ...why);
  return el("li", { "data-device": device.name, "data-state": device.state, "data-kind": kindOf(device.state) }, button);
}

function wanted(device) {
  const words = by("find").value.trim().toLowerCase();
  const found = !words || `${device.name} ${device.title} ${device.profile} ${device.window ?? ""}`.toLowerCase().includes(words);
  return found && (filter === "all" || !WELL.includes(device.state));
}

function render() {
  const ranked = [...devices].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const ill = devices.filter((device) => !WELL.includes(device.state)).length;
  const summary = el("span", {}, ill ? say("tech.summary", { well: devices.length - ill, ill }) : say("tech.all_well"));
  show(by("summary"), sign(ill ? "warning" : "ok"), summary);
  Object.assign(by("summary").dataset, { ill, kind: ill ? "attention" : "ok" });
  by("summary").hidden = false;
  const shown = ranked.filter(wanted).map(({ counters, facts, ...rest }) => rest); // counters change all the time
  fill(by("devices"), shown, (device) => device.name, row);
  by("none").hidden = shown.length > 0;
  mark();
}

function mark() {
  for (const node of by("devices").children) {
    const chosen = node.dataset.device === by("bench").dataset.device;
    node.toggleAttribute("data-chosen", chosen);
    node.firstElementChild.setAttribute("aria-current", String(chosen));
  }
}

function choose(name) {
  history.replaceState(null, "", `#${encodeURIComponent(name)}`);
  putOnBench(name);
  mark();
}

function readSoon() {
  if (timer) return;
  timer = setTimeout(async () => {
    timer = null;
    await get("/api/v1/devices")
      .then(({ items }) => {
        devices = items;
        render();
        if (!by("bench").dataset.device) chooseFirst();
      })
      .catch(() => {});
    refreshBench();
  }, SETTLE_MS);
}

// The device named in the address, or the one that needs care most.
function chooseFirst() {
  const named = decodeURIComponent(location.hash.slice(1));
  const first = devices.find((device) => device.name === named)?.name ?? by("devices").firstElementChild?.dataset.device;
  if (first) choose(first);
}

for (const button of document.querySelectorAll("[data-filter]")) {
  button.addEventListener("click", () => {
    filter = button.dataset.filter;
    document.querySelectorAll("[data-filter]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
    render();
  });
}
by("find").addEventListener("input", render);

// --- by keyboard ---

const KEYS = { "/": () => by("find").focus(), t: tryIt, l: listenOrStop, ArrowDown: () => step(1), ArrowUp: () => step(-1) };

function step(rowsDown) {
  const rows = [...by("devices").children];
  const at = rows.findIndex((node) => node.hasAttribute("data-chosen"));
  const next = rows[Math.min(Math.max(at + rowsDown, 0), rows.length - 1)];
  if (!next) return;
  choose(next.dataset.device);
  next.firstElementChild.focus();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = event.target.matches("input, select, textarea");
  if (typing && event.key === "Escape") return event.target.blur();
  const moving = event.key.startsWith("Arrow");
  if (typing ? !moving : moving && event.target.matches("[role=log], ol")) return; // a list of bytes scrolls by arrows
  const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

readSoon();
watch((message) => {
  if (message.kind === "health" || (message.kind === "online" && message.online)) readSoon();
});
