"""Mails as files: every kind has its folder and renders, text and HTML say the same, what is typed stays text."""

import ast
import json
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import pfmp_saas
from pfmp_saas.core.mail_templates import FOLDER, MailKind, one_line, render
from pfmp_saas.demo.mail_preview import previews, samples
from tests.support.mails import SeenMail

PACKAGE = Path(pfmp_saas.__file__).parent
PREVIEWS = [
    pytest.param(preview.kind, preview.number, id=f"{preview.kind}-{preview.number}")
    for preview in previews()
]
HOSTILE = 'Léa d’Été O\'Brien مريم <script>alert(1)</script> {{ 7 * 7 }} & "co"'
BROKEN = "Léa\r\nBcc: everyone@x.example\n\n\x0b\x0c\x1c\x85\u2028\u2029Été"
every_mail = pytest.mark.parametrize(("kind", "number"), PREVIEWS)


def sample(kind, number):
    return samples()[kind][number - 1]


def replaced(kind, number, value):
    """Return a sample in which every value that the text shows is another."""
    found = sample(kind, number)
    shown = render(kind, **found).text
    changed = json.loads(json.dumps(found))
    for values in (changed, changed.get("checkpoint") or {}):
        for name, former in values.items():
            if isinstance(former, str) and former and former in shown:
                values[name] = value
    assert changed != found
    return changed


def test_each_kind_has_its_folder_and_its_invented_values():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == {kind.value for kind in MailKind} == set(samples())
    for folder in folders:
        assert {path.name for path in (FOLDER / folder).iterdir()} == {"subject.txt", "body.txt", "body.html"}


def test_each_kind_is_sent_somewhere_and_rows_are_written_in_one_place():
    written, used = set(), set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        written |= {path.name for name in called if isinstance(name, ast.Name) and name.id == "OutgoingMail"}
        used |= {
            node.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
            if node.value.id == "MailKind"
        }
    assert used == set(MailKind.__members__)
    assert written == {"mail.py"}


@every_mail
def test_a_mail_shows_no_hole(kind, number):
    parts = render(kind, **sample(kind, number))
    assert parts.subject == one_line(parts.subject)
    for content in (parts.subject, parts.text, re.sub("(?s)<style>.*?</style>", "", parts.html)):
        assert content.strip()
        assert not re.search(r"[{}]|\bNone\b|Undefined", content)


@every_mail
def test_text_and_html_say_the_same(kind, number):
    parts = render(kind, **sample(kind, number))
    seen = SeenMail(parts.html)
    assert seen.words == parts.text.split()
    assert set(seen.links) == set(re.findall(r"https?://\S+", parts.text))
    assert len(seen.buttons) <= 1


@every_mail
def test_html_loads_nothing_from_elsewhere(kind, number):
    parts = render(kind, **sample(kind, number))
    assert not {"img", "link", "script", "iframe", "form"} & set(SeenMail(parts.html).tags)
    assert not re.search(r"\bsrc=|url\(|@import", parts.html)


@every_mail
def test_what_people_typed_is_plain_in_text_and_escaped_in_html(kind, number):
    plain = render(kind, **sample(kind, number))
    parts = render(kind, **replaced(kind, number, HOSTILE))
    assert HOSTILE in parts.text
    seen = SeenMail(parts.html)
    assert seen.tags == SeenMail(plain.html).tags
    assert seen.words == parts.text.split()


@every_mail
def test_a_line_break_in_a_value_never_leaves_the_subject_with_two_lines(kind, number):
    parts = render(kind, **replaced(kind, number, BROKEN))
    assert len(parts.subject.splitlines()) == 1
    assert parts.subject.isprintable()


@every_mail
def test_a_value_that_is_missing_or_none_is_refused(kind, number):
    for name in sample(kind, number):
        left = {key: value for key, value in sample(kind, number).items() if key != name}
        with pytest.raises(UndefinedError):
            render(kind, **left)
    with pytest.raises(ValueError, match="None"):
        render(kind, **replaced(kind, number, None))
