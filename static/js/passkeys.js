// Asks the browser for a passkey and sends its answer with the form. Without it, codes serve.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked(form) {
  const options = JSON.parse(form.dataset.options);
  options.challenge = decode(options.challenge);
  if (options.user) options.user.id = decode(options.user.id);
  for (const known of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) {
    known.id = decode(known.id);
  }
  return { publicKey: options };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = encode(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: encode(credential.rawId), type: credential.type, response });
}

async function ask(form) {
  const told = form.querySelector("[data-told]");
  told.textContent = "";
  try {
    const credential = await navigator.credentials[form.dataset.passkey](asked(form));
    form.elements.credential.value = answered(credential);
    form.submit();
  } catch {
    told.textContent = form.dataset.failed;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  document.querySelector("[data-without-passkey]")?.setAttribute("hidden", "");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
}
