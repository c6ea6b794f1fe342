"""Every page that a role can reach by its links, at 390 px: no axe violation, nothing too wide, no dead link."""

import re
from urllib.parse import urlparse

import pytest

from tests.support.browser import clean

ROLES = {
    "Exploitation PFMP": "operator",
    "Hélène Maréchal": "head",
    "Chantal Roy": "secretariat",
    "Marc Petit": "referent",
    "Karim Benali": "host",
    "Hugo Morel": "student",
    "Karima Kaddour": "guardian",
}
SKIPPED = re.compile(r"\.(pdf|zip|eml|css|json|txt|py|pem)$|^/demo")


def _shape(path: str) -> str:
    """Return a path with its identifiers taken out: one visit a kind of page is enough."""
    return re.sub(r"[0-9a-f-]{36}|[0-9]{7}[A-Z]", "…", path)


@pytest.mark.browser
@pytest.mark.parametrize("name", ROLES)
def test_every_linked_page_is_clean(demo, page, name):
    base, _ = demo
    page.goto(f"{base}/demo")
    page.get_by_role("button", name=re.compile(f"Entrer comme {name}")).first.click()
    seen, waiting = set(), [urlparse(page.url).path]
    while waiting:
        path = waiting.pop(0)
        if _shape(path) in seen or SKIPPED.search(path):
            continue
        seen.add(_shape(path))
        answer = page.goto(base + path)
        assert answer is not None
        assert answer.status == 200, path
        clean(page)
        links = page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
        waiting += [urlparse(link).path for link in links if link.startswith(base)]
    assert len(seen) >= 3, seen
