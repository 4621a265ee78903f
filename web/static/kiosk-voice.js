// In voice mode the screen speaks: the heading of a new screen, then whatever is focused or touched.

const LONGEST = 150; // characters of one saying

export class Voice {
  constructor() {
    this.on = false;
    this.language = "zh";
    this.sound = null;
    document.addEventListener("focusin", ({ target }) => this.say(target));
    document.addEventListener("pointerdown", ({ target }) => this.say(target.closest("button, h2, h3, p, li, dd, dt")));
  }

  set({ on, language }) {
    const begins = on.has("voice") && !this.on;
    this.on = on.has("voice");
    this.language = language;
    if (!this.on) this.stop();
    return begins;
  }

  stop() {
    this.sound?.pause();
    this.sound = null;
  }

  // Speak what an element says, in place of what is being said.
  say(element) {
    const text = this.on && element && spoken(element);
    if (!text || (text === this.last && this.sound && !this.sound.ended)) return;
    this.last = text;
    this.stop();
    this.sound = new Audio(`/speech?language=${this.language}&text=${encodeURIComponent(text)}`);
    this.sound.play().catch(() => {}); // no loudspeaker, no voice: the screen says it too
  }
}

// Its label, or the text that is seen of it.
function spoken(element) {

  const text = element.getAttribute?.("aria-label") || element.innerText || "";
  return text.replace(/\s+/g, " ").trim().slice(0, LONGEST);
}
