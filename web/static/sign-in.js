// The sign-in page: a pad for fingers beside the keyboard, and the account that was used here last.

import { by } from "./dom.js";

const LAST = "kioskd-account";
const form = by("door");

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
    by("go").disabled = true; // two presses are one attempt
  });
  addEventListener("pageshow", () => {
    by("go").disabled = false;
  });
}
