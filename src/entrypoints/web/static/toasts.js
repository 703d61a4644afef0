import { renewTokens, signIn } from "./forms.js";

// Short sentences at the edge of the page, read out by screen readers.
const LONG_ENOUGH = 6000;

export function say(sentence) {
  const toast = document.createElement("p");
  toast.textContent = sentence;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), LONG_ENOUGH);
}

// Why the server refused, in its own words.
export function sayWhy({ response, text, sourceElement }) {
  if (response.status === 401) {
    signIn(sourceElement.closest("form"));
    return;
  }
  renewTokens(text);
  say(detailOf(text) ?? `Tintype answered with an error (${response.status}). Try again.`);
}

export function detailOf(text) {
  try {
    const { errors, detail } = JSON.parse(text);
    return errors?.length ? errors.map((one) => `${one.field} ${one.detail}`).join("; ") : detail;
  } catch {
    return undefined;
  }
}
