// What comes while a page is open rings at once. Only the tab that is looked at listens: a browser opens no more than
// six connections to a host, and each that listens takes one.
let stream;
let asking;

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

// Nobody asked for this: what goes wrong here is no one's concern, and who was signed out goes on reading. A later ring
// outdates an earlier one that is still on its way.
export async function ring() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  try {
    const answer = await fetch("/notifications/bell", { signal, redirect: "manual" });
    const bell = answer.ok && (await answer.text());
    if (bell && !signal.aborted) document.getElementById("bell").outerHTML = bell;
  } catch {}
}
