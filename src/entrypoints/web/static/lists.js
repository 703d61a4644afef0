// Going back to a list restores its loaded pages and the scroll position. Browsers with a back/forward cache do this by
// themselves. For others, the list is stored in the session storage, which ends with the tab.
const MAX_STORED = 1_000_000; // characters
const key = () => `list:${history.state?.place}`;

export function keepScrollPosition() {
  const list = document.getElementById("list");
  if (!list) return;
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") restore(list);
  if (!history.state?.place) history.replaceState({ place: crypto.randomUUID?.() ?? String(Math.random()) }, "");
  addEventListener("pagehide", () => store(list));
}

function store(list) {
  const copy = list.cloneNode(true);
  // Placeholders have inline styles, which the security policy forbids.
  for (const styled of copy.querySelectorAll("[style]")) styled.removeAttribute("style");
  const stored = JSON.stringify({ html: copy.innerHTML, top: scrollY });
  if (stored.length > MAX_STORED) return;
  try {
    sessionStorage.setItem(key(), stored);
  } catch {
    sessionStorage.clear(); // full: older lists are lost too
  }
}

function restore(list) {
  const stored = sessionStorage.getItem(key());
  if (!stored) return;
  const { html, top } = JSON.parse(stored);
  history.scrollRestoration = "manual";
  list.innerHTML = html;
  window.htmx?.process(list);
  scrollTo(0, top);
}
