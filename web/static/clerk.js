// The clerk's page: put together from its parts. Each part draws what it is about; clerk-counter.js is what they know.

import { get, post } from "./api.js";
import { by, clockTime, el, say, show } from "./dom.js";
import { at, command, wireCommands } from "./clerk-commands.js";
import { chooseNumber, desk, followHall, onChange } from "./clerk-counter.js";
import { wireDay } from "./clerk-day.js";
import { askLeave, wireDialogs } from "./clerk-dialogs.js";
import { wireGuide } from "./clerk-guide.js";
import { wireLists } from "./clerk-lists.js";
import { wireNotice } from "./clerk-notice.js";
import { wireNow } from "./clerk-now.js";
import { wireTabs } from "./clerk-tabs.js";
import { followTicket } from "./documents.js";

const WINDOW = "kioskd-window"; // this browser's window
const DAY_LOOK_MS = 60_000;

const windowChoice = by("window");
let remembered = localStorage.getItem(WINDOW) !== null;

function sitDown() {
  localStorage.setItem(WINDOW, windowChoice.value);
  chooseNumber(Number(windowChoice.value));
  lookAtCard();
}

function drawSeat({ counter }) {
  if (!counter) return;
  const { clerk, clerk_name: name, clerk_position: position } = counter.window;
  by("sitting-down").hidden = Boolean(clerk);
  takeSeat(counter);
  show(by("signed-in"), clerk ? `${name} · ${position}` : say("clerk.nobody_signed_in"));
}

// Who comes back to the window that this browser remembers sits down at once, if the seat is free.
function takeSeat({ window }) {
  if (!remembered) return;
  remembered = false;
  const me = by("sitting-down").dataset.me;
  const elsewhere = desk.queue?.windows.some((one) => one.clerk === me);
  if (me && !window.clerk && !elsewhere) command("sign-in");
}

// A card on this window's reader: the person, masked, for as long as the daemon's offer stands.
async function lookAtCard() {
  const { offer } = await get(at("card")).catch(() => ({ offer: null }));
  by("card").hidden = !offer;
  show(by("card"), ...(offer ? cardWords(offer) : []));
}

function cardWords({ masked, problem, priority, appointment }) {
  if (problem) return [say(`card.${problem}`)];
  const words = [say("card.at_window"), " ", el("b", {}, masked)];
  if (appointment) words.push(" · ", say("card.at_window_appointment", { time: clockTime(appointment.at), matter: appointment.matter_name }));
  if (priority) words.push(" · ", say("card.at_window_priority"));
  return words;
}

// A clock that jumped: nobody can take a ticket until somebody has looked at the date.
async function lookAtDay() {
  const day = await get("/api/v1/day").catch(() => null);
  if (!day) return;
  by("day").hidden = !day.to_confirm;
  if (day.to_confirm) show(by("day-text"), say("clerk.day_to_confirm", { day: day.to_confirm }));
}

wireCommands();
wireNow();
wireLists();
wireDay();
wireGuide();
wireDialogs();
wireTabs();
wireNotice();
onChange(drawSeat);
onChange(({ counter }) => counter && followTicket(counter.window));

windowChoice.value = localStorage.getItem(WINDOW) ?? windowChoice.value;
if (!windowChoice.value) windowChoice.selectedIndex = 0;
windowChoice.addEventListener("change", sitDown);
by("leave").addEventListener("click", askLeave);
by("confirm-day").addEventListener("click", () => post("/api/v1/day/confirm").catch(() => null).then(lookAtDay));

sitDown();
followHall(lookAtCard);
lookAtDay();
setInterval(lookAtDay, DAY_LOOK_MS);
