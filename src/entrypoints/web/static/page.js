// The niceties of every page; all of them works without.
import { keepPlace } from "./lists.js";
import { listen, ring } from "./bell.js";
import { watchForms } from "./forms.js";
import { say, sayWhy } from "./toasts.js";
import { takeDrops } from "./drops.js";

document.addEventListener("htmx:response:error", (event) => sayWhy(event.detail.ctx));
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response) say("Tintype could not be reached. Look at your connection and try again.");
});

// A comment that was taken leaves its form empty; one that was refused stays there. What was read rings no more.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!(response?.status < 400)) return;
  if (sourceElement.matches("form[data-resets]")) sourceElement.reset();
  if (sourceElement.matches("form[data-rings]")) ring();
});

// What is kept for going back is nobody else's business on this machine.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forgets]")) sessionStorage.clear();
});

keepPlace();
takeDrops();
watchForms();
if (document.body.hasAttribute("data-signed-in")) listen();
