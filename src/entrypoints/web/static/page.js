// Scripts of every page. The pages work without them.
import { keepScrollPosition } from "./lists.js";
import { updateBadge, watchNotifications } from "./notifications.js";
import { watchForms } from "./forms.js";
import { showRefusal, showToast } from "./toasts.js";
import { acceptDrops } from "./drops.js";
import { solveChallenge } from "./proof_of_work.js";

document.addEventListener("htmx:response:error", (event) => showRefusal(event.detail.ctx));
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && !event.detail.ctx.response) showToast("Tintype is not reachable. Check your connection and try again.");
});

// An accepted comment clears its form, a refused one stays there. After reading notifications, the badge is updated.
document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement, response } = event.detail.ctx;
  if (!(response?.status < 400)) return;
  if (sourceElement.matches("form[data-resets]")) sourceElement.reset();
  if (sourceElement.matches("form[data-updates-badge]")) updateBadge();
});

// The lists stored for going back are private: signing out deletes them.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-clears-storage]")) sessionStorage.clear();
});

keepScrollPosition();
acceptDrops();
watchForms();
solveChallenge();
if (document.body.hasAttribute("data-signed-in")) watchNotifications();
