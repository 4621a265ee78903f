// What a page hears of the hall. One connection a browser: a shared worker holds it; where there is none, one page of
// them all holds it for the others; where that cannot be agreed on either, every page has its own.

import { Hub } from "./live-hub.js";

const BUILD = document.documentElement.dataset.build;
const CHANNEL = `kioskd-live-${BUILD}`; // pages of another build have a hub of their own

// Call `listener` with every message of the hub.
export function watch(listener) {
  const hear = (message) => {
    if (message.kind === "online") showConnection(message.online);
    // The daemon was renewed under this page: whoever can reads itself anew (unattended.js).
    if (message.kind === "build" && message.build !== BUILD) document.dispatchEvent(new Event("outdated"));
    listener(message);
  };
  if (globalThis.SharedWorker) return watchWorker(hear);
  if (globalThis.BroadcastChannel && navigator.locks) return watchLeader(hear);
  return watchAlone(hear);
}

function showConnection(online) {
  document.getElementById("connection").hidden = online;
  document.documentElement.dataset.live = online ? "on" : "lost";
}

function watchWorker(hear) {
  const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name: CHANNEL });
  worker.port.onmessage = ({ data }) => hear(data);
  worker.port.postMessage({ path: location.pathname + location.search });
  addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
}

function watchLeader(hear) {
  const channel = new BroadcastChannel(CHANNEL);
  let hub = null;
  channel.onmessage = ({ data }) => {
    if (data !== "hello") hear(data);
    else if (hub) hub.greet((message) => channel.postMessage(message));
  };
  navigator.locks.request(CHANNEL, () => {
    hub = new Hub((message) => {
      hear(message);
      channel.postMessage(message);
    });
    hub.start();
    return new Promise(() => {}); // held until this page closes; then another page takes over
  });
  channel.postMessage("hello");
}

// A browser without either, such as a television's over plain http.
function watchAlone(hear) {
  new Hub(hear).start();
}
