// Uploads images when they are chosen, two at a time, with previews and progress. The server returns the card of an
// image, the same as without a script.
import { renewTokens, signIn } from "./forms.js";
import { detailOf, showToast } from "./toasts.js";

const CONCURRENCY = 2;
const form = document.getElementById("compose");
const field = form.querySelector("input[type=file]");
const list = document.getElementById("images");
const publish = document.getElementById("publish");
const waiting = [];
let running = 0;

field.addEventListener("change", () => {
  const room = Number(form.dataset.maxImages) - list.children.length;
  const files = [...field.files];
  field.value = ""; // uploaded here, not with the form
  if (files.length > room) showToast(`A post has at most ${form.dataset.maxImages} images; ${files.length - room} of these were not added.`);
  for (const file of files.slice(0, Math.max(0, room))) waiting.push([file, preview(file)]);
  next();
});

// Accepting a suggestion copies it into the field, and marks the text as a model's.
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-suggestion]");
  if (!button) return;
  event.preventDefault();
  const card = button.closest(".upload");
  card.querySelector("textarea").value = button.dataset.suggestion;
  card.querySelector("[name^='based.']").value = "yes";
  card.querySelector("textarea").focus();
});

function preview(file) {
  const card = document.createElement("li");
  card.className = "upload";
  const image = document.createElement("img");
  image.className = "image";
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  const status = document.createElement("div");
  const name = document.createElement("p");
  name.textContent = file.name;
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Uploading ${file.name}`);
  status.append(name, progress);
  card.append(image, status);
  list.append(card);
  return card;
}

function next() {
  while (running < CONCURRENCY && waiting.length) upload(...waiting.shift());
  publish.disabled = running > 0;
}

// XMLHttpRequest, because fetch does not report the progress of uploads.
function upload(file, card, isRepeated = false) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("form_token", form.elements.form_token.value);
  body.append("file", file);
  request.upload.addEventListener("progress", ({ loaded, total }) => (card.querySelector("progress").value = loaded / total));
  request.addEventListener("loadend", () => {
    running -= 1;
    if (request.status === 200) showCard(card, request.responseText);
    else if (renewTokens(request.responseText) && !isRepeated) upload(file, card, true);
    else refuse(card, file, request);
    next();
  });
  request.open("POST", "/new/pictures");
  request.setRequestHeader("HX-Request", "true");
  running += 1;
  if (file.size > Number(form.dataset.maxBytes)) {
    running -= 1;
    showError(card, `${file.name} has ${(file.size / 1048576).toFixed(1)} MiB; at most ${Math.floor(form.dataset.maxBytes / 1048576)} MiB are allowed.`);
  } else request.send(body);
}

function showCard(card, html) {
  card.insertAdjacentHTML("afterend", html);
  const uploaded = card.nextElementSibling;
  card.remove();
  window.htmx.process(uploaded);
  updateUrl();
}

// The URL names the images, so that reloading and going back keep them.
function updateUrl() {
  const ids = [...form.querySelectorAll("[name=image]")].map((one) => `image=${one.value}`);
  history.replaceState(history.state, "", ids.length ? `/new?${ids.join("&")}` : "/new");
}

function refuse(card, file, request) {
  if (request.status === 401) signIn(form);
  showError(card, `${file.name}: ${detailOf(request.responseText) ?? "the connection failed; choose it again"}`);
}

function showError(card, sentence) {
  const error = document.createElement("p");
  error.className = "error";
  error.setAttribute("role", "alert");
  error.textContent = sentence;
  card.replaceWith(error);
  form.insertBefore(error, list);
}
