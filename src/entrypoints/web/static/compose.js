// Pictures are uploaded as soon as they are chosen, two at a time, each with a preview and its progress; the server
// answers with a picture's card, the same as without a script.
import { renewTokens, signIn } from "./forms.js";
import { detailOf, say } from "./toasts.js";

const AT_ONCE = 2;
const form = document.getElementById("compose");
const field = form.querySelector("input[type=file]");
const list = document.getElementById("pictures");
const publish = document.getElementById("publish");
const waiting = [];
let running = 0;

field.addEventListener("change", () => {
  const room = Number(form.dataset.most) - list.children.length;
  const files = [...field.files];
  field.value = ""; // they are sent from here, not with the form
  if (files.length > room) say(`A post has at most ${form.dataset.most} pictures; ${files.length - room} of these are left aside.`);
  for (const file of files.slice(0, Math.max(0, room))) waiting.push([file, preview(file)]);
  next();
});

// A draft that is taken goes into the field, and says that it came from a machine.
list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-take]");
  if (!button) return;
  event.preventDefault();
  const draft = button.closest(".draft");
  draft.querySelector("textarea").value = button.dataset.take;
  draft.querySelector("[name^='based.']").value = "yes";
  draft.querySelector("textarea").focus();
});

function preview(file) {
  const card = document.createElement("li");
  card.className = "draft";
  const picture = document.createElement("img");
  picture.className = "picture";
  picture.alt = "";
  picture.src = URL.createObjectURL(file);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
  const said = document.createElement("div");
  const name = document.createElement("p");
  name.textContent = file.name;
  const progress = document.createElement("progress");
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", `Uploading ${file.name}`);
  said.append(name, progress);
  card.append(picture, said);
  list.append(card);
  return card;
}

function next() {
  while (running < AT_ONCE && waiting.length) upload(...waiting.shift());
  publish.disabled = running > 0;
}

// XMLHttpRequest: fetch still tells nothing of how far an upload has come.
function upload(file, card, isRepeated = false) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("form_token", form.elements.form_token.value);
  body.append("file", file);
  request.upload.addEventListener("progress", ({ loaded, total }) => (card.querySelector("progress").value = loaded / total));
  request.addEventListener("loadend", () => {
    running -= 1;
    if (request.status === 200) arrive(card, request.responseText);
    else if (renewTokens(request.responseText) && !isRepeated) upload(file, card, true);
    else refuse(card, file, request);
    next();
  });
  request.open("POST", "/new/pictures");
  request.setRequestHeader("HX-Request", "true");
  running += 1;
  if (file.size > Number(form.dataset.largest)) {
    running -= 1;
    complain(card, `${file.name} has ${(file.size / 1048576).toFixed(1)} MiB; at most ${Math.floor(form.dataset.largest / 1048576)} MiB are allowed.`);
  } else request.send(body);
}

function arrive(card, html) {
  card.insertAdjacentHTML("afterend", html);
  const arrived = card.nextElementSibling;
  card.remove();
  window.htmx.process(arrived);
  remember();
}

// Reloading the page, and going back to it, finds the pictures again.
function remember() {
  const ids = [...form.querySelectorAll("[name=image]")].map((one) => `image=${one.value}`);
  history.replaceState(history.state, "", ids.length ? `/new?${ids.join("&")}` : "/new");
}

function refuse(card, file, request) {
  if (request.status === 401) signIn(form);
  complain(card, `${file.name}: ${detailOf(request.responseText) ?? "the connection broke; choose it again"}`);
}

function complain(card, sentence) {
  const complaint = document.createElement("p");
  complaint.className = "complaint";
  complaint.setAttribute("role", "alert");
  complaint.textContent = sentence;
  card.replaceWith(complaint);
  form.insertBefore(complaint, list);
}
