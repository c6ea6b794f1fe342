// Saves the step while one types, and says what the law says. Without it, both happen at each « Enregistrer ».
const form = document.querySelector("form[data-saving]");
let waiting = null;
let asking = null;

async function save() {
  asking?.abort();
  asking = new AbortController();
  const sent = new FormData(form);
  const answer = await fetch(form.dataset.saving, { method: "POST", body: sent, signal: asking.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && page.getElementById("seen")) show(page, sent);
  else tell("Pas encore enregistré : votre session est peut-être finie. Enregistrez pour continuer, rien ne sera perdu.");
}

// The answer is the same page as a save would show: its messages, its marks, and what others wrote in fields that are
// as they were sent. The summary of a page that came with none is not brought in while one types.
function show(page, sent) {
  document.getElementById("seen").value = page.getElementById("seen").value;
  for (const place of document.querySelectorAll("[data-check]")) {
    const fresh = page.getElementById(place.id);
    if (place.id === "resume" && !place.firstElementChild) continue;
    if (fresh && fresh.innerHTML !== place.innerHTML) place.innerHTML = fresh.innerHTML;
  }
  for (const input of form.querySelectorAll("input, textarea, select")) {
    const fresh = input.id && page.getElementById(input.id);
    if (!fresh) continue;
    if (input.type === "checkbox") input.checked = input.checked === sent.has(input.name) ? fresh.checked : input.checked;
    else if (input.type !== "hidden" && input.type !== "radio" && input.value === sent.get(input.name)
      && input.value.trim() !== fresh.value.trim()) input.value = fresh.value;
    input.className = fresh.className;
    input.toggleAttribute("aria-invalid", fresh.hasAttribute("aria-invalid"));
    if (fresh.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  }
}

function tell(text) {
  document.getElementById("enregistre").textContent = text;
}

function later() {
  clearTimeout(waiting);
  tell("");
  waiting = setTimeout(() => save().catch((error) => error.name === "AbortError" || tell("Pas encore enregistré : la ligne est coupée.")), 600);
}

// Typed before this file had come (a slow line), or put back by the browser: no event tells of it any more.
function changed() {
  return [...form.elements].some((each) => each.matches("input, textarea")
    && (each.value !== each.defaultValue || each.checked !== each.defaultChecked));
}

// The answer to « ne serait-ce pas… ? » stays on the page; without a script its button sends the form.
function answered(event) {
  const button = event.target.closest('button[name^="adresse:"]');
  if (!button) return;
  event.preventDefault();
  const input = form.elements[button.name.slice("adresse:".length)];
  if (input.value.trim() === button.value) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  input.value = button.value;
  input.focus();
  later();
}

form?.addEventListener("click", answered);
form?.addEventListener("input", later);
form?.addEventListener("submit", () => { clearTimeout(waiting); asking?.abort(); });
if (form && changed()) later();
