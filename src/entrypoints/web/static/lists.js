// Going back to a list shows as much of it as was loaded, where it was left. Browsers that keep the whole page in memory
// do so by themselves; for the others the list is kept in the session's storage, which ends with the tab.
const MOST_KEPT = 1_000_000; // characters
const key = () => `list:${history.state?.place}`;

export function keepPlace() {
  const list = document.getElementById("list");
  if (!list) return;
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") restore(list);
  if (!history.state?.place) history.replaceState({ place: crypto.randomUUID?.() ?? String(Math.random()) }, "");
  addEventListener("pagehide", () => keep(list));
}

function keep(list) {
  const copy = list.cloneNode(true);
  for (const styled of copy.querySelectorAll("[style]")) styled.removeAttribute("style"); // placeholders; the policy takes none
  const kept = JSON.stringify({ html: copy.innerHTML, top: scrollY });
  if (kept.length > MOST_KEPT) return;
  try {
    sessionStorage.setItem(key(), kept);
  } catch {
    sessionStorage.clear(); // full: the places left longest ago go with it
  }
}

function restore(list) {
  const kept = sessionStorage.getItem(key());
  if (!kept) return;
  const { html, top } = JSON.parse(kept);
  history.scrollRestoration = "manual";
  list.innerHTML = html;
  window.htmx?.process(list);
  scrollTo(0, top);
}
