"""What a page is for who enlarges it, or has no mouse: nothing too wide, controls wide enough, focus that shows."""

from playwright.sync_api import Page

SMALLEST = 24
"""Pixels of a target's side (WCAG 2.5.8); a link within a sentence is as high as its line."""
LONG_NAME = "Lycée polyvalent de l’Extraordinaire-Anticonstitutionnellement-Longue-Dénomination"
_TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > wide + 1)
    .map(e => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40)).slice(0, 6).concat([String(wide)]);
}"""
_CONTROLS = f"""() => {{
  const faults = [];
  const shown = e => e.checkVisibility({{ visibilityProperty: true, opacityProperty: true }}) && e.getBoundingClientRect().width > 1;
  const inText = e => e.tagName === "A" && getComputedStyle(e).display === "inline";
  for (const e of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {{
    if (!shown(e) || e.tabIndex < 0 || e.disabled) continue;
    const told = e.tagName + " " + (e.id || e.textContent.trim().slice(0, 40));
    const box = e.getBoundingClientRect();
    if (!inText(e) && (box.width < {SMALLEST} || box.height < {SMALLEST})) faults.push("small " + told + " " + box.width + "x" + box.height);
    e.focus({{ focusVisible: true }});
    if (document.activeElement !== e) continue;
    const style = getComputedStyle(e);
    if (!(style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)) faults.push("focus not seen " + told);
  }}
  document.activeElement?.blur();
  scrollTo(0, 0);
  return faults;
}}"""
_NAMED = """name => document.querySelectorAll(".school strong, .wordmark .fw-normal").forEach(e => { e.textContent = name; })"""
_LARGER = "size => { document.documentElement.style.fontSize = size; }"
_TOP = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}"""
_FIRST = """() => {
  const e = [...document.querySelectorAll("main :is(a, button, input:not([type=hidden]), select, textarea)")]
    .find(e => !e.closest(".trail") && e.checkVisibility() && e.getBoundingClientRect().width > 1);
  return e ? e.getBoundingClientRect().top + scrollY : null;
}"""
_STANDS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const box = e.getBoundingClientRect(), middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const over = document.elementFromPoint(...middle);
  return { key: [...document.querySelectorAll("*")].indexOf(e), told: e.tagName + " " + (e.id || e.textContent.trim().slice(0, 40)),
    seen: !!over && (e.contains(over) || over.contains(e) || !!e.labels?.[0]?.contains(over)), at: middle };
}"""


def reachable_by_all(page: Page) -> None:
    """Assert that a page fits 320 px, and 640 with letters twice as large, whatever its school's name; its controls too."""
    page.evaluate(_NAMED, LONG_NAME)
    sizes = ((320, "100%"), (640, "200%"))
    before = page.viewport_size
    assert before is not None
    for width, letters in sizes:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(_LARGER, letters)
        wide = page.evaluate(_TOO_WIDE)
        assert wide == [], (page.url, width, letters, wide)
    page.evaluate(_LARGER, "")
    page.set_viewport_size(before)
    faults = page.evaluate(_CONTROLS)
    assert faults == [], (page.url, faults)


def begins_high(page: Page) -> None:
    """Assert that the first thing to do on a page, where it has one, stands in the first two screens of a phone, and high on a desk."""
    before = page.viewport_size
    assert before is not None
    for width, height, lowest in (
        (before["width"], before["height"], 2 * before["height"]),
        (1280, 900, 900),
    ):
        page.set_viewport_size({"width": width, "height": height})
        top = page.evaluate(_FIRST)
        assert top is None or top <= lowest, (page.url, width, top)
    page.set_viewport_size(before)


def walked_by_keyboard(page: Page, most: int = 120) -> list[str]:
    """Press Tab from the top of a page to its end; assert that what has the focus is always in sight. Return what had it."""
    page.evaluate(_TOP)
    found: dict[int, str] = {}
    for _ in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(_STANDS)
        if place is None or place["key"] in found:
            break
        assert place["seen"], (page.url, place)
        found[place["key"]] = place["told"]
    return list(found.values())
