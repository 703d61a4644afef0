// Forms on their way: each is sent once, with a token of the present session, and what was typed is never lost.
const lockedForms = new Set();

export function watchForms() {
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // htmx sends it
    setTimeout(lock, 0, event.target); // the browser takes the clicked button's value first
  });
  // Of what htmx sends, only what is not the same when it is done twice: a disabled button loses the focus.
  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.sourceElement.matches("form:has([name=form_id])")) lock(detail.ctx.sourceElement);
  });
  document.addEventListener("htmx:finally:request", ({ detail }) => unlock(detail.ctx.sourceElement));
  addEventListener("pageshow", () => lockedForms.forEach(unlock)); // back from where a form led
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

// A refusal that brings a token of the present session: every form of the page gets it. Whether it was one.
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

// The session has ended. A form with words is sent as it is: the server keeps them behind the page for signing in.
export function signIn(form) {
  const words = [...(form?.querySelectorAll("textarea") ?? [])].some((area) => area.value.trim());
  if (words) HTMLFormElement.prototype.submit.call(form);
  else location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
}
