// Updates the count of unread notifications at once. Only the visible tab has a stream, because a browser opens at most
// six connections to a host, and a stream takes one.
let stream;
let pending;

export function watchNotifications() {
  const follow = () => (document.visibilityState === "visible" ? open() : close());
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", close);
  addEventListener("pageshow", follow);
  follow();
}

function open() {
  if (stream) return;
  stream = new EventSource("/v1/notifications/stream");
  stream.addEventListener("open", updateBadge); // for notifications from before the connection
  stream.addEventListener("notification", updateBadge);
}

function close() {
  stream?.close();
  stream = undefined;
}

// Errors are ignored, since the user did not request the update; a signed-out user can continue reading. A later update
// aborts an earlier one.
export async function updateBadge() {
  pending?.abort();
  pending = new AbortController();
  const { signal } = pending;
  try {
    const answer = await fetch("/notifications/count", { signal, redirect: "manual" });
    const badge = answer.ok && (await answer.text());
    if (badge && !signal.aborted) document.getElementById("unread-badge").outerHTML = badge;
  } catch {}
}
