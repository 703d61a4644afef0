// Draws thumbhashes: a blurred placeholder for every image until it has loaded.
import { thumbHashToDataURL } from "./vendor/thumbhash.js";

function fill(image) {
  const hash = image.dataset.thumbhash;
  delete image.dataset.thumbhash;
  if (!hash || (image.complete && image.naturalWidth)) return;
  const bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
  image.style.backgroundImage = `url(${thumbHashToDataURL(bytes)})`;
  // The placeholder must not be visible through transparent images or beside narrow ones. It stays until the image is
  // decoded, since a loaded image is not painted yet.
  const clear = () => (image.style.backgroundImage = "");
  image.addEventListener("load", () => image.decode().then(clear, clear), { once: true });
}

function fillAll(root) {
  for (const image of root.querySelectorAll("img[data-thumbhash]")) fill(image);
}

fillAll(document);
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) fillAll(node);
}).observe(document.body, { childList: true, subtree: true });
