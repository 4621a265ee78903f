// What stands beside the commands: the queue, the matter's guide, papers before the camera.

import { by } from "./dom.js";
import { openDocuments } from "./documents.js";

const tabs = [...document.querySelectorAll("[role=tab]")];
const nameOf = (tab) => tab.id.replace("tab-", "");

function choose(name) {
  for (const tab of tabs) {
    const chosen = nameOf(tab) === name;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    by(`${nameOf(tab)}-panel`).hidden = !chosen;
  }
  document.querySelector(".desk").classList.toggle("with-documents", name === "documents");
  openDocuments(name === "documents");
}

const isChosen = (tab) => tab.getAttribute("aria-selected") === "true";

// A tab's key once more goes back to the queue; a mouse that presses it again means it.
function press(event, tab) {
  choose(isChosen(tab) && !event.isTrusted ? "queue" : nameOf(tab));
}

function move(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = tabs[(tabs.indexOf(event.currentTarget) + step + tabs.length) % tabs.length];
  choose(nameOf(next));
  next.focus();
}

export function wireTabs() {
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => press(event, tab));
    tab.addEventListener("keydown", move);
  }
  choose("queue");
}
