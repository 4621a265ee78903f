// Every matter of the hall by its names: the lists of an area, of a department, of what was found.

import { get } from "./api.js";
import { both, by, clockTime, dayName, el, say, show, word } from "./dom.js";

const RETRY_MS = 2000;

export class Matters {
  // pagers: told when a list is another one.
  constructor(pagers) {
    this.pagers = pagers;
    this.all = [];
    this.byCode = new Map();
    this.lines = new Map();
    this.timer = null;
  }

  // Read the names, until they are had; again when they may be other ones.
  async load() {
    clearTimeout(this.timer);
    const found = await get("/kiosk/matters.json").catch(() => null);
    if (!found) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(), RETRY_MS);
      return;
    }
    this.all = found;
    this.byCode = new Map(found.map((matter) => [matter.code, matter]));
  }

  showArea(area) {
    show(by("list-title"), document.querySelector(`button[data-area="${CSS.escape(area)}"] b`).cloneNode(true));
    this.fill("matters", this.all.filter((matter) => matter.area === area));
  }

  showDepartment(department) {
    show(by("list-title"), both({ zh: department, en: "" }));
    this.fill("matters", this.all.filter((matter) => matter.department === department));
  }

  // What was found, by its codes, those that can be taken now no sooner than the others: the order is the search's.
  // How many this kiosk has of them.
  showFound(codes) {
    const matters = codes.map((code) => this.byCode.get(code)).filter(Boolean);
    this.fill("found", matters);
    return matters.length;
  }

  fill(id, matters) {
    by(id).replaceChildren(...matters.map((matter) => el("li", {}, this.button(matter))));
    this.pagers.restart(id);
  }

  button(matter) {
    const attributes = { type: "button", class: "matter", "data-matter": matter.code, "data-line": matter.line };
    const button = el("button", attributes, el("b", {}, both({ zh: matter.name, en: matter.name_en })), el("em", { hidden: true }));
    this.mark(button);
    return button;
  }

  // What the hall says of its lines now.
  setLines(lines) {
    this.lines = new Map(lines.map((line) => [line.id, line]));
    for (const button of document.querySelectorAll("button[data-line]")) this.mark(button);
  }

  // Whether a number can be taken now, else when.
  mark(button) {
    const line = this.lines.get(button.dataset.line);
    const shut = Boolean(line && !line.accepting);
    button.classList.toggle("closed", shut);
    const note = button.querySelector("em");
    note.hidden = !shut;
    if (shut) show(note, line.opens_at ? opensAt(line.opens_at) : say(line.reason === "line_full" ? "kiosk.full_now" : "kiosk.closed_line"));
  }
}

// When numbers are given again: today the time alone, else the day with it.
export function opensAt(time) {
  const day = dayName(time);
  if (!day) return say("kiosk.opens_at", { time: clockTime(time) });
  const text = word("kiosk.opens_on", { time: clockTime(time), day: "{day}" });
  return both({ zh: text.zh.replace("{day}", day.zh), en: text.en.replace("{day}", day.en) });
}
