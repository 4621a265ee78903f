// Which lines a window serves today: a dialog with a box for each line. They are served in the order of ticking.

import { both, by, el } from "./dom.js";

let order = [];
let save = null;

// Ask, then give the window's command; `planned` is an empty list: those of the hall file again.
export function chooseLines(window, lines, command) {
  order = [...window.lines];
  by("lines-of-window").textContent = `${window.number} ${window.title}`;
  const rows = lines.map((line) => {
    const box = el("input", { type: "checkbox", id: `serve-${line.id}`, value: line.id, checked: order.includes(line.id) });
    box.addEventListener("change", () => {
      order = order.filter((id) => id !== line.id);
      if (box.checked) order.push(line.id);
      number();
    });
    return el("li", {}, box, el("label", { for: box.id }, line.letter, " ", both({ zh: line.title, en: line.title_en })), el("b", { "data-place": line.id }));
  });
  by("lines-choice").replaceChildren(...rows);
  save = (chosen) => {
    by("lines-of").close();
    command(`windows/${window.number}/lines`, { lines: chosen });
  };
  number();
  by("lines-of").showModal();
}

function number() {
  for (const place of by("lines-choice").querySelectorAll("[data-place]")) {
    const at = order.indexOf(place.dataset.place);
    place.textContent = at < 0 ? "" : String(at + 1);
  }
  by("lines-save").disabled = order.length === 0;
}

by("lines-save").addEventListener("click", () => save(order));
by("lines-planned").addEventListener("click", () => save([]));
