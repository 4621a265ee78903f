// The clerk's desk. Two presses are one thing: a command waits until the one before it is answered and shown.

import { get, post } from "./api.js";
import { followTicket } from "./documents.js";
import { both, by, clockTime, el, fill, say, show } from "./dom.js";
import { watch } from "./live.js";

const SETTLE_MS = 500; // a second press so soon after the answer is the same press
const DAY_LOOK_MS = 60_000;

const windowChoice = by("window");
const buttons = [...document.querySelectorAll("[data-command]")];
let queue = null;
let busy = false;

windowChoice.value = localStorage.getItem("kioskd-window") ?? windowChoice.value;
if (!windowChoice.value) windowChoice.selectedIndex = 0;

const windowNow = () => queue?.windows.find((window) => window.number === Number(windowChoice.value));
const at = (path) => `/api/v1/windows/${windowChoice.value}/${path}`;

// What each command needs of the window before it makes sense; the hall has the last word.
const POSSIBLE = {
  "call-next": (window) => window.state === "open" && window.ticket?.state !== "called" && window.waiting > 0,
  recall: (window) => window.ticket?.state === "called",
  start: (window) => window.ticket?.state === "called",
  finish: (window) => window.ticket?.state === "serving",
  "no-show": (window) => window.ticket?.state === "called",
  hold: (window) => Boolean(window.ticket),
  "resume-ticket": (window) => !window.ticket && window.state === "open" && heldHere(window).length > 0,
  "invite-rating": (window) => Boolean(window.last_finished) && !window.last_finished.rating,
  pause: (window) => window.state === "open" && !window.ticket,
  resume: (window) => window.state === "paused",
  transfer: (window) => Boolean(window.ticket),
  open: (window) => window.state === "closed",
  close: (window) => window.state !== "closed" && !window.ticket,
  "sign-in": (window) => !window.clerk,
  "sign-out": (window) => Boolean(window.clerk),
};

const BODY = {
  // Calling while somebody is served finishes that service first.
  "call-next": (window) => ({ finish_current: window.ticket?.state === "serving" }),
  pause: () => ({ reason: by("pause-reason").value }),
  transfer: () => {
    const [kind, value] = by("transfer-to").value.split(/:(.*)/s);
    return kind === "line" ? { line: value } : { window: Number(value) };
  },
  "sign-in": () => ({ clerk: by("clerk").value }),
};

const heldHere = (window) => queue.held.filter((ticket) => ticket.window === window.number);

async function send(path, body) {
  if (busy) return;
  busy = true;
  by("trouble").hidden = true;
  try {
    take(await post(path, body));
  } catch (problem) {
    show(by("trouble"), both(problem.text));
    by("trouble").hidden = false;
  }
  setTimeout(() => {
    busy = false;
  }, SETTLE_MS);
}

// A window's command answers with the window as it then is: shown at once, before the live event comes.
function take(answer) {
  const index = queue.windows.findIndex((window) => window.number === answer.number);
  if (index >= 0 && "rating_invited" in answer) queue.windows[index] = answer;
  render();
}

function give(command) {
  const window = windowNow();
  if (window && POSSIBLE[command](window)) send(at(command), BODY[command]?.(window) ?? {});
}

function ticketRow(ticket) {
  const aside = ticket.state === "waiting" ? [] : [el("em", {}, say(`ticket.${ticket.state}`))];
  const special = ticket.priority === "ordinary" ? [] : [el("em", { class: ticket.priority }, say(`ticket.${ticket.priority}`))];
  const row = el(
    "li",
    { "data-ticket": ticket.number, "data-state": ticket.state },
    el("b", {}, ticket.number),
    el("span", { class: "title" }, ticket.matter_name),
    ...special,
    ...aside,
    el("button", { type: "button", class: "second", onclick: () => send(at("call"), { ticket: ticket.id }) }, say("clerk.call")),
  );
  const more = (name) => row.append(el("button", { type: "button", class: "second", onclick: () => send(`/api/v1/tickets/${ticket.id}/${name}`) }, say(`clerk.${name}`)));
  if (ticket.state === "waiting") more("reprint");
  else more("requeue");
  return row;
}

function about(ticket) {
  if (!ticket) return "";
  return el("span", {}, ticket.matter_name, " · ", say(`ticket.${ticket.state}`), " · ", say("clerk.recalled", { calls: ticket.calls }));
}

function lastText({ last_finished: last, rating_invited: invited }) {
  if (!last) return [];
  const rating = last.rating ? [" · ", say("clerk.rated", { rating: last.rating })] : [];
  return [say("clerk.last", { number: last.number }), ...(invited ? [" · ", say("clerk.rating_invited")] : []), ...rating];
}

function render() {
  const window = windowNow();
  if (!window) return;
  by("now").dataset.state = window.ticket ? window.ticket.state : window.state;
  show(by("window-state"), say(`window.${window.state}`), window.pause_reason ? ` (${window.pause_reason})` : "");
  show(by("signed-in"), window.clerk ? `${window.clerk_name} · ${window.clerk_position}` : say("clerk.nobody_signed_in"));
  show(by("number"), window.ticket ? window.ticket.number : say("clerk.nobody"));
  show(by("about"), about(window.ticket));
  show(by("last"), ...lastText(window));
  for (const button of buttons) button.disabled = !POSSIBLE[button.dataset.command](window);
  renderLists(window);
  followTicket(window);
}

function renderLists(window) {
  const mine = (ticket) => (ticket.for_window ? ticket.for_window === window.number : window.lines.includes(ticket.line));
  const waiting = queue.waiting.filter(mine);
  show(by("waiting-count"), say("clerk.waiting_list", { count: waiting.length }));
  by("empty").hidden = waiting.length > 0;
  fill(by("waiting"), waiting.slice(0, 50), (ticket) => ticket.id, ticketRow);
  fill(by("aside"), [...heldHere(window), ...queue.no_shows.filter(mine)], (ticket) => ticket.id, ticketRow);
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

function pressKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.target.closest("select, input")) return;
  const button = buttons.find((one) => one.dataset.shortcut === event.key.toLowerCase());
  if (button) {
    event.preventDefault();
    give(button.dataset.command);
  }
}

for (const button of buttons) button.addEventListener("click", () => give(button.dataset.command));
document.addEventListener("keydown", pressKey);
windowChoice.addEventListener("change", () => {
  localStorage.setItem("kioskd-window", windowChoice.value);
  by("waiting").replaceChildren(); // their buttons call to the window chosen before
  by("aside").replaceChildren();
  lookAtCard();
  render();
});
watch((message) => {
  if (message.kind === "card" && message.window !== null) lookAtCard();
  if (message.kind !== "queue") return;
  queue = message.queue;
  render();
});
by("confirm-day").addEventListener("click", () => post("/api/v1/day/confirm").catch(() => null).then(lookAtDay));
lookAtCard();
lookAtDay();
setInterval(lookAtDay, DAY_LOOK_MS);
