// Files dropped on a drop zone are put into its field, as if chosen there.
export function acceptDrops() {
  for (const zone of document.querySelectorAll("[data-drop]")) watchZone(zone);
}

function watchZone(zone) {
  const field = zone.querySelector("input[type=file]");
  let depth = 0;
  const over = (change) => zone.classList.toggle("dropping", (depth += change) > 0);
  zone.addEventListener("dragenter", () => over(1));
  zone.addEventListener("dragleave", () => over(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  if (zone.hasAttribute("data-submits")) field.addEventListener("change", () => field.files.length && zone.requestSubmit());
}
