// Feedback on the kiosk: whoever walks away leaves the screen to the next person.

const QUIET_MS = 60_000;

let timer = null;

function restart() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace("/kiosk"), QUIET_MS);
}

for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, restart);
restart();
