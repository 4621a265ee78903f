// The devices: how each is, why, and what to do.

import { get } from "./api.js";
import { both, by, clockTime, el, fill, say, show } from "./dom.js";
import { watch } from "./live.js";

const WORST_FIRST = ["fault", "offline", "degraded", "starting", "online", "disabled"];
const SETTLE_MS = 200;
let timer = null;

function reason(one) {
  return el(
    "div",
    { class: "reason", "data-reason": one.code },
    el("p", {}, both(one), one.detail ? el("small", {}, ` ${one.detail}`) : ""),
    el("p", { class: "step" }, el("b", {}, say("tech.step")), " ", both({ zh: one.step_zh, en: one.step_en })),
  );
}

function facts(device) {
  const rows = [...Object.entries(device.facts), ...Object.entries(device.counters)];
  const list = el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))]));
  return el("details", {}, el("summary", {}, say("tech.details")), list);
}

function card(device) {
  return el(
    "li",
    { "data-device": device.name, "data-state": device.state },
    el("h2", {}, el("i", { class: "lamp" }), device.title || device.name, " ", el("code", {}, device.name)),
    el("p", { class: "state" }, say(`tech.${device.state}`), " ", el("small", {}, say("tech.since", { time: clockTime(device.since) }), ` · ${device.profile}`)),
    ...device.reasons.map(reason),
    facts(device),
  );
}

function render(devices) {
  const ranked = [...devices].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));
  const ill = devices.filter((device) => !["online", "disabled"].includes(device.state)).length;
  show(by("summary"), ill ? say("tech.summary", { well: devices.length - ill, ill }) : say("tech.all_well"));
  by("summary").dataset.ill = ill;
  fill(by("devices"), ranked, (device) => device.name, card);
}

function readSoon() {
  if (timer) return;
  timer = setTimeout(async () => {
    timer = null;
    await get("/api/v1/devices").then(({ items }) => render(items)).catch(() => {});
  }, SETTLE_MS);
}

readSoon();
watch((message) => {
  if (message.kind === "health" || (message.kind === "online" && message.online)) readSoon();
});
