// The clerk's commands, by button and by key. Two presses are one: a press waits until the one before it is answered
// and shown, and says which state of the window it was meant for, so that the daemon does it once.

import { post } from "./api.js";
import { both, by, show } from "./dom.js";
import { desk, drawAll, onChange, refresh } from "./clerk-counter.js";

const SETTLE_MS = 500; // a second press so soon after the answer is the same press
const SURE_MS = 4000; // how long a button asks whether it is meant
const GIVE_UP_MS = 4000; // what was not taken by then is not sent any more
const TROUBLE_MS = 12_000;

const buttons = [...document.querySelectorAll("[data-command]")];
const heldHere = (counter) => counter.held.length > 0;

// What each command needs of the window before it makes sense; the hall has the last word.
const POSSIBLE = {
  "call-next": ({ window, next }) => window.state === "open" && window.ticket?.state !== "called" && next !== null,
  recall: ({ window }) => window.ticket?.state === "called",
  start: ({ window }) => window.ticket?.state === "called",
  finish: ({ window }) => window.ticket?.state === "serving",
  "no-show": ({ window }) => window.ticket?.state === "called",
  hold: ({ window }) => Boolean(window.ticket),
  "resume-ticket": (counter) => isFree(counter) && heldHere(counter),
  "invite-rating": ({ window }) => Boolean(window.last_finished) && !window.last_finished.rated,
  pause: ({ window }) => window.state === "open" && !window.ticket,
  resume: ({ window }) => window.state === "paused",
  transfer: ({ window }) => Boolean(window.ticket),
  open: ({ window }) => window.state === "closed",
  close: ({ window }) => window.state !== "closed" && !window.ticket,
  "sign-in": ({ window }) => !window.clerk,
  "sign-out": ({ window }) => Boolean(window.clerk),
};

const BODY = {
  // Calling while somebody is served finishes that service first.
  "call-next": ({ window }) => ({ finish_current: window.ticket?.state === "serving" }),
  // Who has signed in at this page sits down; a supervisor says who does.
  "sign-in": () => ({ clerk: by("clerk")?.value ?? null }),
};

const TWICE = new Set(["no-show", "close"]); // what costs somebody something is pressed twice
export const asks = {}; // a command that asks something first: its name → what opens the question

let busy = false;
let sure = null; // { command, at }: pressed once
let troubles = 0;

// Whether a chosen ticket may be called: the window is open and nobody is at it.
export const isFree = ({ window }) => window.state === "open" && !window.ticket;
export const mayPress = (command) => desk.live && POSSIBLE[command](desk.counter);
export const at = (path) => `/api/v1/windows/${desk.number}/${path}`;

// What the state of the window asks for next: the one big button.
export function nextAction({ window }) {
  if (window.state === "closed") return "open";
  if (window.state === "paused") return "resume";
  if (window.ticket?.state === "called") return "start";
  return window.ticket?.state === "serving" ? "finish" : "call-next";
}

// Send one wish; whether it was taken. What cannot be sent now is not kept for later.
export async function send(path, body = {}) {
  if (busy || !desk.live) return false;
  busy = true;
  tell(null);
  let taken = true;
  try {
    const seen = { "If-Match": `"${desk.counter.window.seen}"` };
    await post(path, body, seen, { signal: AbortSignal.timeout(GIVE_UP_MS) });
  } catch (problem) {
    taken = false;
    tell(problem.text);
  }
  await refresh();
  setTimeout(() => {
    busy = false;
  }, SETTLE_MS);
  return taken;
}

export function tell(text) {
  troubles += 1;
  const mine = troubles;
  by("trouble").hidden = !text;
  if (!text) return;
  show(by("trouble"), both(text));
  setTimeout(() => mine === troubles && tell(null), TROUBLE_MS);
}

export function command(name, body) {
  return mayPress(name) ? send(at(name), body ?? BODY[name]?.(desk.counter) ?? {}) : Promise.resolve(false);
}

// A person presses: some commands ask first, some want to be pressed twice.
function give(name) {
  if (busy || !mayPress(name)) return;
  if (asks[name]) asks[name]();
  else if (!TWICE.has(name) || isMeant(name)) command(name);
}

function isMeant(name) {
  const before = sure;
  if (before?.command === name) {
    if (performance.now() - before.at < SETTLE_MS) return false; // the finger bounced
    sure = null;
    return true;
  }
  sure = { command: name, at: performance.now() };
  const mine = sure;
  setTimeout(() => {
    if (sure === mine) forgetSure();
  }, SURE_MS);
  drawAll();
  return false;
}

function forgetSure() {
  sure = null;
  drawAll();
}

// --- how the buttons look ---

function draw({ counter }) {
  if (sure && !mayPress(sure.command)) sure = null;
  const big = counter && nextAction(counter);
  const second = counter?.window.ticket?.state === "serving" ? "call-next" : null;
  const held = document.activeElement?.closest?.("#primary [data-command]");
  for (const button of buttons) {
    const name = button.dataset.command;
    button.disabled = !counter || !mayPress(name);
    button.classList.toggle("sure", sure?.command === name);
    if (!button.closest("#primary")) continue;
    button.hidden = name !== (big ?? "call-next") && name !== second;
    button.classList.toggle("aside", name === second && name !== big);
  }
  by("primary").dataset.next = big ?? "";
  if (held?.hidden || held?.disabled) focusBig();
}

// Who goes by the keyboard alone stays on the big button, whatever it says now.
function focusBig() {
  document.querySelector("#primary [data-command]:not([hidden]):not(:disabled):not(.aside)")?.focus();
}

// --- by key ---

const WRITING = "select, textarea, [contenteditable], input:not([type=checkbox]):not([type=radio])";

// Whether this key belongs to the page, and not to a field, a dialog or the browser.
export function isShortcut(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return false;
  return !event.target.closest?.(WRITING) && !document.querySelector("dialog[open]");
}

function pressKey(event) {
  // A key held down on a button would press it again and again.
  if (event.repeat && event.target.closest?.("button")) event.preventDefault();
  if (!isShortcut(event)) return;
  const button = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]:not([hidden])`);
  if (!button) return;
  event.preventDefault();
  if (button.dataset.command) give(button.dataset.command);
  else button.click();
}

export function wireCommands() {
  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      if (event.detail > 1) return; // the second half of a double click
      give(button.dataset.command);
      if (event.detail) button.blur(); // a mouse leaves nothing behind that the next key would press
    });
  }
  document.addEventListener("keydown", pressKey);
  onChange(draw);
}
