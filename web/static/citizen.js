// A citizen's own ticket on a phone: the page is read anew as often as it says itself, the oftener the nearer its turn,
// and at once when the phone is taken out of the pocket. Plain enough for the browser inside WeChat.

const SLOWEST_S = 120;
const connection = document.getElementById("connection");
let timer = 0;
let failures = 0;

const shown = () => document.getElementById("ticket");
const called = (ticket) => ticket.dataset.state === "called";

// What to do next, in a while; a little spread, so that not all phones of the hall ask in one moment.
function again() {
  clearTimeout(timer);
  const wait_s = Number(shown().dataset.againS) * (1 + failures);
  if (wait_s > 0 && !document.hidden) timer = setTimeout(refresh, Math.min(wait_s, SLOWEST_S) * 1000 * (0.9 + Math.random() / 5));
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden) return;
  try {
    const response = await fetch(location.pathname, { cache: "no-cache" });
    if (response.status >= 500) throw new Error(String(response.status));
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("ticket");
    if (fresh) showFresh(fresh);
    failures = 0;
  } catch (error) {
    failures += 1;
  }
  connection.hidden = failures === 0;
  again();
}

function showFresh(fresh) {
  const before = shown();
  if (fresh.outerHTML === before.outerHTML.replace(/ open=""/, "")) return;
  // Whoever is about to cancel must not lose the question under the finger, unless it is answered by a call.
  const asked = before.querySelector("#cancel[open]");
  const cancel = fresh.querySelector("#cancel");
  if (asked && cancel) cancel.open = true;
  before.replaceWith(document.adoptNode(fresh));
  showCall(before);
}

// Seen without looking: the phone shakes, and the title says where to go.
function showCall(before) {
  const ticket = shown();
  document.title = called(ticket) ? `▶ ${ticket.dataset.number} → ${ticket.dataset.window}` : ticket.dataset.number;
  if (called(ticket) && !called(before) && navigator.vibrate) navigator.vibrate([400, 200, 400]);
}

document.addEventListener("visibilitychange", refresh);
again();
