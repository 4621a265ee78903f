// The one live connection of a browser: events come in, the state of the hall goes out to every page.
//
// `tell` gets {kind: "online", online}, {kind: "queue", queue}, {kind: "event", event}, {kind: "health", device}
// and {kind: "card", window}.

import { get } from "./api.js";

const SETTLE_MS = 120; // several events at once lead to one reading of the queue
const RETRY_MS = 2000;

export class Hub {
  constructor(tell) {
    this.tell = tell;
    this.online = null;
    this.queue = null;
    this.timer = null;
  }

  start() {
    const source = new EventSource("/api/v1/events");
    source.onopen = () => {
      this.setOnline(true);
      this.readSoon(0);
      this.tell({ kind: "health", device: null });
    };
    source.addEventListener("hall", (message) => {
      this.tell({ kind: "event", event: JSON.parse(message.data) });
      this.readSoon();
    });
    source.addEventListener("health", (message) => this.tell({ kind: "health", ...JSON.parse(message.data) }));
    source.addEventListener("card", (message) => this.tell({ kind: "card", ...JSON.parse(message.data) }));
    source.addEventListener("resync", () => this.readSoon());
    source.onerror = () => {
      this.setOnline(false);
      if (source.readyState === EventSource.CLOSED) this.startAgain();
    };
  }

  // The browser gives up after a refusal, such as a session of before a restart; reading the queue renews that.
  startAgain() {
    setTimeout(() => get("/api/v1/queue").catch(() => {}).then(() => this.start()), RETRY_MS);
  }

  // Tells a page that has just come what the others know already.
  greet(tellOne) {
    if (this.online !== null) tellOne({ kind: "online", online: this.online });
    if (this.queue) tellOne({ kind: "queue", queue: this.queue });
  }

  setOnline(online) {
    if (this.online === online) return;
    this.online = online;
    this.tell({ kind: "online", online });
  }

  readSoon(delay = SETTLE_MS) {
    if (this.timer) return;
    this.timer = setTimeout(async () => {
      this.timer = null;
      try {
        this.queue = await get("/api/v1/queue");
        this.tell({ kind: "queue", queue: this.queue });
      } catch {
        this.readSoon(RETRY_MS);
      }
    }, delay);
  }
}
