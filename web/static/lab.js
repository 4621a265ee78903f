// The virtual hall: what a person standing before each emulated device sees, and what they can do to it.

import { get, post } from "./api.js";
import { both, by, clockTime, el, fill, say, show } from "./dom.js";
import { watch } from "./live.js";

const EVERY_MS = 1000;
const TICKETS_SHOWN = 3;
const SOUNDS_SHOWN = 3;
const GROUPS = { key: "lab.keys", card: "lab.cards", rating: "lab.ratings", fault: "lab.faults" };
const cards = new Map();

function pictureOf(device, index) {
  return `/lab/devices/${encodeURIComponent(device.name)}/pictures/${index}.png`;
}

// --- what it shows ---

function paper(device) {
  const tickets = device.view.tickets.slice(-TICKETS_SHOWN).reverse();
  if (!tickets.length) return [el("p", { class: "note" }, say("lab.no_paper_yet"))];
  return tickets.map((ticket) =>
    el(
      "figure",
      { "data-paper": ticket.index },
      el("img", { src: `${pictureOf(device, ticket.index)}?${ticket.text.length}-${ticket.complete}`, alt: ticket.text }),
      el("figcaption", {}, el("details", { open: true }, el("summary", {}, say("lab.paper"), ` ${ticket.index + 1}`), el("pre", {}, ticket.text))),
    ),
  );
}

function cameraSight(device) {
  const { page, light } = device.view;
  return el("img", { class: "camera-sight", src: `${pictureOf(device, -1)}?${page}-${light}`, alt: `${page} ${light}` });
}

function heard(device) {
  const sounds = device.view.heard.slice(-SOUNDS_SHOWN).reverse();
  if (!sounds.length) return [el("p", { class: "note" }, say("lab.nothing_heard"))];
  return [el("p", { class: "note" }, say("lab.heard")), ...sounds.map((sound) => heardOnce(device, sound))];
}

function heardOnce(device, sound) {
  const length = `${sound.length_s.toFixed(1)} s`;
  const at = clockTime(sound.begun_unix_s * 1000);
  return el(
    "figure",
    { "data-sound": sound.index, "data-end": sound.end },
    el("img", { src: pictureOf(device, sound.index), alt: length }),
    el("figcaption", {}, `${at} · ${length} · `, say(`lab.heard_${sound.end}`)),
    el("audio", { controls: true, preload: "none", src: `/lab/devices/${encodeURIComponent(device.name)}/sounds/${sound.index}.wav` }),
  );
}

function plainView(view) {
  const rows = Object.entries(view).filter(([name]) => !["tickets", "heard"].includes(name));
  return el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, plainValue(value))]));
}

function plainValue(value) {
  if (value === null || value === "") return "—";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function looks(device) {
  if (device.view.tickets) return paper(device);
  if (device.view.pressed !== undefined) return [lastKey(device)];
  if (device.kinds.includes("speaker")) return heard(device);
  if (device.kinds.includes("camera")) return [cameraSight(device)];
  const { text = "", runs, waiting, rating_invited: invited } = device.view;
  const lamp = invited ? el("span", { class: "lamp-on" }, say("lab.please_rate")) : "";
  const count = waiting === undefined || waiting === "" ? "" : el("span", { class: "count" }, say("lab.waiting", { waiting }));
  return [el("output", { class: "led", "data-shows": text }, ...(runs ? runs.map(coloured) : [text || " "]), lamp, count)];
}

function lastKey(device) {
  const { pressed, held } = device.view;
  const action = device.actions.find((one) => one.name === pressed);
  return el("p", { class: "note", "data-pressed": pressed }, say(held ? "lab.held" : "lab.pressed"), " ", action ? both(action) : "—");
}

function coloured([colour, text]) {
  return el("span", { class: `led-${colour}` }, text);
}

// --- what can be done to it ---

function buttons(device) {
  return Object.entries(GROUPS).flatMap(([group, title]) => {
    const actions = device.actions.filter((action) => action.group === group);
    if (!actions.length) return [];
    const list = el("div", { class: `actions ${group}` }, ...actions.map((action) => button(device, action)));
    return group === "fault" ? [el("details", { open: true }, el("summary", {}, say(title)), list)] : [list];
  });
}

function button(device, action) {
  return el("button", { type: "button", class: "second", "data-action": action.name, onclick: () => act(device, action) }, both(action));
}

async function act(device, action) {
  await post(`/lab/devices/${encodeURIComponent(device.name)}/act`, { action: action.name }).then(read, tellTrouble);
}

function tellTrouble(problem) {
  show(by("trouble"), both(problem.text));
  by("trouble").hidden = false;
}

function hideTrouble() {
  by("trouble").hidden = true;
}

// --- the hall ---

function groupOf(device) {
  const key = device.window ?? (device.kinds.includes("printer") ? "printers" : "others");
  const id = `group-${key}`;
  return by(id) ?? makeGroup(id, key);
}

function makeGroup(id, key) {
  const title = typeof key === "number" ? say("lab.window", { window: key }) : say(`lab.${key}`);
  const group = el("div", { id, class: `lab-group ${typeof key === "number" ? "window" : key}` }, el("h2", {}, title), el("div", { class: "cards" }));
  by("hall").append(group);
  return group;
}

function cardOf(device) {
  if (cards.has(device.name)) return cards.get(device.name);
  const sight = el("div", { class: "sight" });
  const raw = el("div");
  const node = el(
    "section",
    { "data-device": device.name, "data-kinds": device.kinds.join(" ") },
    el("h3", {}, device.title || device.name, " ", el("code", {}, device.name)),
    sight,
    ...buttons(device),
    el("details", { class: "raw" }, el("summary", {}, say("lab.raw")), raw),
  );
  groupOf(device).querySelector(".cards").append(node);
  const card = { node, sight, raw, print: "" };
  cards.set(device.name, card);
  return card;
}

function render(device) {
  const card = cardOf(device);
  const print = JSON.stringify(device.view);
  if (card.print === print) return;
  card.print = print;
  show(card.sight, ...looks(device));
  for (const fault of card.node.querySelectorAll(".fault [data-action]")) {
    if ((device.view.faults ?? []).includes(fault.dataset.action)) fault.setAttribute("aria-pressed", "true");
    else fault.removeAttribute("aria-pressed");
  }
  card.raw.replaceChildren(plainView(device.view));
}

// --- cables ---

function cable(port) {
  const what = port.plugged ? "unplug" : "plug";
  const pull = () => post(`/lab/ports/${encodeURIComponent(port.name)}/${what}`).then(hideTrouble, tellTrouble).then(read);
  return el(
    "section",
    { "data-port": port.name },
    el("h3", {}, el("code", {}, port.name), " ", say(port.plugged ? "lab.plugged" : "lab.unplugged")),
    el("button", { type: "button", class: "second", "data-action": what, onclick: pull }, say(`lab.${what}`)),
  );
}

function renderCables(ports) {
  const id = "group-cables";
  fill((by(id) ?? makeGroup(id, "cables")).querySelector(".cards"), ports, (port) => port.name, cable);
}

let reading = false;

async function read() {
  if (reading || document.hidden) return;
  reading = true;
  try {
    (await get("/lab/devices")).items.forEach(render);
    renderCables((await get("/lab/ports")).items);
    hideTrouble();
  } catch (problem) {
    tellTrouble(problem);
  }
  reading = false;
}

read();
setInterval(read, EVERY_MS);
watch((message) => {
  if (message.kind === "event") read();
});
