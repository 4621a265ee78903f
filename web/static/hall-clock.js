// The time in the hall: its own time zone, and the daemon's clock where this machine's differs (dead batteries are
// common in screens).

const zone = { timeZone: document.body.dataset.timezone };
const clock = new Intl.DateTimeFormat("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const parts = new Intl.DateTimeFormat("en-CA", {
  ...zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", hourCycle: "h23",
});
const dateZh = new Intl.DateTimeFormat("zh-CN", { ...zone, month: "long", day: "numeric", weekday: "long" });
const dateEn = new Intl.DateTimeFormat("en-GB", { ...zone, day: "numeric", month: "short", weekday: "short" });
let offset_ms = 0;

// The daemon's clock is so far ahead of this machine's. Less than two seconds is the way of the answer.
export function setOffset(ms) {
  offset_ms = Math.abs(ms) < 2000 ? 0 : ms;
}

export const now = () => new Date(Date.now() + offset_ms);

// The day, YYYY-MM-DD, and the hour on the hall's wall.
export function hallTime(at = now()) {
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: `${found.year}-${found.month}-${found.day}`, hour: Number(found.hour) };
}

export const wallTime = (at = now()) => clock.format(at);
export const wallDate = (at = now()) => ({ zh: dateZh.format(at), en: dateEn.format(at) });
