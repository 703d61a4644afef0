// Passkeys: the browser asks for one, and the form sends its response.
const CALLS = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

function explain(error) {
  if (error instanceof ReferenceError || error instanceof TypeError) return "This browser does not support passkeys here. They need HTTPS or localhost.";
  if (error.name === "InvalidStateError") return "This device has a passkey for your account already.";
  return "No passkey was used. Try again, or choose another way.";
}

async function requestPasskey(form) {
  const message = form.querySelector("[role=alert]");
  message.hidden = true;
  try {
    const credential = await CALLS[form.dataset.passkey](JSON.parse(form.dataset.options));
    form.elements.passkey.value = JSON.stringify(credential);
    form.submit();
  } catch (error) {
    message.textContent = explain(error);
    message.hidden = false;
  }
}

// In the capture phase, before the form counts as sent.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-passkey]")) return;
  event.preventDefault();
  event.stopPropagation();
  requestPasskey(event.target);
}, true);
