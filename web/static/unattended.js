// Pages that nobody sits at run for months: they read themselves anew when the daemon's pages have changed, and once a
// night. Never while the daemon is away: a reload would then end on the browser's own error page, and stay there.

import { hallTime } from "./hall-clock.js";

const NIGHT_HOUR = 3;
const LOOK_EVERY_MS = 60000;
const SPREAD_MS = 20000; // not all screens of the hall at once

// free: whether the page may go now, such as when no citizen stands before it.
export function renewByItself(free = () => true) {
  let due = false;
  let lastDay = hallTime().day;
  const renew = async () => {
    if (!due || !free() || document.documentElement.dataset.live !== "on") return;
    const page = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (page?.ok) location.reload();
  };
  document.addEventListener("outdated", () => {
    due = true;
    setTimeout(renew, Math.random() * 2000);
  });
  setInterval(() => {
    const { day, hour } = hallTime();
    if (hour === NIGHT_HOUR && day !== lastDay) {
      lastDay = day;
      due = true;
    }
    if (due) setTimeout(renew, Math.random() * SPREAD_MS);
  }, LOOK_EVERY_MS);
}
