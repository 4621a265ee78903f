// The language of a page: "zh", "en" or "both". Every page carries both; the style sheet shows what was chosen.
// The cookie lets the server write the next page in it at once. Buttons of a page's switch carry `data-choose-language`.

const ATTRIBUTES = ["aria-label", "placeholder", "title", "alt", "label"];
const page = document.documentElement;

export function chooseLanguage(code) {
  page.dataset.language = code;
  page.lang = code === "en" ? "en" : "zh-CN";
  document.cookie = `kioskd-language=${code}; path=/; max-age=31536000; samesite=strict`;
  writeAttributes(code === "en" ? "en" : "zh");
  markSwitch();
}

// What stands in attributes is in one language at a time: `in_language` in templates writes both beside it.
function writeAttributes(code) {
  const title = document.querySelector("title");
  if (title.dataset[code]) document.title = title.dataset[code];
  for (const name of ATTRIBUTES) {
    for (const node of document.querySelectorAll(`[data-${code}-${name}]`)) node.setAttribute(name, node.getAttribute(`data-${code}-${name}`));
  }
}

function markSwitch() {
  for (const button of document.querySelectorAll("[data-choose-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.chooseLanguage === page.dataset.language));
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-choose-language]");
  if (button) chooseLanguage(button.dataset.chooseLanguage);
});
markSwitch();
