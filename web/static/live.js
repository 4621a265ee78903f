// What a page hears of the hall. One connection a browser: a shared worker holds it; where there is none, one page of
// them all holds it for the others; where that cannot be agreed on either, the page asks every few seconds.

import { get } from "./api.js";
import { Hub } from "./live-hub.js";

const CHANNEL = "kioskd-live";
const POLL_MS = 3000;

// Call `listener` with every message of the hub.
export function watch(listener) {
  const hear = (message) => {
    if (message.kind === "online") showConnection(message.online);
    listener(message);
  };
  if (globalThis.SharedWorker) return watchWorker(hear);
  if (globalThis.BroadcastChannel && navigator.locks) return watchLeader(hear);
  return poll(hear);
}

function showConnection(online) {
  document.getElementById("connection").hidden = online;
  document.documentElement.dataset.live = online ? "on" : "lost";
}

function watchWorker(hear) {
  const worker = new SharedWorker(new URL("./live-worker.js", import.meta.url), { type: "module", name: CHANNEL });
  worker.port.onmessage = ({ data }) => hear(data);
  worker.port.start();
  addEventListener("pagehide", () => worker.port.postMessage("bye"));
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

function poll(hear) {
  let seen = null;
  const read = async () => {
    try {
      const queue = await get("/api/v1/queue");
      hear({ kind: "online", online: true });
      if (queue.event_id !== seen) hear({ kind: "event", event: { id: queue.event_id, ticket: null } });
      seen = queue.event_id;
      hear({ kind: "queue", queue });
      hear({ kind: "health", device: null });
      hear({ kind: "card" });
    } catch {
      hear({ kind: "online", online: false });
    }
    setTimeout(read, POLL_MS);
  };
  read();
}
