// Long lists go by pages, never by scrolling: a page is as many choices as the style sheet gives rows and columns for.
// A long text goes by the height of its place.

import { say, show } from "./dom.js";

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
    const paged = this.list.hasAttribute("data-paged");
    const pages = paged ? Math.ceil(this.list.children.length / this.perPage) : this.screens;
    this.page = Math.max(0, Math.min(this.page, pages - 1));
    if (paged) this.showPage();
    this.tell(pages);
  }

  get perPage() {
    const style = getComputedStyle(this.list);
    return Number(style.getPropertyValue("--rows")) * Number(style.getPropertyValue("--columns"));
  }

  // How many turns a text takes; its place gets smaller once the pager is there.
  get screens() {
    if (this.list.scrollHeight > this.list.clientHeight + 2) this.node.hidden = false;
    return Math.ceil(this.list.scrollHeight / this.list.clientHeight - 0.02);
  }

  showPage() {
    const first = this.page * this.perPage;
    [...this.list.children].forEach((item, index) => {
      item.hidden = index < first || index >= first + this.perPage;
    });
  }

  tell(pages) {
    this.node.hidden = pages < 2;
    const [previous, next] = this.node.querySelectorAll("[data-page]");
    previous.disabled = this.page === 0;
    next.disabled = this.page >= pages - 1;
    show(this.node.querySelector("output"), say("kiosk.page_of", { page: this.page + 1, pages }));
  }

  turn(by) {
    this.page += by;
    if (!this.list.hasAttribute("data-paged")) this.list.scrollTop = this.page * this.list.clientHeight;
    this.refresh();
  }
}
