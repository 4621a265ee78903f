// The sign-in page: a pad for fingers beside the keyboard, and the account that was used here last.

import { by, chooseLanguage } from "./dom.js";

const LAST = "kioskd-account";
const form = by("door");

for (const button of document.querySelectorAll("[data-language]")) {
  if (button.tagName === "BUTTON") button.addEventListener("click", () => chooseLanguage(button.dataset.language));
}

if (form) {
  const name = by("name");
  const secret = by("secret");
  if (!name.value && localStorage.getItem(LAST)) {
    name.value = localStorage.getItem(LAST);
    secret.focus();
  }
  by("pad").hidden = false;
  by("pad").addEventListener("click", ({ target }) => {
    const key = target.closest("button");
    if (!key) return;
    if ("digit" in key.dataset) secret.value += key.dataset.digit;
    else if ("delete" in key.dataset) secret.value = secret.value.slice(0, -1);
    else secret.value = "";
  });
  form.addEventListener("submit", () => {
    localStorage.setItem(LAST, name.value);
    form.querySelector(".go").disabled = true; // two presses are one attempt
  });
  addEventListener("pageshow", () => {
    form.querySelector(".go").disabled = false;
  });
}
