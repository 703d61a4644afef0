// A blurred picture stands in each frame until the real one has come: a thumbhash, drawn here.
import { thumbHashToDataURL } from "./vendor/thumbhash.js";

function fill(picture) {
  const hash = picture.dataset.thumbhash;
  delete picture.dataset.thumbhash;
  if (!hash || (picture.complete && picture.naturalWidth)) return;
  const bytes = Uint8Array.from(atob(hash), (letter) => letter.charCodeAt(0));
  picture.style.backgroundImage = `url(${thumbHashToDataURL(bytes)})`;
  // It must not shine through a picture with holes, nor beside one that does not fill its frame. A loaded picture is not
  // yet a painted one: until it is decoded, the placeholder stays.
  const clear = () => (picture.style.backgroundImage = "");
  picture.addEventListener("load", () => picture.decode().then(clear, clear), { once: true });
}

function fillAll(place) {
  for (const picture of place.querySelectorAll("img[data-thumbhash]")) fill(picture);
}

fillAll(document);
new MutationObserver((changes) => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) fillAll(node);
}).observe(document.body, { childList: true, subtree: true });
