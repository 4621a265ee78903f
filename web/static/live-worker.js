// Shared by all pages of a browser: browsers open six connections to a host and no more, so ten pages share one stream.

import { servedPages } from "./api.js";
import { Hub } from "./live-hub.js";

const pages = new Set();
const hub = new Hub((message) => pages.forEach((page) => page.postMessage(message)));
let started = false;

globalThis.onconnect = ({ ports: [page] }) => {
  pages.add(page);
  page.onmessage = ({ data }) => {
    if (data.bye) pages.delete(page);
    if (!data.path) return;
    servedPages.add(data.path);
    hub.greet((message) => page.postMessage(message));
    if (started) return;
    started = true;
    hub.start();
  };
};
