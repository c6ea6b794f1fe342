"""A school's colour and logo: chosen in its settings, judged by content, shown in its shell and to its signers."""

import io
import re

from tests.support.pages import HEAD, OFFICE, TEACHER, UAI
from tests.support.pictures import png

PAGE = f"/ecole/{UAI}/apparence"


def asked(html):
    return re.findall(r'"(/apparence/[^"]+)"', html)


def test_a_colour_and_a_logo_are_shown_to_the_school_and_to_its_signers(signed_in, app, ceremony):
    office, stranger = signed_in(OFFICE), app.test_client()
    assert asked(office.get(PAGE).text) == []
    chosen = {"colour": "#FFD400", "logo": (io.BytesIO(png(90, 40)), "logo.exe")}
    assert office.post(PAGE, data=chosen, content_type="multipart/form-data").status_code == 302
    page = office.get(PAGE).text
    measured = [float(each.replace(",", ".")) for each in re.findall(r"contraste ([\d,]+) pour", page)]
    assert (len(measured), min(measured) >= 4.5) == (2, True)
    addresses = asked(page)
    assert len(addresses) == 2
    style, logo = (stranger.get(each) for each in addresses)
    day, night = style.text.split("@media")  # yellow reads by night as it is, by day darkened
    assert (style.mimetype, "--brand:#ffd400" in day, "--brand:#ffd400" in night) == ("text/css", False, True)
    assert (logo.mimetype, logo.data[:4], "immutable" in logo.headers["Cache-Control"]) == (
        "image/png",
        b"\x89PNG",
        True,
    )
    assert stranger.get(addresses[0].replace(".css", "0.css")).status_code == 404
    _, url, *_ = ceremony
    assert set(asked(stranger.get(url).text)) == set(addresses)
    assert asked(signed_in(HEAD).get(f"/ecole/{UAI}/").text)[0] == addresses[0]
    assert office.post(PAGE, data={"colour": "", "no_logo": "oui"}).status_code == 302
    assert asked(office.get(PAGE).text) == []


def test_what_is_no_picture_or_no_colour_is_refused_and_a_teacher_may_not(signed_in):
    office = signed_in(OFFICE)
    typed = {"colour": "#7a1f3d", "logo": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.png")}
    answer = office.post(PAGE, data=typed, content_type="multipart/form-data")
    assert (answer.status_code, "ni un PNG ni un JPEG" in answer.text, 'value="#7a1f3d"' in answer.text) == (
        422,
        True,
        True,
    )
    assert office.post(PAGE, data={"colour": "url(x)"}).status_code == 422
    assert asked(office.get(PAGE).text) == []
    assert signed_in(TEACHER).get(PAGE).status_code == 404
