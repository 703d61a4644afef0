import { renewTokens, signIn } from "./forms.js";

// Messages at the edge of the page, announced by screen readers.
const DISPLAY_MS = 6000;

export function showToast(sentence) {
  const toast = document.createElement("p");
  toast.textContent = sentence;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), DISPLAY_MS);
}

// Shows the server's reason for a refusal.
export function showRefusal({ response, text, sourceElement }) {
  if (response.status === 401) {
    signIn(sourceElement.closest("form"));
    return;
  }
  renewTokens(text);
  showToast(detailOf(text) ?? `Tintype answered with an error (${response.status}). Try again.`);
}

export function detailOf(text) {
  try {
    const { errors, detail } = JSON.parse(text);
    return errors?.length ? errors.map((one) => `${one.field} ${one.detail}`).join("; ") : detail;
  } catch {
    return undefined;
  }
}
