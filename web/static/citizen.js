// A citizen's own ticket on a phone: the page is read anew every few seconds, and at once when it comes back to sight.

const EVERY_MS = 5000;
const connection = document.getElementById("connection");

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(location.pathname, { cache: "no-store" });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("ticket");
    const shown = document.getElementById("ticket");
    if (fresh && fresh.innerHTML !== shown.innerHTML) shown.replaceWith(document.adoptNode(fresh));
    connection.hidden = true;
  } catch {
    connection.hidden = false;
  }
}

setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
