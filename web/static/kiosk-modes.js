// How the kiosk is used: large type with few choices, high contrast, everything in reach of a wheelchair, spoken, in
// another language. One touch each; all of them go back when the next person comes.

import { by, chooseLanguage } from "./dom.js";

const MODES = ["elder", "contrast", "low", "voice"];
const HOME_LANGUAGE = "zh";
const KEPT = "kioskd-modes";

// How a page looks in these modes.
export function dress(on) {
  const root = document.documentElement;
  for (const mode of MODES) if (mode !== "contrast") root.toggleAttribute(`data-${mode}`, on.has(mode));
  // Large type has strong contrast as well; the mode of its own is white and yellow on black.
  root.dataset.theme = on.has("contrast") ? "dark" : "light";
  if (on.has("contrast") || on.has("elder")) root.dataset.contrast = "high";
  else delete root.dataset.contrast;
}

// The modes that the kiosk was in when its person went on to another of its pages.
export const keptModes = () => new Set((sessionStorage.getItem(KEPT) ?? "").split(" "));

export class Modes {
  // onChange: called with the modes that are on and the language.
  constructor(onChange) {
    this.on = new Set();
    this.language = HOME_LANGUAGE;
    this.onChange = onChange;
  }

  get changed() {
    return this.on.size > 0 || this.language !== HOME_LANGUAGE;
  }

  toggle(mode) {
    const on = !this.on.has(mode);
    this.set(mode, on);
    if (mode === "elder") this.set("voice", on); // who wants it large is read to as well; the button there ends it
    this.apply();
  }

  set(mode, on) {
    if (on) this.on.add(mode);
    else this.on.delete(mode);
  }

  switchLanguage() {
    this.language = this.language === "zh" ? "en" : "zh";
    this.apply();
  }

  reset() {
    this.on.clear();
    this.language = HOME_LANGUAGE;
    this.apply();
  }

  apply() {
    dress(this.on);
    sessionStorage.setItem(KEPT, [...this.on].join(" "));
    for (const mode of MODES) document.querySelector(`[data-mode="${mode}"]`).setAttribute("aria-pressed", String(this.on.has(mode)));
    chooseLanguage(this.language);
    by("language").setAttribute("aria-label", this.language === "zh" ? "English" : "中文");
    this.onChange(this);
  }
}
