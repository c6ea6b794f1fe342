"""A new convention type is a folder of data and nothing else: it is checked, rendered, asked for and signed."""

import io
import json
import shutil

import pytest
from pypdf import PdfReader

from pfmp_saas.cli.main import pfmp as group
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.console import run_cli
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.evidence.verify import verify_pdf
from pfmp_saas.signing import queries, texts, use_cases
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.types.errors import InvalidType, UnknownType
from pfmp_saas.types.loader import available, get_type, use_directory
from pfmp_saas.types.revisions.bases import base_of
from tests.support.clock import NOW
from tests.support.examples import example
from tests.support.new_type import MODEL, SLUG
from tests.support.pages import OFFICE, UAI

SUNDAY = [["08:00", "12:00"]]


def told(capsys, *arguments):
    """Run a command as the shell does; return its exit code and what it prints."""
    with pytest.raises(SystemExit) as left:
        run_cli(group, [str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return left.value.code or 0, out + err


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_type_is_found_while_its_directory_is_in_use(directory):
    assert SLUG in available()
    assert get_type(SLUG).version == "2027.1"
    use_directory(None)
    assert SLUG not in available()
    with pytest.raises(UnknownType):
        get_type(SLUG)


def test_two_types_of_one_name_are_refused(directory):
    shutil.copytree(directory / "whatever", directory / "again")
    use_directory(None)
    use_directory(directory)
    with pytest.raises(InvalidType, match=SLUG):
        available()


def test_every_command_knows_the_type(directory, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PFMP_TYPES_DIRECTORY", str(directory))
    file = tmp_path / "convention.json"
    data = example("national-2016") | {"type": SLUG, "days": {"2027-01-17": SUNDAY}}
    file.write_text(json.dumps(data | {"host": {**data["host"], "kitchen": "Bistrot"}}), encoding="utf-8")
    code, out = told(capsys, "check", file, "--json")
    sunday = next(found for found in json.loads(out)["findings"] if found["code"] == "sunday")
    assert (code, sunday["source"].replace("\xa0", " ").split(" ; ")[-1]) == (1, f"{MODEL}, art. 8 et 9")
    assert told(capsys, "render", file, "-o", tmp_path / "out.pdf") == (0, "")
    printed = text_of((tmp_path / "out.pdf").read_bytes())
    assert "Convention de stage en cuisine" in printed
    assert "Bistrot" in printed
    assert SLUG in json.loads(told(capsys, "schema", "convention")[1])["properties"]["type"]["enum"]
    known = ("--territory", "21", "--known-at", "2027-01-12T10:00", "--json")
    assert (
        json.loads(told(capsys, "deadline", "accident", "--type", SLUG, *known)[1])["declarant"] == "school"
    )
    monkeypatch.setenv("PFMP_TYPES_DIRECTORY", str(tmp_path / "absent"))
    code, out = told(capsys, "rules")
    assert (code, "n’est pas un dossier" in out) == (2, True)


def test_the_form_asks_the_type_s_own_field(draft, signed_in):
    office = signed_in(OFFICE)
    page = f"/ecole/{UAI}/conventions/{draft.id}/etape/modele"
    assert "Cuisine et couverts" in office.get(page).text
    assert office.post(page, data={"host.kitchen": "Table d’hôtes"}).status_code == 302
    assert "Table d’hôtes" in office.get(page).text


def test_five_people_sign_it_and_it_is_kept_for_ever(draft, seeded, session_factory, root):
    kek = seeded.key_encryption_key
    with session_factory.begin() as session:
        enter_tenant(session, draft.tenant_id)
        row = conventions.send(session, draft.id, kek=kek, base_url=seeded.base_url, now=NOW)
        request = session.get_one(SignatureRequest, row.request_id)
        for signer in request.signers:
            use_cases.sign(
                session, signer.id, shown_hash=request.frozen_hash, consent=True, consent_text=texts.CONSENT,
                authentication=texts.BY_LINK, kek=kek, now=NOW,
            )  # fmt: skip
    use_directory(None)  # the directory may go: what was sent is bound to what its type was
    with session_factory() as session:
        enter_tenant(session, draft.tenant_id)
        request = session.get_one(SignatureRequest, row.request_id)
        assert request.state == "complete"
        pdf = queries.document(session, request)
        report = verify_pdf(pdf, trust=[root.certificate_pem.encode()], now=NOW)
        assert (report.ok, len(report.signers)) == (True, 5), report.failed()
        assert "Brasserie, 80 couverts" in text_of(pdf)
        digest = session.get_one(Convention, draft.id).base_digest
        assert base_of(session, digest).rules.model == MODEL
