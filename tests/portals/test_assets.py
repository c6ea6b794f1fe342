"""Files that pages are made of: the icons that templates draw, and nothing else; addresses that change with the content."""

import re

from pfmp_saas.portals.assets import ICONS, assets
from pfmp_saas.portals.navigation import SPACES
from tests.support.browser import TOP


def test_the_icons_are_those_that_pages_use():
    text = "".join(path.read_text(encoding="utf-8") for path in (TOP / "templates").rglob("*.html"))
    looks = re.findall(r'"[a-z]+": \("[a-z-]*", "([a-z0-9-]+)"\)', text)  # the shapes of states
    drawn = {*re.findall(r'icon\("([a-z0-9-]+)"\)', text), *looks}
    drawn |= {entry.icon for space in SPACES.values() for entry in space.entries}
    assert drawn == set(ICONS)


def test_a_file_is_kept_for_ever_under_the_name_of_its_content(app):
    client = app.test_client()
    for asset in assets().values():
        packed = client.get(f"/actifs/{asset.name}", headers={"Accept-Encoding": "gzip"})
        plain = client.get(f"/actifs/{asset.name}")
        assert (plain.data, "immutable" in plain.headers["Cache-Control"]) == (asset.plain, True)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data)
    assert client.get("/actifs/pfmp.css").status_code == 404


def test_the_signing_page_is_light(app, ceremony):
    """At most 60 kB and 6 requests cold, 12 kB warm (issue 14): the page itself, and the files that it asks for."""
    _, url, *_ = ceremony
    html = app.test_client().get(url).data
    asked = set(re.findall(rb"/actifs/([\w.-]+)", html))
    packed = {asset.name.encode(): len(asset.packed) for asset in assets().values()}
    assert len(asked) + 1 <= 6
    assert len(html) <= 12_000
    assert len(html) + sum(packed[name] for name in asked) <= 60_000
