// Solves the challenge of the sign-up form: the number whose hash with the salt is the challenge of ALTCHA.
const BATCH = 500;

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function solve({ algorithm, challenge, salt, signature, maxnumber }) {
  const encoder = new TextEncoder();
  for (let start = 0; start <= maxnumber; start += BATCH) {
    const numbers = Array.from({ length: BATCH }, (_, index) => start + index);
    const hashes = await Promise.all(numbers.map((number) => crypto.subtle.digest(algorithm, encoder.encode(salt + number))));
    const found = hashes.findIndex((hash) => hex(hash) === challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, salt, signature, number: start + found }));
  }
  throw new Error("the challenge has no solution");
}

// The form is sent once the answer is there.
export async function solveChallenge() {
  const field = document.querySelector("[data-challenge]");
  if (!field) return;
  const { form } = field;
  const state = form.querySelector("[data-challenge-state]");
  if (!globalThis.crypto?.subtle) {
    state.textContent = "The proof of work needs HTTPS. Ask the operator for an invitation.";
    return;
  }
  const wait = (event) => event.preventDefault();
  form.addEventListener("submit", wait);
  state.textContent = "Computing a proof of work…";
  field.value = await solve(JSON.parse(field.dataset.challenge));
  form.removeEventListener("submit", wait);
  state.textContent = "The proof of work is ready.";
}
