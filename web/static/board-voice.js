// The board speaks: each call once it comes, one after another, never two at once, and none that is old.
//
// The daemon makes the sound of a call and refuses an old one, so a screen that slept does not shout. A browser lets
// a page sound only when it was started so (the kiosk browser is), or after somebody touched it: till then a sign says
// that the sound is off.

import { raw } from "./api.js";
import { el, say } from "./dom.js";
import { watch } from "./live.js";

const SPOKEN = ["ticket_called", "ticket_recalled"];
const CROWD = 1; // so many calls that wait, and each is said once only
const WAITING = 50;
const settings = new URL(import.meta.url).searchParams;
const times = Number(settings.get("times")) || 1;
const gap_ms = 1000 * Number(settings.get("gap_s"));

const context = new AudioContext();
const waiting = [];
let called = null; // "ticket/window" of every ticket that is called now; null: nobody has said yet
let speaking = false;

// --- whether it may ---

const off = el("button", { type: "button", class: "sound-off", hidden: true, onclick: allow }, say("board.sound_off"));
document.body.append(off);
context.addEventListener("statechange", showSound);
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, allow);

function allow() {
  context.resume().catch(() => {});
}

function showSound() {
  off.hidden = context.state === "running";
  document.documentElement.dataset.sound = context.state === "running" ? "on" : "off";
}

// --- what it says ---

function rest(ms) {
  return new Promise((done) => setTimeout(done, ms));
}

// The decoded sound of a call, or null when there is none to say: it is old by now, or the hall is silent.
async function soundOf(event) {
  const response = await raw(`/api/v1/calls/${event.id}/sound`);
  return response.status === 204 ? null : context.decodeAudioData(await response.arrayBuffer());
}

function play(sound) {
  return new Promise((done) => {
    const source = context.createBufferSource();
    source.buffer = sound;
    source.connect(context.destination);
    source.onended = done;
    document.documentElement.dataset.saying = "yes";
    source.start();
    setTimeout(done, 1000 * sound.duration + 3000); // a sound card that hangs must not silence the page for ever
  }).finally(() => {
    document.documentElement.dataset.saying = "no";
  });
}

function stillCalled(event) {
  return called === null || called.has(`${event.ticket}/${event.window}`);
}

async function sayCall(event) {
  const sound = await soundOf(event);
  for (let time = 0; sound && time < times; time += 1) {
    if (time > 0) {
      if (waiting.length >= CROWD) return;
      await rest(gap_ms);
      if (!stillCalled(event)) return;
    }
    await play(sound);
  }
}

async function sayAll() {
  if (speaking) return;
  speaking = true;
  while (waiting.length) {
    const event = waiting.shift();
    await sayCall(event).catch((problem) => console.info("not spoken:", problem.message));
  }
  speaking = false;
}

showSound();
watch((message) => {
  if (message.kind === "queue") {
    const waitedFor = message.queue.called.filter((ticket) => ticket.state === "called");
    called = new Set(waitedFor.map((ticket) => `${ticket.id}/${ticket.window}`));
  }
  if (message.kind !== "event" || !SPOKEN.includes(message.event.type)) return;
  if (context.state !== "running") return; // what could not be said in its time is not said later
  if (waiting.length < WAITING) waiting.push(message.event);
  sayAll();
});
