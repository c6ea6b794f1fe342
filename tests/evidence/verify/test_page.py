"""The public page gives the verdict of ``pfmp verify`` and of the standalone file, check by check."""

import html
import io
import itertools
import re

from pfmp_saas.evidence.bundle.standalone import standalone
from pfmp_saas.evidence.verify import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from tests.support.attacks_bundle import BUNDLE_ATTACKS
from tests.support.attacks_pdf import PDF_ATTACKS
from tests.support.bundled import school
from tests.support.clock import NOW
from tests.support.sealed_pdf import world

ATTACKS = [each for each in (*PDF_ATTACKS, *BUNDLE_ATTACKS) if each.name != "zip bomb"][::3]


ADDRESSES = (f"10.0.{number // 250}.{number % 250 + 1}" for number in itertools.count())


def drop(verifier_page, content):
    """Post a file, each time from another address: the page limits how often one may ask."""
    answer = verifier_page.post(
        "/verifier",
        data={"pdf": (io.BytesIO(content), "x")},
        content_type="multipart/form-data",
        environ_base={"REMOTE_ADDR": next(ADDRESSES)},
    )
    return answer.status_code, answer.get_data(as_text=True)


def shown(page):
    found = re.findall(r"<strong>([a-z-]+)</strong>\s*:\s*(réussi|échoué)\. (.*?)</li>", page)
    return [(name, result == "réussi", html.unescape(reason)) for name, result, reason in found]


def test_the_page_says_what_the_command_says(verifier_page):
    for content in [world().final, school().bundle, *(attack.how().content for attack in ATTACKS)]:
        report = judge_file(content, ReaderInput(NOW, trust=tuple(world().trust)))
        status, page = drop(verifier_page, content)
        assert status == 200
        assert shown(page) == [(check.name, check.ok, check.reason) for check in report.checks]
        assert ("Document intact et complet" in page) == report.ok


def test_the_page_refuses_what_is_neither_pdf_nor_bundle(verifier_page):
    for content in (b"", b"hello", b"PK\x03\x04 no archive"):
        status, page = drop(verifier_page, content)
        assert status == 422
        assert "paquet de preuve" in page


def test_the_page_gives_the_tool_and_the_root_that_let_anyone_do_without_it(verifier_page):
    assert verifier_page.get("/verifier/verifier.py").get_data(as_text=True) == standalone()
    assert verifier_page.get("/verifier/racine.pem").get_data() == world().trust[0]
