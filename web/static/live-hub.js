// The one live connection of a browser: events come in, the state of the hall goes out to every page.
//
// `tell` gets {kind: "online", online}, {kind: "queue", queue, offset_ms}, {kind: "event", event},
// {kind: "resync"}: events were left out; {kind: "build", build}: what the daemon's pages are made of now;
// {kind: "health", device} and {kind: "card", window}. offset_ms: the daemon's clock less this machine's.

import { request } from "./api.js";

const QUEUE = "/api/v1/queue";
const SETTLE_MS = 120; // several events at once lead to one reading of the queue
const READ_AGAIN_MS = 30000; // lines open and close by the clock alone
const FIRST_RETRY_MS = 20;
const RETRY_MS = 1500;
const SILENCE_MS = 25000; // the daemon says something every 10 s: longer silence is a dead network
const ANSWER_MS = 8000;

export class Hub {
  constructor(tell) {
    this.tell = tell;
    this.online = null;
    this.build = null;
    this.last = null; // what was told last of the queue
    this.timer = null;
    this.reading = false;
    this.again = false;
    this.refusals = 0;
    this.heard_ms = 0;
    this.source = null;
  }

  start() {
    this.connect();
    setInterval(() => this.watchSilence(), SILENCE_MS / 5);
    setInterval(() => this.online && this.readSoon(0), READ_AGAIN_MS);
  }

  connect() {
    this.source?.close();
    const source = new EventSource("/api/v1/events");
    this.source = source;
    this.heard_ms = performance.now();
    source.onopen = () => {
      this.heard();
      this.refusals = 0;
      this.setOnline(true);
      this.readSoon(0);
      this.tell({ kind: "health", device: null });
    };
    const hear = (name, then) =>
      source.addEventListener(name, ({ data }) => {
        this.heard();
        then(JSON.parse(data));
      });
    hear("hello", ({ build }) => {
      this.build = build;
      this.tell({ kind: "build", build });
    });
    hear("alive", () => {});
    hear("hall", (event) => {
      this.tell({ kind: "event", event });
      this.readSoon();
    });
    hear("health", (data) => this.tell({ kind: "health", ...data }));
    hear("card", (data) => this.tell({ kind: "card", ...data }));
    hear("resync", () => {
      this.tell({ kind: "resync" });
      this.readSoon();
    });
    source.onerror = () => {
      this.setOnline(false);
      if (source.readyState === EventSource.CLOSED) this.connectLater();
    };
  }

  // The browser gives up after a refusal, such as a session of before a restart; reading the queue renews that.
  connectLater() {
    const wait_ms = this.refusals === 0 ? FIRST_RETRY_MS : RETRY_MS;
    this.refusals += 1;
    setTimeout(() => this.read().then(() => this.connect()), wait_ms);
  }

  heard() {
    this.heard_ms = performance.now();
  }

  watchSilence() {
    if (this.source.readyState !== EventSource.OPEN || performance.now() - this.heard_ms < SILENCE_MS) return;
    this.setOnline(false);
    this.connect();
  }

  // Tells a page that has just come what the others know already.
  greet(tellOne) {
    if (this.online !== null) tellOne({ kind: "online", online: this.online });
    if (this.build !== null) tellOne({ kind: "build", build: this.build });
    if (this.last) tellOne(this.last);
  }

  setOnline(online) {
    if (this.online === online) return;
    this.online = online;
    this.tell({ kind: "online", online });
  }

  readSoon(delay_ms = SETTLE_MS) {
    this.again = true;
    if (this.timer || this.reading) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      this.read();
    }, delay_ms);
  }

  // One reading at a time, so that an older answer never comes after a newer one.
  async read() {
    if (this.reading) return;
    this.reading = true;
    this.again = false;
    let next_ms = SETTLE_MS;
    try {
      this.last = await readQueue();
      this.tell(this.last);
    } catch {
      this.again = this.online === true; // offline, the next connection reads anyway
      next_ms = RETRY_MS;
    }
    this.reading = false;
    if (this.again) this.readSoon(next_ms);
  }
}

// The queue now, as the pages are told it.
export async function readQueue() {
  const response = await request(QUEUE, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS) });
  if (!response.ok) throw new Error(`${QUEUE}: ${response.status}`);
  const told_ms = Date.parse(response.headers.get("Date") ?? "");
  const offset_ms = Number.isNaN(told_ms) ? 0 : told_ms - Date.now();
  return { kind: "queue", queue: await response.json(), offset_ms };
}
