// What comes while a page is open rings at once. Only the tab that is looked at listens: a browser opens no more than
// six connections to a host, and each that listens takes one.
let stream;

export function listen() {
  const follow = () => (document.visibilityState === "visible" ? open() : close());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
}

function open() {
  if (stream) return;
  stream = new EventSource("/v1/notifications/stream");
  stream.addEventListener("open", ring); // for what came before: while the tab was hidden, or the connection broken
  stream.addEventListener("notification", ring);
}

function close() {
  stream?.close();
  stream = undefined;
}

function ring() {
  const bell = document.getElementById("bell");
  if (bell) window.htmx.trigger(bell, "ring");
}
