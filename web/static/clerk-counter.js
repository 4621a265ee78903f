// What this page knows of its window: read from the daemon whenever something happens, then drawn. One source for all
// of the page, so that two pages, and the pad, never tell different stories.

import { get } from "./api.js";
import { watch } from "./live.js";

const AGAIN_MS = 1000; // how soon the daemon is asked again that did not answer
const GIVE_UP_MS = 4000;
const ANYWAY_MS = 20_000; // times pass, and a cable may have been pulled without anybody noticing

// counter: as the API gives it, null until it is read; live: whether it is true now, so that keys may be pressed.
export const desk = { number: null, counter: null, queue: null, live: false };

const drawers = [];
let asked = 0;
let shown = 0;
let ahead_ms = 0; // how far this computer's clock is ahead of the daemon's

export const nowMs = () => Date.now() - ahead_ms;
export const sinceS = (time) => Math.max(0, (nowMs() - Date.parse(time)) / 1000);

// Call `draw` whenever what is known has changed.
export function onChange(draw) {
  drawers.push(draw);
}

export function drawAll() {
  for (const draw of drawers) draw(desk);
}

export function chooseNumber(number) {
  desk.number = number;
  desk.counter = null;
  desk.live = false;
  drawAll();
  return refresh();
}

export async function refresh() {
  asked += 1;
  const mine = asked;
  const number = desk.number;
  let counter = null;
  try {
    counter = await get(`/api/v1/windows/${number}/counter`, { signal: AbortSignal.timeout(GIVE_UP_MS) });
  } catch {
    setTimeout(() => mine === asked && refresh(), AGAIN_MS);
  }
  if (mine < shown || number !== desk.number) return; // a later question was answered first, or is another window's
  shown = mine;
  desk.live = counter !== null;
  if (counter) {
    desk.counter = counter;
    ahead_ms = Date.now() - Date.parse(counter.at);
  }
  drawAll();
}

function lose() {
  desk.live = false;
  drawAll();
  refresh();
}

export function followHall(hearCard) {
  watch((message) => {
    if (message.kind === "online" && !message.online) lose();
    if (message.kind === "online" && message.online) refresh();
    if (message.kind === "card" && message.window !== null) hearCard();
    if (message.kind !== "queue") return;
    desk.queue = message.queue;
    refresh();
  });
  setInterval(refresh, ANYWAY_MS);
}
