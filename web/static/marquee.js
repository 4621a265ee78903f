// The hall's own messages along the bottom: they run; still, one after another, for those who want nothing to move.

const STILL_MS = 9000;
const PACE = 7; // hundredths of the screen's width a second: slow enough to read

export function runMarquee(marquee) {
  const texts = [...marquee.querySelectorAll("li")];
  if (texts.length === 0) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const track = marquee.querySelector("ul");
  const show = () => {
    marquee.dataset.still = String(still.matches);
    if (!still.matches) {
      const way = ((track.scrollWidth + marquee.clientWidth) / innerWidth) * 100;
      marquee.style.setProperty("--run-s", `${Math.round(way / PACE)}s`);
    }
  };
  let turn = 0;
  setInterval(() => {
    texts.forEach((text, index) => text.classList.toggle("now", index === turn % texts.length));
    turn += 1;
  }, STILL_MS);
  texts[0].classList.add("now");
  still.addEventListener("change", show);
  addEventListener("resize", show);
  show();
}
