// The clerk's document camera: see the paper live, photograph it, keep it with the ticket and the material it is for.

import { get, post, raw, remove } from "./api.js";
import { isShortcut } from "./clerk-commands.js";
import { matterName, matterOf } from "./clerk-matters.js";
import { both, by, clockTime, el, fill, say, show, word } from "./dom.js";

const FRAME_MS = 90; // some ten frames a second: enough to lay a paper straight
const AGAIN_MS = 1500; // how soon a camera that gave no picture is asked again
const SURE_MS = 3000; // how long a button asks whether it is meant

const panel = by("documents-panel");
const cameras = panel ? JSON.parse(panel.dataset.cameras) : [];
const buttons = [...document.querySelectorAll("[data-document]")];
const canvas = by("live");

let windowNow = null;
let ticket = null;
let material = 1;
let pages = []; // of the document that is being made
let shown = null; // the page that is looked at; null: the live picture
let kept = [];
let busy = false;
let well = false; // whether the camera gives a picture
let looking = false;

// --- what the hall says ---

// The window's ticket, or the one just finished: papers are sometimes photographed last.
export function followTicket(window) {
  if (!panel) return;
  const next = window.ticket ?? window.last_finished;
  const other = next?.id !== ticket?.id || window.number !== windowNow?.number;
  windowNow = window;
  ticket = next ?? null;
  if (other) startAnew();
  render();
  look();
}

function startAnew() {
  dropPages();
  material = 1;
  kept = [];
  tell(null);
  clearSight();
  readKept();
}

const isOpen = () => panel && !panel.hidden;
const camera = () => cameras.find((one) => one.window === windowNow?.number) ?? cameras.find((one) => one.window === null);
const path = (rest) => `/api/v1/tickets/${ticket.id}/${rest}`;

async function readKept() {
  if (!ticket || !isOpen()) return;
  const asked = ticket.id;
  const found = await get(path("documents")).catch(() => ({ items: [] }));
  if (ticket?.id !== asked) return;
  kept = found.items;
  render();
}

// --- the live picture ---

const wanted = () => isOpen() && !document.hidden && ticket && camera() && !shown;

async function look() {
  if (looking) return;
  looking = true;
  let after = 0;
  while (wanted()) {
    const name = camera().name;
    try {
      const answer = await raw(`/api/v1/devices/${encodeURIComponent(name)}/preview?after=${after}`);
      const frame = await createImageBitmap(await answer.blob());
      after = Number(answer.headers.get("X-Frame"));
      if (wanted() && camera().name === name) draw(frame);
      frame.close();
      seeAgain();
      await pause(FRAME_MS);
    } catch (problem) {
      loseSight(problem);
      await pause(AGAIN_MS);
    }
  }
  looking = false;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function draw(frame) {
  if (canvas.width !== frame.width || canvas.height !== frame.height) {
    canvas.width = frame.width;
    canvas.height = frame.height;
  }
  canvas.getContext("2d").drawImage(frame, 0, 0);
}

function seeAgain() {
  if (well) return;
  well = true;
  render();
}

function loseSight(problem) {
  well = false;
  clearSight();
  show(by("sight-note"), both(problem.text ?? word("documents.no_picture")));
  render();
}

// Nobody's papers stay on the screen.
function clearSight() {
  canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
}

// --- what a clerk does ---

const POSSIBLE = {
  capture: () => well && !shown,
  again: () => Boolean(shown),
  next: () => Boolean(shown),
  finish: () => pages.length > 0,
};

const DO = {
  async capture() {
    const page = await post(path("pages"), { camera: camera().name, material, crop: by("crop").checked });
    pages.push(page);
    shown = page;
  },
  async again() {
    const page = shown;
    pages = pages.filter((one) => one.id !== page.id);
    shown = null;
    await remove(path(`pages/${page.id}`));
  },
  async next() {
    shown = null;
  },
  async finish() {
    await post(path("documents"), { material, pages: pages.map((page) => page.id) });
    pages = [];
    shown = null;
    await readKept();
  },
};

async function give(command) {
  if (busy || !ticket || !POSSIBLE[command]()) return;
  await work(command, DO[command]);
}

async function work(command, what) {
  busy = true;
  panel.dataset.busy = command;
  tell(null);
  render();
  try {
    await what();
  } catch (problem) {
    tell(problem.text ?? word("documents.no_picture"));
  }
  busy = false;
  panel.dataset.busy = "";
  render();
  look();
}

function tell(text) {
  by("documents-trouble").hidden = !text;
  if (text) show(by("documents-trouble"), both(text));
}

function dropPages() {
  for (const page of pages) remove(`/api/v1/tickets/${page.ticket}/pages/${page.id}`).catch(() => null);
  pages = [];
  shown = null;
}

function choose(index) {
  if (busy) return;
  if (index !== material) dropPages(); // a page is photographed for one material
  material = index;
  render();
  look();
}

// --- what is shown ---

function render() {
  if (!isOpen()) return;
  const able = Boolean(ticket && camera());
  show(by("documents-for"), ...whose());
  by("documents-work").hidden = !ticket;
  if (!ticket) return;
  fill(by("materials"), materialRows(), (row) => row.index, materialRow);
  panel.dataset.sight = shown ? "page" : well && able ? "live" : "lost";
  if (!camera()) show(by("sight-note"), say("documents.no_camera"));
  showPage();
  fill(by("pages"), pages.map((page, index) => ({ ...page, index, on: page.id === shown?.id })), (page) => page.id, pageThumb);
  for (const button of buttons) button.disabled = busy || !able || !POSSIBLE[button.dataset.document]();
  fill(by("kept"), kept, (one) => one.id, keptRow);
  by("kept-none").hidden = kept.length > 0;
}

function whose() {
  if (!ticket) return [say("documents.no_ticket")];
  return [el("b", {}, ticket.number), " ", el("span", {}, both(matterName(ticket)))];
}

function materialRows() {
  const names = matterOf(ticket)?.materials ?? [];
  const rows = names.map((name, at) => ({ index: at + 1, name }));
  rows.push({ index: 0, name: word("documents.other").zh });
  return rows.map((row) => ({ ...row, count: kept.filter((one) => one.material === row.index).length, on: row.index === material }));
}

function materialRow(row) {
  const count = row.count ? [el("em", { class: "count" }, `✓ ${row.count}`)] : [];
  const chosen = { type: "button", role: "radio", "aria-checked": String(row.on), class: "second", "data-material": row.index };
  return el("li", { role: "none" }, el("button", { ...chosen, onclick: () => choose(row.index) }, el("span", {}, row.name), ...count));
}

function showPage() {
  const picture = by("page-picture");
  if (!shown) {
    picture.removeAttribute("src");
    return;
  }
  if (picture.getAttribute("src") !== shown.picture) picture.src = shown.picture;
  const note = shown.found ? "documents.straightened" : shown.note === "no_opencv" ? "documents.no_opencv" : "documents.whole";
  show(by("page-note"), say(note));
}

function pageThumb(page) {
  const look = () => {
    shown = pages.find((one) => one.id === page.id) ?? null;
    render();
  };
  const button = { type: "button", class: "second", "aria-pressed": String(page.on), "data-page": page.index + 1, onclick: look };
  return el("li", {}, el("button", button, el("img", { src: page.picture, alt: word("documents.page", { page: page.index + 1 }).zh })));
}

function keptRow(one) {
  const about = `${one.material_name} · ${word("documents.pages", { pages: one.pages }).zh} · ${clockTime(one.taken_at)}`;
  const view = el(
    "a",
    { class: "button second", href: `${one.file}?window=${windowNow.number}`, target: "_blank", rel: "noopener", "data-view": one.id },
    say("documents.view"),
  );
  return el("li", { "data-kept": one.id }, el("span", { class: "title", title: about }, about), view, deleteButton(one));
}

function deleteButton(one) {
  const button = el("button", { type: "button", class: "second", "data-delete": one.id }, say("documents.delete"));
  let sure = false;
  button.addEventListener("click", () => {
    if (sure) {
      work("delete", async () => {
        await remove(`/api/v1/documents/${one.id}`);
        await readKept();
      });
      return;
    }
    sure = true;
    button.classList.add("sure");
    button.replaceChildren(say("documents.sure"));
    setTimeout(() => {
      sure = false;
      button.classList.remove("sure");
      button.replaceChildren(say("documents.delete"));
    }, SURE_MS);
  });
  return button;
}

// --- opening and closing ---

// The tab of the documents was opened or left: clerk-tabs.js has shown or hidden the panel.
export async function openDocuments(yes) {
  if (!panel || !yes) return;
  await readKept();
  render();
  look();
}

function pressKey(event) {
  const button = isOpen() && isShortcut(event) && buttons.find((one) => one.dataset.documentKey === event.key.toLowerCase());
  if (button) {
    event.preventDefault();
    give(button.dataset.document);
  }
}

if (panel) {
  for (const button of buttons) button.addEventListener("click", () => give(button.dataset.document));
  document.addEventListener("keydown", pressKey);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", dropPages);
}
