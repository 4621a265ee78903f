// Small helpers for pages: elements, texts in both languages, lists that keep what has not changed.

import words from "./words.js";

const SIGNS = new URL("./signs.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";

export const by = (id) => document.getElementById(id);

// An element with attributes and children; a child may be text.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function filled(text, facts) {
  return text.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "—");
}

// Both languages of a text of the catalogue, such as word("kiosk.take").
export function word(name, facts = {}) {
  const [section, key] = name.split(/\.(.*)/s);
  const found = words[section]?.[key] ?? { zh: name, en: name };
  return { zh: filled(found.zh, facts), en: filled(found.en, facts) };
}

export function allWords(section) {
  return words[section];
}

// A text as nodes in both languages: the style sheet shows the one chosen, or both. What has no English stays Chinese.
export function both({ zh, en }) {
  const nodes = document.createDocumentFragment();
  if (zh === en || !en) nodes.append(el("span", { lang: "zh-CN" }, zh));
  else nodes.append(el("span", { class: "zh", lang: "zh-CN" }, zh), " ", el("span", { class: "en", lang: "en" }, en));
  return nodes;
}

export const say = (name, facts) => both(word(name, facts));

// Put nodes into an element, only when they read differently from what is there.
export function show(node, ...content) {
  const fresh = el("div", {}, ...content);
  if (node.innerHTML !== fresh.innerHTML) node.replaceChildren(...fresh.childNodes);
}

// Make a list show `items`, keeping the nodes (and their focus) of those that have not changed.
export function fill(list, items, keyOf, make) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const print = JSON.stringify(item);
    const kept = old.get(String(keyOf(item)));
    if (kept?.dataset.print === print) return kept;
    const node = make(item);
    node.dataset.key = keyOf(item);
    node.dataset.print = print;
    return node;
  });
  const same = nodes.length === list.children.length && nodes.every((node, index) => node === list.children[index]);
  if (!same) list.replaceChildren(...nodes);
}

export const minutes = (seconds) => Math.max(1, Math.ceil(seconds / 60));

// A sign of the sprite, such as sign("ticket"); where no words stand beside it, give it a label.
export function sign(name, label = "") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SIGNS}#${name}`);
  svg.setAttribute("class", "sign");
  svg.setAttribute("focusable", "false");
  if (label) svg.setAttribute("role", "img");
  svg.setAttribute(label ? "aria-label" : "aria-hidden", label || "true");
  svg.append(use);
  return svg;
}

const inHall = new Intl.DateTimeFormat("zh-CN", {
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
  timeZone: document.body.dataset.timezone,
});

// A time of the API, or now, as the hall's own clock shows it.
export function clockTime(text) {
  return inHall.format(text ? new Date(text) : new Date());
}

const dayInHall = (language, options) =>
  new Intl.DateTimeFormat(language, { timeZone: document.body.dataset.timezone, ...options });
const isoDay = dayInHall("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
const dayIn = {
  zh: dayInHall("zh-CN", { month: "long", day: "numeric", weekday: "short" }),
  en: dayInHall("en-GB", { weekday: "long", day: "numeric", month: "long" }),
};

// The day of a time of the API in both languages; null when it is today.
export function dayName(text) {
  const time = new Date(text);
  if (isoDay.format(time) === isoDay.format(new Date())) return null;
  return { zh: dayIn.zh.format(time), en: dayIn.en.format(time) };
}

export function runClock(node) {
  const tick = () => {
    node.textContent = clockTime();
  };
  tick();
  setInterval(tick, 5000);
}

export { chooseLanguage } from "./language.js";
