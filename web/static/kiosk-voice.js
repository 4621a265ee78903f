// In voice mode the screen speaks: the heading of a new screen, then whatever is focused or touched.

const LONGEST = 150; // characters of one saying
const REST_MS = 150; // whoever hurries along with the Tab key hears where they stop
const HAN = /\p{Script=Han}/u;

export class Voice {
  constructor() {
    this.on = false;
    this.language = "zh";
    this.sound = null;
    this.soon = null;
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
    clearTimeout(this.soon);
    this.sound?.pause();
    this.sound = null;
  }

  // Speak what elements say, one after another, in place of what is being said.
  say(...elements) {
    const text = this.on && elements.map((one) => one && spoken(one)).filter(Boolean).join("，").slice(0, LONGEST);
    if (!text || (text === this.last && this.sound && !this.sound.ended)) return;
    this.last = text;
    this.stop();
    this.soon = setTimeout(() => this.speak(text), REST_MS);
  }

  speak(text) {
    // What is there in Chinese alone is read as Chinese: an English voice would say "Chinese letter" for each.
    const language = HAN.test(text) ? "zh" : this.language;
    const sound = new Audio(`/speech?language=${language}&text=${encodeURIComponent(text)}`);
    this.sound = sound;
    // No loudspeaker, no voice, or too much at once: the screen says it too, and the next touch tries again.
    sound.play().catch(() => {
      if (this.sound === sound) this.sound = null;
    });
  }
}

// Its label, or the text that is seen of it.
function spoken(element) {
  const text = element.getAttribute?.("aria-label") || element.innerText || "";
  return text.replace(/\s+/g, " ").trim();
}
