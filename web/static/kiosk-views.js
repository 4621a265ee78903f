// Which screen is shown, and the way back: home → area → matter → result.

import { by } from "./dom.js";

export class Views {
  // onShow: called with the place whenever another one is shown. A place is {view, …}.
  constructor(onShow) {
    this.trail = [{ view: "home" }];
    this.sections = [...document.querySelectorAll("main > [data-view]")];
    this.onShow = onShow;
  }

  get now() {
    return this.trail.at(-1);
  }

  go(place) {
    this.trail.push(place);
    this.show();
  }

  back() {
    if (this.trail.length > 1 && this.now.view !== "result") this.trail.pop();
    this.show();
  }

  // What a new person begins with is another screen from now on.
  beginAt(place) {
    this.trail[0] = place;
    if (this.trail.length === 1) this.show();
  }

  // To the first screen of a new person.
  home(place = { view: "home" }) {
    this.trail = [place];
    this.show();
  }

  show() {
    const place = this.now;
    for (const section of this.sections) section.hidden = section.dataset.view !== place.view;
    const inside = this.trail.length > 1 && place.view !== "result";
    by("back").hidden = !inside;
    by("home").hidden = !inside;
    by("trouble").hidden = true;
    document.body.dataset.now = place.view;
    this.onShow(place);
  }

  // Where somebody with a keyboard, or who listens, begins: the heading of what is shown now.
  focusHeading() {
    const heading = this.sections.find((section) => !section.hidden)?.querySelector("h2");
    heading?.focus({ preventScroll: true });
  }
}
