// The sign of one window.

import { Calls } from "./board-calls.js";
import { both, by, el, say, show } from "./dom.js";
import { setOffset } from "./hall-clock.js";
import { watch } from "./live.js";
import { renewByItself } from "./unattended.js";

const FRESH_MS = 7000;
const TURN_MS = 500;

const sign = by("sign");
const number = Number(sign.dataset.window);
const photos = JSON.parse(sign.dataset.photos);
const calls = new Calls();
let window = null;
let fresh = null; // the call made just now, so long as it is news
let called = null;

function words() {
  if (window.state !== "open" && !window.ticket) {
    const why = window.pause_reason ? [both({ zh: window.pause_reason, en: "" }), el("br")] : [];
    return [[say(`window.${window.state}`)], [...why, say("screen.elsewhere")]];
  }
  if (!window.ticket) return [[say("screen.free")], [say("screen.soon")]];
  return window.ticket.state === "serving" ? [[say("window.serving")], []] : [[say("screen.please_come")], []];
}

function render() {
  if (!window) return;
  const [message, after] = words();
  sign.dataset.state = window.ticket ? window.ticket.state : window.state;
  sign.toggleAttribute("data-number", Boolean(window.ticket));
  show(by("message"), ...message);
  show(by("after"), ...after);
  by("number").textContent = window.ticket ? window.ticket.number : "";
  by("number").style.setProperty("--length", window.ticket ? window.ticket.number.length : 4);
  renderClerk();
  show(by("waiting"), say("screen.waiting", { count: window.waiting }));
}

function renderClerk() {
  const { clerk, clerk_name: name, clerk_position: position } = window;
  show(by("clerk"), name, el("small", {}, position));
  const photo = by("photo");
  photo.hidden = !photos[clerk];
  if (photos[clerk] && photo.getAttribute("src") !== photos[clerk]) photo.src = photos[clerk];
  photo.alt = photo.hidden ? "" : name;
}

function renderFresh() {
  const mine = calls.turn(performance.now()).stage.find((call) => call.fresh && call.window === number);
  if (mine && mine.key !== called) {
    called = mine.key;
    fresh = performance.now() + FRESH_MS;
  }
  if (fresh !== null && performance.now() > fresh) fresh = null;
  sign.toggleAttribute("data-fresh", fresh !== null && window?.ticket?.state === "called");
}

setInterval(renderFresh, TURN_MS);
renewByItself();
watch((message) => {
  // Only this window's calls: those of the others would keep it waiting for its place on the stage.
  if (message.kind !== "event" || message.event.window === number) calls.hear(message);
  if (message.kind !== "queue") return;
  setOffset(message.offset_ms);
  window = message.queue.windows.find((one) => one.number === number);
  render();
  renderFresh();
});
