// The sign of one window.

import { by, both, say, show } from "./dom.js";
import { watch } from "./live.js";

const sign = by("sign");
const number = Number(sign.dataset.window);

function message(window) {
  if (window.state === "paused" && window.pause_reason) {
    return [say("window.paused"), " ", both({ zh: window.pause_reason, en: "" })];
  }
  if (window.state !== "open") return [say(`window.${window.state}`)];
  if (!window.ticket) return [say("window.welcome")];
  const key = window.ticket.state === "serving" ? "window.serving" : "window.please";
  return [say(key)];
}

function render(window) {
  sign.dataset.state = window.ticket ? window.ticket.state : window.state;
  show(by("message"), ...message(window));
  by("number").textContent = window.ticket ? window.ticket.number : "";
  by("clerk").textContent = [window.clerk_name, window.clerk_position].filter(Boolean).join(" · ");
  show(by("waiting"), say("clerk.waiting_list", { count: window.waiting }));
}

watch((message) => {
  const found = message.kind === "queue" && message.queue.windows.find((window) => window.number === number);
  if (found) render(found);
});
