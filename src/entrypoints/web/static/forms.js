// Submission of forms: each is sent once, with a token of the current session, and no input is lost.
const lockedForms = new Set();

export function watchForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // htmx submits it
    setTimeout(lock, 0, event.target); // after the browser has read the value of the clicked button
  });
  // Of htmx's forms, only those that are not idempotent: a disabled button loses the focus.
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.sourceElement.matches("form:has([name=form_id])")) lock(detail.ctx.sourceElement);
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => unlock(detail.ctx.sourceElement));
  addEventListener("pageshow", () => lockedForms.forEach(unlock)); // after going back
}

function lock(form) {
  const focus = form.contains(document.activeElement) ? document.activeElement : undefined;
  const buttons = [...form.querySelectorAll("button:not([disabled])")];
  for (const button of buttons) button.disabled = true;
  form.unlock = () => {
    for (const button of buttons) button.disabled = false;
    if (document.activeElement === document.body && focus?.isConnected) focus.focus();
  };
  lockedForms.add(form);
}

function unlock(form) {
  form.unlock?.();
  delete form.unlock;
  lockedForms.delete(form);
}

// Put the token of the current session from a refusal into every form. Returns whether the refusal has one.
export function renewTokens(text) {
  const token = tokenOf(text);
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=form_token]")) field.value = token;
  return true;
}

function tokenOf(text) {
  try {
    return JSON.parse(text).form_token;
  } catch {
    return undefined;
  }
}

// The session has ended. A form with text is submitted anyway: the server keeps the text for the time after sign-in.
export function signIn(form) {
  const hasText = [...(form?.querySelectorAll("textarea") ?? [])].some((area) => area.value.trim());
  if (hasText) HTMLFormElement.prototype.submit.call(form);
  else location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
