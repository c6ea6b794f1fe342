// Tells the school, once, that a person touched this page: a reader of links has neither keys nor fingers.
const form = document.querySelector("form[data-opened]");
const touched = ["pointerdown", "keydown", "touchstart"];

function tell() {
  for (const each of touched) removeEventListener(each, tell);
  const said = new FormData();
  said.append("csrf_token", form.elements.csrf_token.value);
  navigator.sendBeacon(form.dataset.opened, said);
}

if (form) for (const each of touched) addEventListener(each, tell, { passive: true });
