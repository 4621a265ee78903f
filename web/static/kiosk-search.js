// Finding a matter on an on-screen keyboard: letters are pinyin; characters are offered from the matters' own names, so
// that no input method is needed.

import { get } from "./api.js";
import { by, el } from "./dom.js";

const LONGEST = 20;
const MOST_FOUND = 60;
const CHARACTERS_OFFERED = 10;

export class Search {
  constructor(matters) {
    this.matters = matters;
    this.chosen = ""; // characters
    this.letters = "";
    this.readings = null; // pinyin → the characters of the matters' names that are read so
    this.asked = 0;
  }

  async open() {
    this.readings ??= await get("/kiosk/characters.json").catch(() => null);
    if (this.letters) this.changed(); // somebody typed before they were there
  }

  get typed() {
    return this.chosen + this.letters.toUpperCase();
  }

  clear() {
    this.chosen = "";
    this.letters = "";
    this.changed();
  }

  press(key) {
    if (key === "clear") return this.clear();
    if (key === "delete") {
      if (this.letters) this.letters = this.letters.slice(0, -1);
      else this.chosen = this.chosen.slice(0, -1);
    } else if (this.typed.length < LONGEST) this.letters += key;
    this.changed();
  }

  // A character takes the place of the letters that spelled it.
  choose(character, spelled) {
    this.chosen += character;
    this.letters = this.letters.slice(spelled);
    this.changed();
  }

  async changed() {
    by("typed").textContent = this.typed;
    by("characters").replaceChildren(...this.offers().map(([character, spelled]) => keyOf(character, spelled)));
    const wanted = this.chosen || this.letters;
    this.asked += 1;
    const mine = this.asked;
    const found = wanted ? await get(`/api/v1/matters?limit=${MOST_FOUND}&q=${encodeURIComponent(wanted)}`).catch(() => ({ items: [] })) : { items: [] };
    if (mine !== this.asked) return;
    const shown = this.matters.showFound(found.items.map(({ code }) => code));
    by("nothing-found").hidden = !wanted || shown > 0;
  }

  // The characters to touch next, each with how many letters it stands for: those that can follow what is chosen.
  offers() {
    const following = this.following();
    if (!this.letters) return [...following].slice(0, CHARACTERS_OFFERED).map((character) => [character, 0]);
    const spelled = new Map();
    for (const [reading, characters] of Object.entries(this.readings ?? {})) {
      const length = spells(reading, this.letters);
      if (!length) continue;
      for (const character of characters) {
        if (!this.chosen || following.has(character)) spelled.set(character, Math.max(length, spelled.get(character) ?? 0));
      }
    }
    return [...spelled].sort(([, one], [, other]) => other - one).slice(0, CHARACTERS_OFFERED);
  }

  following() {
    if (!this.chosen) return new Set();
    const found = new Set();
    for (const { name } of this.matters.all) {
      for (let at = name.indexOf(this.chosen); at >= 0; at = name.indexOf(this.chosen, at + 1)) {
        const next = name[at + this.chosen.length];
        if (next && /\p{Script=Han}/u.test(next)) found.add(next);
      }
    }
    return found;
  }
}

// How many of these letters a reading stands for: all of them, its whole length, its initial, or none.
function spells(reading, letters) {
  if (reading.startsWith(letters)) return letters.length;
  if (letters.startsWith(reading)) return reading.length;
  return reading[0] === letters[0] ? 1 : 0;
}

function keyOf(character, spelled) {
  return el("button", { type: "button", "data-character": character, "data-spelled": spelled, lang: "zh-CN" }, character);
}
