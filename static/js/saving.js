// Saves the step while one types, and says what the law says. Without it, both happen at each « Enregistrer ».
const form = document.querySelector("form[data-saving]");
let waiting = null;
let asking = null;

async function save() {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(form.dataset.saving, { method: "POST", body: new FormData(form), signal: asking.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && page.getElementById("seen")) show(page);
  else tell("Pas encore enregistré : votre session est peut-être finie. Enregistrez pour continuer, rien ne sera perdu.");
}

// The answer is the same page as a save would show: only the messages and the marks of the fields are taken.
function show(page) {
  document.getElementById("seen").value = page.getElementById("seen").value;
  for (const place of document.querySelectorAll("[data-check]")) {
    const fresh = page.getElementById(place.id);
    if (fresh && fresh.innerHTML !== place.innerHTML) place.innerHTML = fresh.innerHTML;
  }
  for (const input of form.querySelectorAll("input, textarea, select")) {
    const fresh = input.id && page.getElementById(input.id);
    if (!fresh) continue;
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

form?.addEventListener("input", later);
form?.addEventListener("submit", () => { clearTimeout(waiting); asking?.abort(); });
if (form && changed()) later();
