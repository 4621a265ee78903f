// What is asked before something is done: why a pause, where to send somebody, what becomes of the window.

import { both, by, el, fill, say, show } from "./dom.js";
import { desk, onChange } from "./clerk-counter.js";
import { asks, command } from "./clerk-commands.js";

const pause = by("ask-pause");
const transfer = by("ask-transfer");
const leave = by("ask-leave");

function open(dialog) {
  dialog.showModal();
  dialog.querySelector("button:not(:disabled)")?.focus();
}

// A choice has a key of its own, shown on it: it is pressed like the button.
function pressKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const choice = event.currentTarget.querySelector(`[data-press="${CSS.escape(event.key.toLowerCase())}"]:not(:disabled)`);
  if (!choice) return;
  event.preventDefault();
  choice.click();
}

// --- transfer: lines by their letter, windows by their number ---

function choice({ key = "", title, note, able, body }) {
  const chosen = () => {
    transfer.close();
    command("transfer", body);
  };
  return el(
    "button",
    { type: "button", class: "second", "data-press": key || null, "data-to": body.line ?? body.window, disabled: !able, onclick: chosen },
    key ? el("kbd", {}, key.toUpperCase()) : "",
    el("span", { class: "title" }, both(title)),
    el("small", {}, note),
  );
}

// A key that no other line has, else none: lines may share a letter, or have two.
function keyOf(letter, letters) {
  return letter.length === 1 && letters.indexOf(letter) === letters.lastIndexOf(letter) ? letter : "";
}

function drawTargets({ counter, queue, live }) {
  if (!transfer.open || !counter || !queue) return;
  const { ticket } = counter.window;
  if (!ticket || !live) {
    transfer.close(); // somebody else was faster
    return;
  }
  show(by("transfer-title"), say("clerk.transfer_title", { number: ticket.number }));
  const letters = queue.lines.map((line) => line.letter.toLowerCase());
  const lines = queue.lines.map((line) => ({
    id: line.id,
    key: keyOf(line.letter.toLowerCase(), letters),
    title: { zh: line.title, en: line.title_en },
    count: line.waiting,
    able: line.id !== ticket.line,
    body: { line: line.id },
  }));
  const windows = queue.windows.map((window) => ({
    id: window.number,
    key: String(window.number),
    title: { zh: window.title, en: window.title_en },
    who: window.clerk_name,
    state: window.state,
    able: window.number !== counter.window.number && window.state !== "closed",
    body: { window: window.number },
  }));
  fill(by("to-lines"), lines, (one) => one.id, (one) => choice({ ...one, note: say("clerk.waiting_list", { count: one.count }) }));
  fill(by("to-windows"), windows, (one) => one.id, (one) => choice({ ...one, note: one.state === "open" ? one.who : say(`window.${one.state}`) }));
}

function askTransfer() {
  transfer.showModal();
  drawTargets(desk);
  transfer.querySelector("button:not(:disabled)")?.focus();
}

// --- leaving: what becomes of the window ---

// Only who sits here leaves a window behind; others just sign out.
export function askLeave() {
  const { window } = desk.counter ?? {};
  if (!desk.live) return;
  if (!window.clerk || window.clerk !== by("sitting-down").dataset.me) {
    by("sign-out").submit();
    return;
  }
  if (window.state === "closed") {
    go("stay");
    return;
  }
  const busy = Boolean(window.ticket);
  show(by("leave-note"), say(busy ? "clerk.leave_busy" : "clerk.leave_note", { number: window.ticket?.number, count: desk.counter.waiting.length }));
  for (const button of leave.querySelectorAll("[data-leave]")) {
    const already = button.dataset.leave === "pause" && window.state === "paused";
    button.disabled = (busy && button.dataset.leave !== "stay") || already;
  }
  open(leave);
}

async function go(how) {
  leave.close();
  if (how === "close" && !(await command("close"))) return;
  if (how === "pause" && !(await command("pause", { reason: "" }))) return;
  if (how !== "stay") await settled();
  if (await command("sign-out")) by("sign-out").submit();
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 550)); // a command follows another no sooner

export function wireDialogs() {
  asks.pause = () => open(pause);
  asks.transfer = askTransfer;
  for (const dialog of [pause, transfer, leave]) {
    dialog.addEventListener("keydown", pressKey);
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
  }
  for (const button of pause.querySelectorAll("[data-reason]")) {
    button.addEventListener("click", () => {
      pause.close();
      command("pause", { reason: button.dataset.reason });
    });
  }
  for (const button of leave.querySelectorAll("[data-leave]")) button.addEventListener("click", () => go(button.dataset.leave));
  onChange(drawTargets);
}
