// Feedback on the kiosk: it looks as the kiosk did, whoever walks away leaves the screen to the next person, and no way
// leads out of our own pages while the daemon is away.

import { dress, keptModes } from "./kiosk-modes.js";
import { answers } from "./unattended.js";

const HOME = "/kiosk";
const QUIET_MS = 60_000;
const AGAIN_MS = 5000;

let timer = null;
let leaving = false;

function restart() {
  clearTimeout(timer);
  timer = setTimeout(goHome, QUIET_MS);
}

// Once the page that comes next is to be had; till then this one says that the daemon is away.
async function leaveFor(address, go) {
  if (leaving) return;
  leaving = true;
  if (await answers(address)) return go();
  leaving = false;
  document.getElementById("connection").hidden = false;
}

async function goHome() {
  clearTimeout(timer);
  timer = setTimeout(goHome, AGAIN_MS);
  await leaveFor(HOME, () => location.replace(HOME));
}

dress(keptModes());
for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, restart);
document.addEventListener("click", (event) => {
  if (!event.target.closest?.(`a[href="${HOME}"]`)) return;
  event.preventDefault();
  goHome();
});
document.addEventListener("submit", (event) => {
  event.preventDefault();
  leaveFor("/healthz", () => event.target.submit());
});
restart();
