// The whole kiosk by keyboard: Tab and Enter as everywhere; arrows go to the nearest control that way; Escape goes back;
// Page Up and Page Down turn a page.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Keys {
  // onBack, onPage(direction), onType(key): what keys do that are no control of the page.
  constructor({ onBack, onPage, onType }) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (ARROWS[event.key]) move(...ARROWS[event.key]);
      else if (event.key === "Escape") onBack();
      else if (event.key === "PageDown" || event.key === "PageUp") onPage(event.key === "PageDown" ? 1 : -1);
      else if (/^[a-z]$/i.test(event.key)) onType(event.key.toLowerCase());
      else if (event.key === "Backspace") onType("delete");
      else return;
      event.preventDefault();
    });
  }
}

// The controls that can be reached now: of the dialog, where one is open.
function reachable() {
  const dialog = document.querySelector(".over:not([hidden])");
  return [...(dialog ?? document).querySelectorAll("button:not(:disabled)")].filter((button) => button.checkVisibility());
}

function move(x, y) {
  const here = centre(document.activeElement);
  const ahead = reachable()
    .filter((button) => button !== document.activeElement)
    .map((button) => [button, distance(here, centre(button), x, y)])
    .filter(([, far]) => far !== null)
    .sort(([, one], [, other]) => one - other);
  ahead[0]?.[0].focus();
}

function centre(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return element === document.body ? [innerWidth / 2, 0] : [left + width / 2, top + height / 2];
}

// How far a control is in this direction, sideways counted double; null when it is not that way.
function distance([x0, y0], [x1, y1], x, y) {
  const along = (x1 - x0) * x + (y1 - y0) * y;
  const aside = Math.abs((x1 - x0) * y) + Math.abs((y1 - y0) * x);
  return along > 4 ? along + 2 * aside : null;
}
