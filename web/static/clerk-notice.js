// What tells a clerk who looks elsewhere: how many wait, in the page's title; a soft sound, and the desktop's own
// notice, when somebody comes to an empty line. Sound and notice only where the clerk switched them on.

import { by, word } from "./dom.js";
import { onChange } from "./clerk-counter.js";
import { titleText } from "./clerk-now.js";

const REMEMBERED = "kioskd-clerk-sound";
const TONES = [[660, 0], [880, 0.16]]; // Hz, and after how many seconds
const SECONDS = 0.35;
const LOUDNESS = 0.12;

const button = by("sound");
let on = localStorage.getItem(REMEMBERED) === "on";
let sound = null;
let waited = null; // how many waited before, and at which window

function ring() {
  sound ??= new AudioContext();
  sound.resume();
  for (const [hertz, after] of TONES) tone(hertz, sound.currentTime + after);
}

function tone(hertz, from) {
  const source = new OscillatorNode(sound, { frequency: hertz });
  const volume = new GainNode(sound, { gain: 0 });
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(LOUDNESS, from + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.001, from + SECONDS);
  source.connect(volume).connect(sound.destination);
  source.start(from);
  source.stop(from + SECONDS);
}

function notice(counter) {
  if (!document.hidden || globalThis.Notification?.permission !== "granted") return;
  const texts = word("clerk.somebody_came", { number: counter.waiting[0].number });
  new Notification(document.documentElement.lang === "en" ? texts.en : texts.zh, { tag: "kioskd", silent: true });
}

function show() {
  button.setAttribute("aria-pressed", String(on));
  button.querySelector("use").setAttribute("href", `/static/signs.svg#${on ? "bell" : "silent"}`);
}

function draw({ counter, live }) {
  const title = titleText(counter);
  if (document.title !== title) document.title = title;
  if (!counter || !live) return;
  const now = { window: counter.window.number, count: counter.waiting.length };
  const came = waited?.window === now.window && waited.count === 0 && now.count > 0;
  waited = now;
  if (came && on && counter.window.state === "open") {
    ring();
    notice(counter);
  }
}

export function wireNotice() {
  button.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
    if (on) {
      ring();
      globalThis.Notification?.requestPermission();
    }
    show();
  });
  new MutationObserver(() => draw({ ...last })).observe(document.documentElement, { attributeFilter: ["data-language"] });
  show();
  onChange((desk) => {
    last = desk;
    draw(desk);
  });
}

let last = { counter: null, live: false };
