// The guide of the ticket's matter: what to have ready, to tick off on the screen, and the other data units.
// The ticks are a courtesy while the citizen stands there: they are kept nowhere.

import { both, by, el, say, show } from "./dom.js";
import { onChange } from "./clerk-counter.js";
import { matterName, matterOf } from "./clerk-matters.js";

const UNITS = ["accept_condition", "handle_flow", "promise", "by_law", "department"];

let shown = null; // what the panel shows, as text

function draw({ counter }) {
  if (!counter) return;
  const ticket = counter.window.ticket ?? counter.window.last_finished;
  const matter = ticket && matterOf(ticket);
  const print = JSON.stringify([ticket?.id, matter]);
  if (print === shown) return;
  shown = print;
  by("guide-panel").replaceChildren(...(matter ? guide(ticket, matter) : [el("p", { class: "note" }, say("clerk.no_guide"))]));
}

function guide(ticket, matter) {
  return [
    el("h2", {}, el("b", {}, ticket.number), " ", both(matterName(ticket))),
    el("h3", {}, say("matter.materials"), " ", el("span", { id: "ticked", class: "note" })),
    matter.material_rows.length ? el("ol", { class: "checklist" }, ...matter.material_rows.map(material)) : el("p", {}, say("matter.none_needed")),
    el("dl", { class: "units" }, ...UNITS.filter((unit) => matter[unit]).flatMap((unit) => [el("dt", {}, say(`matter.${unit}`)), el("dd", {}, matter[unit])])),
  ];
}

function material(row) {
  const box = el("input", { type: "checkbox" });
  box.addEventListener("change", count);
  const copies = row.copies > 1 ? [say("clerk.copies", { copies: row.copies })] : [];
  const more = [row.type, row.format, ...copies, row.note].filter(Boolean).flatMap((text) => [" · ", text]).slice(1);
  return el("li", {}, el("label", {}, box, el("span", { class: "material" }, row.name, ...(more.length ? [el("small", {}, ...more)] : []))));
}

function count() {
  const boxes = [...by("guide-panel").querySelectorAll("input")];
  const there = boxes.filter((box) => box.checked).length;
  show(by("ticked"), say(there === boxes.length ? "clerk.all_there" : "clerk.some_there", { there, all: boxes.length }));
}

export function wireGuide() {
  onChange(draw);
}
