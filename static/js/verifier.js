// Says what the law says while one types. Without it, the same is said at each save.
const form = document.querySelector("form[data-verifier]");
let waiting = null;
let asking = null;

async function verify() {
  asking?.abort();
  asking = new AbortController();
  const body = new FormData(form);
  const answer = await fetch(form.dataset.verifier, { method: "POST", body, signal: asking.signal });
  if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

// The answer is the same page as a save would show: only the messages and the marks of the fields are taken.
function show(page) {
  for (const place of document.querySelectorAll("[data-check]")) {
    const fresh = page.getElementById(place.id);
    if (fresh && fresh.innerHTML !== place.innerHTML) place.innerHTML = fresh.innerHTML;
  }
  for (const input of form.querySelectorAll("input, textarea")) {
    const fresh = page.getElementById(input.id);
    if (!fresh) continue;
    input.className = fresh.className;
    input.toggleAttribute("aria-invalid", fresh.hasAttribute("aria-invalid"));
    if (fresh.hasAttribute("aria-invalid")) input.setAttribute("aria-invalid", "true");
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(() => verify().catch(() => {}), 500);
}

// Typed before this file had come (a slow line), or put back by the browser: no event tells of it any more.
function changed() {
  return [...form.elements].some((each) => each.matches("input, textarea")
    && (each.value !== each.defaultValue || each.checked !== each.defaultChecked));
}

form?.addEventListener("input", later);
if (form && changed()) later();
