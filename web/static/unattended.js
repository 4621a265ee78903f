// Pages that nobody sits at run for months: they read themselves anew when the daemon's pages have changed, and once a
// night. Never while the daemon is away: a reload would then end on the browser's own error page, and stay there.

import { hallTime } from "./hall-clock.js";

const NIGHT_HOUR = 3;
const LOOK_EVERY_MS = 60000;
const SPREAD_MS = 20000; // not all screens of the hall at once

// Whether a page is to be had now: whoever leaves for one that is not stays with the browser's own error.
export async function answers(address) {
  const page = await fetch(address, { cache: "no-store" }).catch(() => null);
  return Boolean(page?.ok);
}

// free: whether the page may go now, such as when no citizen stands before it.
// Returns what to call when the page is to read itself anew for a reason of its own.
export function renewByItself(free = () => true) {
  let due = false;
  let lastDay = hallTime().day;
  const renew = async () => {
    if (!due || !free() || document.documentElement.dataset.live !== "on") return;
    if ((await answers(location.href)) && free()) location.reload();
  };
  const renewSoon = () => {
    due = true;
    setTimeout(renew, Math.random() * 2000);
  };
  document.addEventListener("outdated", renewSoon);
  setInterval(() => {
    const { day, hour } = hallTime();
    if (hour === NIGHT_HOUR && day !== lastDay) {
      lastDay = day;
      due = true;
    }
    if (due) setTimeout(renew, Math.random() * SPREAD_MS);
  }, LOOK_EVERY_MS);
  return renewSoon;
}
