// A matter's page: its guide, whether a number can be taken now, and a paper that says what to bring.

import { get, post, raw } from "./api.js";
import { both, by, minutes, say, show } from "./dom.js";
import { opensAt } from "./kiosk-lists.js";

const LOOK_MS = 1000;
const TOLD_MS = 8000;
const TOLD = { queued: "kiosk.notice_queued", printed: "kiosk.notice_printed", failed: "kiosk.notice_failed" };
const ENDED = ["printed", "sent", "failed", "unknown"];

export class MatterPage {
  // matters: what lines there are; onChange: the page looks different now.
  constructor(matters, onChange) {
    this.matters = matters;
    this.onChange = onChange;
    this.code = null;
    this.paper = null; // the job of the paper that was asked for last
    this.timer = null;
  }

  // Fetch the guide. Throws a Problem when it cannot be had.
  async open(code) {
    this.code = code;
    this.tellNotice(null);
    by("sheet").replaceChildren();
    const guide = await (await raw(`/kiosk/matters/${encodeURIComponent(code)}`)).text();
    if (this.code !== code) return;
    const parsed = new DOMParser().parseFromString(guide, "text/html");
    by("sheet").replaceChildren(...parsed.body.childNodes);
    this.mark();
  }

  // Nobody looks at it any more.
  close() {
    this.code = null;
    this.tellNotice(null);
  }

  get line() {
    return this.matters.lines.get(this.matters.byCode.get(this.code)?.line);
  }

  // What the hall says of this matter's line now.
  mark() {
    const now = by("sheet").querySelector(".now");
    if (!now) return;
    const shut = Boolean(this.line && !this.line.accepting);
    now.querySelector(".open").hidden = shut || !this.line;
    now.querySelector(".shut").hidden = !shut;
    for (const button of document.querySelectorAll("#matter [data-take]")) button.hidden = shut;
    if (shut) this.tellShut();
    else if (this.line) this.tellOpen();
    this.onChange();
  }

  tellOpen() {
    const { waiting, estimated_wait_s: wait } = this.line;
    show(by("in-line"), waiting ? say("kiosk.in_line", { waiting }) : say("kiosk.nobody_waits"));
    show(by("in-line-wait"), waiting && wait ? say("kiosk.wait_about", { minutes: minutes(wait) }) : "");
  }

  tellShut() {
    const { reason, reason_zh: zh, reason_en: en, opens_at: opens } = this.line;
    show(by("shut-title"), say(reason === "line_full" ? "kiosk.full_now" : "kiosk.closed_now"));
    show(by("shut-why"), opens ? opensAt(opens) : both({ zh, en }));
  }

  // Whether paper can be had: without it the button for it would be a dead end.
  setPrinter(works) {
    by("print-notice").hidden = !works;
    this.onChange();
  }

  async printNotice() {
    const button = by("print-notice");
    const { code } = this;
    if (button.disabled) return;
    button.disabled = true;
    this.tellNotice("queued");
    try {
      this.follow(await post(`/api/v1/matters/${encodeURIComponent(code)}/notice`), code);
    } catch (problem) {
      if (this.code !== code) return;
      this.tellNotice("failed", problem.text);
      button.disabled = false;
    }
  }

  // Until the paper is there, or is not, or nobody looks at its matter any more.
  follow(paper, code) {
    if (this.code !== code) return;
    const ended = ENDED.includes(paper.state);
    const well = ["printed", "sent"].includes(paper.state);
    this.tellNotice(!ended ? "queued" : well ? "printed" : "failed", paper.detail && { zh: paper.detail_zh, en: paper.detail_en });
    by("print-notice").disabled = !ended;
    if (ended) return;
    this.timer = setTimeout(async () => this.follow(await get(`/api/v1/papers/${paper.id}`).catch(() => paper), code), LOOK_MS);
  }

  tellNotice(state, why = null) {
    const node = by("notice-state");
    clearTimeout(this.timer);
    node.hidden = !state;
    node.dataset.state = state ?? "";
    by("print-notice").disabled = state === "queued";
    if (state) show(node, why ? both(why) : say(TOLD[state]));
    if (state === "printed") this.timer = setTimeout(() => this.tellNotice(null), TOLD_MS);
    this.onChange();
  }
}
