// Pictures of statistics are drawn by the server in one language and one theme: ask for the one the page is in.

const wanted = () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return new URLSearchParams({ language: root.dataset.language === "en" ? "en" : "zh", theme: dark ? "dark" : "light" });
};

// Show each picture anew when the language or the theme changes; or at once, with what has happened since.
export function refreshPictures(mark = "") {
  for (const image of document.querySelectorAll("[data-picture]")) {
    const query = wanted();
    if (mark) query.set("at", mark);
    const address = `${new URL(image.currentSrc || image.src).pathname}?${query}`;
    for (const source of image.parentElement.querySelectorAll("source")) source.remove();
    if (image.getAttribute("src") !== address) image.setAttribute("src", address);
  }
}

export function followLook() {
  new MutationObserver(() => refreshPictures()).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["data-language", "data-theme"],
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => refreshPictures());
}
