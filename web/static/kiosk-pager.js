// Long lists go by pages, never by scrolling: a page is as many choices as the style sheet gives rows and columns for.
// A long text goes by the height of its place.

import { say, show } from "./dom.js";

const BLOCKS = "h2, .now, h3, .bring > p, li, figure, .units > div";
const MOST_PAGES = 50;

export class Pagers {
  constructor() {
    this.pagers = [...document.querySelectorAll("[data-pager]")].map((node) => new Pager(node));
    new ResizeObserver(() => this.refresh()).observe(document.body);
  }

  // Something was filled, hidden or made larger: count anew.
  refresh() {
    for (const pager of this.pagers) pager.refresh();
  }

  // A list is another one now: it begins at its first page.
  restart(id) {
    const pager = this.pagers.find(({ list }) => list.id === id);
    pager.page = 0;
    pager.list.scrollTop = 0;
    pager.refresh();
  }

  turn(button) {
    const node = button.closest("[data-pager]");
    this.pagers.find((pager) => pager.node === node).turn(Number(button.dataset.page));
  }
}

class Pager {
  constructor(node) {
    this.node = node;
    this.list = document.getElementById(node.dataset.pager);
    this.page = 0;
  }

  refresh() {
    if (!this.list.offsetParent) return;
    if (this.list.hasAttribute("data-paged")) this.refreshList();
    else this.refreshText();
  }

  refreshList() {
    const pages = Math.ceil(this.list.children.length / this.perPage);
    this.tell(pages);
    const first = this.page * this.perPage;
    [...this.list.children].forEach((item, index) => {
      item.hidden = index < first || index >= first + this.perPage;
    });
  }

  // A text is cut between its blocks, never through a line.
  refreshText() {
    const { list } = this;
    if (list.scrollHeight > list.clientHeight + 2) this.node.hidden = false; // its place gets smaller now: measure then
    const top = list.getBoundingClientRect().top - list.scrollTop;
    const blocks = [...list.querySelectorAll(BLOCKS)].map((node) => {
      const box = node.getBoundingClientRect();
      return { node, top: box.top - top, bottom: box.bottom - top };
    });
    const starts = pagesOf(blocks, list.clientHeight, list.scrollHeight);
    this.tell(starts.length);
    const end = starts[this.page + 1] ?? Infinity;
    for (const { node, top: at } of blocks) node.classList.toggle("beyond", at >= end - 1);
    list.scrollTop = starts[this.page];
  }

  get perPage() {
    const style = getComputedStyle(this.list);
    return Number(style.getPropertyValue("--rows")) * Number(style.getPropertyValue("--columns"));
  }

  tell(pages) {
    this.page = Math.max(0, Math.min(this.page, pages - 1));
    this.node.hidden = pages < 2;
    const [previous, next] = this.node.querySelectorAll("[data-page]");
    previous.disabled = this.page === 0;
    next.disabled = this.page >= pages - 1;
    show(this.node.querySelector("output"), say("kiosk.page_of", { page: this.page + 1, pages }));
  }

  turn(by) {
    this.page += by;
    this.refresh();
  }
}

// Where each page of a text begins, in pixels from its top. A block higher than a page is cut where it must be.
function pagesOf(blocks, height, whole) {
  const starts = [0];
  while (starts.at(-1) + height < whole - 2 && starts.length < MOST_PAGES) {
    const start = starts.at(-1);
    const next = blocks.find(({ top, bottom }) => top > start + 1 && bottom > start + height + 2);
    const cut = blocks.some(({ top, bottom }) => top <= start + 1 && bottom > start + height + 2);
    if (!next && !cut) break; // what is left is no more than the space below
    starts.push(cut || !next ? start + height : next.top);
  }
  return starts;
}
