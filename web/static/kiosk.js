// The kiosk: touch an area, a matter, and take a number. What each part does stands in its own module; here they meet.

import { get, raw } from "./api.js";
import { both, by, runClock, say, show } from "./dom.js";
import { KioskCard } from "./kiosk-card.js";
import { Idle } from "./kiosk-idle.js";
import { Keys } from "./kiosk-keys.js";
import { Matters } from "./kiosk-lists.js";
import { MatterPage } from "./kiosk-matter.js";
import { Modes } from "./kiosk-modes.js";
import { Pagers } from "./kiosk-pager.js";
import { Search } from "./kiosk-search.js";
import { TicketPage } from "./kiosk-ticket.js";
import { Troubles } from "./kiosk-trouble.js";
import { Views } from "./kiosk-views.js";
import { Voice } from "./kiosk-voice.js";
import { watch } from "./live.js";
import { renewByItself } from "./unattended.js";

const SETTLE_MS = 250;
const FEEDBACK = "/feedback?kiosk=1";
const LOOK_MS = 20_000; // a line opens and closes by the clock, of which no event tells

let devicesTimer = null;
let wasAway = false;

const pagers = new Pagers();
const matters = new Matters(pagers);
const search = new Search(matters);
const voice = new Voice();
const views = new Views(shown);
const page = new MatterPage(matters, () => pagers.refresh());
const ticketPage = new TicketPage({
  onTicket: showResult,
  onTrouble: tellTrouble,
  onChange: () => pagers.refresh(),
  nameOf: ({ matter, matter_name: zh }) => ({ zh, en: matters.byCode.get(matter)?.name_en }),
});
const troubles = new Troubles({
  onClosed: () => views.beginAt(homePlace()),
  onPrinter: (works) => page.setPrinter(works),
  onAway: () => voice.say(by("away-title"), by("away-what")),
  numberShown: () => ticketPage.ticket?.number,
});
const modes = new Modes((now) => {
  const begins = voice.set(now);
  pagers.refresh();
  if (begins) voice.say(document.querySelector("main > section:not([hidden]) h2"));
});
// Only a hall with a card reader has the hint.
const card = by("card") && new KioskCard({ onTicket: showResult, onCard: somebodyNew });
const idle = new Idle({
  untouched: () => isHome() && !modes.changed && !card?.offer,
  patient: () => modes.on.has("elder"),
  onLeave: leave,
  onAsk: () => {
    by("still-there-title").focus();
  },
});
const renewSoon = renewByItself(() => idle.untouched());

// --- which screen ---

const homePlace = () => ({ view: troubles.closed ? "closed" : "home" });
const isHome = () => views.trail.length === 1 && views.now.view === homePlace().view;

async function shown(place) {
  if (place.view === "list") {
    if (place.area) matters.showArea(place.area);
    else matters.showDepartment(place.department);
  }
  pagers.refresh();
  views.focusHeading();
}

async function openMatter(code) {
  ticketPage.begin();
  views.go({ view: "matter", matter: code });
  try {
    await page.open(code);
    pagers.restart("sheet");
    views.focusHeading();
  } catch (problem) {
    tellTrouble(problem, "kiosk.not_found");
  }
}

function openSearch() {
  search.clear();
  views.go({ view: "search" });
  search.open();
}

function goHome() {
  ticketPage.forget();
  troubles.forgetNumber();
  page.close();
  views.home(homePlace());
}

// Nobody has touched the screen for long: everything is as the next person should find it.
function leave() {
  card?.forget();
  modes.reset();
  goHome();
  document.activeElement?.blur();
}

function showResult(found) {
  ticketPage.show(found);
  if (views.now.view !== "result") views.go({ view: "result" });
  card?.forget();
  voice.say(document.querySelector("#result h2"), by("number"), by("place"), by("paper"));
}

function tellTrouble(problem, otherwise = "kiosk.failed") {
  show(by("trouble"), problem.text ? both(problem.text) : say(otherwise));
  by("trouble").hidden = false;
  voice.say(by("trouble"));
  readQueue();
}

async function openFeedback() {
  try {
    await raw(FEEDBACK); // a page that is not to be had would be the browser's own, with no way back
    location.assign(FEEDBACK);
  } catch (problem) {
    tellTrouble(problem);
  }
}

// --- the card reader ---

function somebodyNew() {
  if (views.now.view === "result") goHome();
  idle.restart();
}

function lookAtReader(devices) {
  const readers = devices.filter((device) => device.kinds.includes("card_reader") && device.window === null);
  by("card-hint").hidden = !readers.some(({ state }) => state === "online" || state === "degraded");
}

// Several devices change at once: they are read once.
function lookAtDevices() {
  devicesTimer ??= setTimeout(async () => {
    devicesTimer = null;
    const { items } = await get("/api/v1/devices").catch(() => ({ items: null }));
    if (!items) return;
    troubles.lookAtPrinters(items);
    if (card) lookAtReader(items);
  }, SETTLE_MS);
}

// --- touches and keys ---

function touch(event) {
  const button = event.target.closest("button");
  if (!button || document.body.hasAttribute("data-busy")) return;
  const { area, department, matter, key, character, spelled, go, mode, take, page: turn } = button.dataset;
  if (take) ticketPage.take(views.now.matter, take, card?.priority);
  else if (area) views.go({ view: "list", area });
  else if (department) views.go({ view: "list", department });
  else if (matter) openMatter(matter);
  else if (key) search.press(key);
  else if (character) search.choose(character, Number(spelled));
  else if (go === "search") openSearch();
  else if (go) views.go({ view: go });
  else if (mode) modes.toggle(mode);
  else if (turn) pagers.turn(button);
  else BUTTONS[button.id]?.();
}

const BUTTONS = {
  back: () => views.back(),
  home: goHome,
  done: goHome,
  reprint: () => ticketPage.reprint(),
  language: () => modes.switchLanguage(),
  "print-notice": () => page.printNotice(),
  feedback: openFeedback,
  "i-am-here": () => idle.restart(),
  finish: () => idle.leave(),
};

document.addEventListener("click", touch);
new Keys({
  onBack: () => (idle.asking ? idle.restart() : views.back()),
  onPage: (direction) => [...document.querySelectorAll(`[data-page="${direction}"]`)].find((button) => button.checkVisibility())?.click(),
  onType: (key) => views.now.view === "search" && search.press(key),
});

// --- what the hall says ---

function readLines({ lines }) {
  matters.setLines(lines);
  page.mark();
  troubles.setLines(lines);
}

async function readQueue() {
  const queue = await get("/api/v1/queue").catch(() => null);
  if (queue) readLines(queue);
}

// The names are read at once; the page, with its areas and departments, when nobody stands before it.
function mattersChanged() {
  matters.load();
  renewSoon();
}

function cameOnline(online) {
  troubles.setOnline(online);
  if (online && wasAway) mattersChanged();
  wasAway = !online;
}

runClock(by("clock"));
modes.reset();
views.show();
lookAtDevices();
matters.load();
setInterval(readQueue, LOOK_MS);
watch((message) => {
  if (message.kind === "online") cameOnline(message.online);
  if (card && message.kind === "card" && !message.window) card.look();
  if (message.kind === "health") lookAtDevices();
  if (message.kind === "queue") readLines(message.queue);
  if (message.kind === "resync" || message.event?.type === "matters_changed") mattersChanged();
  if (message.kind === "event" && ticketPage.ticket && [ticketPage.ticket.id, null].includes(message.event.ticket)) ticketPage.look();
});
performance.mark("kiosk-usable");
