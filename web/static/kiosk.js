// The kiosk: area → matter → take. Whatever the printer does, the screen shows the number.

import { get, post } from "./api.js";
import { both, by, clockTime, el, minutes, runClock, say, show } from "./dom.js";
import { KioskCard } from "./kiosk-card.js";
import { watch } from "./live.js";

const IDLE_MS = 30_000;
const LOOK_MS = 2000; // how often the ticket on the screen is read anew, besides at every event about it

const trail = [{ view: "areas" }];
let ticket = null;
let wish = null; // the name of the present wish: sent again, it gives the same ticket again
let typed = "";
let idleTimer = null;

// Only a hall with a card reader has the hint.
const card = by("card") && new KioskCard({ onTicket: showResult, onCard: somebodyNew });

const sections = [...document.querySelectorAll("[data-view]")];

function matches(section, place) {
  return (
    section.dataset.view === place.view &&
    (!place.area || section.dataset.area === place.area) &&
    (!place.matter || section.dataset.matter === place.matter)
  );
}

function render() {
  const place = trail.at(-1);
  for (const section of sections) section.hidden = !matches(section, place);
  by("back").hidden = trail.length < 2 || place.view === "result";
  by("home").hidden = trail.length < 2 || place.view === "result";
  by("trouble").hidden = true;
  document.body.dataset.now = place.view;
  scrollTo(0, 0);
}

function go(place) {
  if (place.view === "matter") wish = newWish();
  trail.push(place);
  render();
}

function goHome() {
  trail.length = 1;
  ticket = null;
  type("clear");
  render();
}

// Nobody has touched the screen for long: what a card offered goes with the person.
function leave() {
  card?.forget();
  goHome();
}

function newWish() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- search ---

async function type(key) {
  if (key === "clear") typed = "";
  else if (key === "delete") typed = typed.slice(0, -1);
  else typed = (typed + key).slice(0, 20);
  by("typed").textContent = typed.toUpperCase();
  const asked = typed;
  const found = typed ? (await get(`/api/v1/matters?q=${encodeURIComponent(typed)}`).catch(() => ({ items: [] }))).items : [];
  if (asked !== typed) return;
  by("found").replaceChildren(...found.slice(0, 8).map(foundItem));
  by("nothing-found").hidden = !typed || found.length > 0;
}

function foundItem(matter) {
  const attributes = { type: "button", class: "matter", "data-matter": matter.code };
  return el("li", {}, el("button", attributes, el("b", {}, matter.name), el("small", {}, matter.name_en)));
}

// --- taking a number ---

async function take(button) {
  const matter = trail.at(-1).matter;
  setBusy(true);
  try {
    const offer = card?.priority;
    const body = offer ? { matter, card: offer } : { matter, priority: button.dataset.take };
    showResult(await post("/api/v1/tickets", body, { "Idempotency-Key": `${wish}-${offer ? "card" : body.priority}` }));
    card?.forget();
  } catch (problem) {
    tellTrouble(problem);
  } finally {
    setBusy(false);
  }
}

function showResult(found) {
  showTicket(found);
  if (trail.at(-1).view !== "result") trail.push({ view: "result" });
  render();
}

function setBusy(busy) {
  for (const button of document.querySelectorAll("[data-take]")) button.classList.toggle("busy", busy);
  document.body.toggleAttribute("data-busy", busy);
}

function tellTrouble(problem) {
  show(by("trouble"), problem.text ? both(problem.text) : say("kiosk.failed"));
  by("trouble").hidden = false;
}

function showTicket(found) {
  ticket = found;
  by("result").dataset.ticket = found.id;
  by("result").dataset.print = found.print.state;
  by("number").textContent = found.number;
  show(by("place"), placeText(found));
  show(by("wait"), waitText(found));
  show(by("paper"), paperText(found));
  show(by("paper-why"), whyText(found.print));
  by("reprint").hidden = !["failed", "unknown"].includes(found.print.state);
}

function placeText(found) {
  if (found.state === "called") return say("kiosk.called", { window: found.window });
  if (found.state !== "waiting") return say(`ticket.${found.state}`);
  return found.ahead ? say("kiosk.ahead", { ahead: found.ahead }) : say("kiosk.next");
}

function waitText({ state, ahead, estimated_wait_s: wait }) {
  if (state !== "waiting" || !ahead) return "";
  return wait === null ? say("ticket.wait_unknown") : say("ticket.wait", { minutes: minutes(wait) });
}

// While something is in the way of the paper, people are told to remember their number.
function paperText({ number, print }) {
  const troubled = print.detail || ["failed", "unknown"].includes(print.state);
  return troubled ? say("kiosk.remember", { number }) : say(`paper.${print.state}`);
}

function whyText(print) {
  if (print.detail) return both({ zh: print.detail_zh, en: print.detail_en });
  return ["failed", "unknown"].includes(print.state) ? say(`paper.${print.state}`) : "";
}

async function lookAgain() {
  if (!ticket) return;
  const found = await get(`/api/v1/tickets/${ticket.id}`).catch(() => null);
  if (found && ticket?.id === found.id) showTicket(found);
}

async function reprint() {
  by("reprint").hidden = true;
  await post(`/api/v1/tickets/${ticket.id}/reprint`).then(showTicket).catch(tellTrouble);
}

// --- closed lines ---

function showLines(lines) {
  const byId = new Map(lines.map((line) => [line.id, line]));
  for (const node of document.querySelectorAll("[data-line]")) {
    const line = byId.get(node.dataset.line);
    if (line) showClosed(node, line);
  }
}

function showClosed(node, line) {
  node.classList.toggle("closed", !line.accepting);
  node.querySelector(".closed-note")?.toggleAttribute("hidden", line.accepting);
  const why = node.querySelector(".closed-why");
  if (!why) return;
  why.hidden = line.accepting;
  const opens = line.opens_at ? say("kiosk.opens_at", { time: clockTime(line.opens_at) }) : "";
  show(why, both({ zh: line.reason_zh, en: line.reason_en }), " ", opens);
  for (const button of node.querySelectorAll("[data-take]")) button.disabled = !line.accepting;
}

// --- the card reader ---

function somebodyNew() {
  if (trail.at(-1).view === "result") goHome();
  restartIdle();
}

async function lookAtReader() {
  const { items } = await get("/api/v1/devices").catch(() => ({ items: [] }));
  const readers = items.filter((device) => device.kinds.includes("card_reader") && device.window === null);
  by("card-hint").hidden = !readers.some(({ state }) => state === "online" || state === "degraded");
}

// --- touches ---

function restartIdle() {
  clearTimeout(idleTimer);
  idleTimer = setTimeout(leave, IDLE_MS);
}

function touch(event) {
  const button = event.target.closest("button");
  if (!button || document.body.hasAttribute("data-busy")) return;
  const { area, matter, key } = button.dataset;
  if (button.dataset.take) take(button);
  else if (area) go({ view: "area", area });
  else if (matter) go({ view: "matter", matter });
  else if (key) type(key);
  else if (button.id === "open-search") go({ view: "search" });
  else if (button.id === "back") back();
  else if (button.id === "home" || button.id === "done") goHome();
  else if (button.id === "reprint") reprint();
}

function back() {
  trail.pop();
  render();
}

document.addEventListener("click", touch);
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, restartIdle);
runClock(by("clock"));
setInterval(lookAgain, LOOK_MS);
render();
if (card) lookAtReader();
watch((message) => {
  if (card && message.kind === "card" && !message.window) card.look();
  if (card && message.kind === "health") lookAtReader();
  if (message.kind === "queue") showLines(message.queue.lines);
  if (message.kind === "event" && ticket && [ticket.id, null].includes(message.event.ticket)) lookAgain();
});
