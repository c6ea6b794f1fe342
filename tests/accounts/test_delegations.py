"""The head's signature delegated by a deed: its dates and scope rule what a deputy signs, in the document and in the evidence."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from sqlalchemy import select, text

from pfmp_saas.accounts import roles
from pfmp_saas.accounts.models import Delegation
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.roles import Role
from pfmp_saas.evidence.queries import audit
from pfmp_saas.evidence.verify.report import ReaderInput
from pfmp_saas.evidence.verify.verdict import judge_file
from pfmp_saas.signing import errors, queries, texts, use_cases
from pfmp_saas.signing.audit import document_faults
from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.workflows.register import register_faults
from tests.support.clock import NOW, TODAY
from tests.support.pages import HEAD, OFFICE, UAI, page

PAGE, DEPUTY = f"/ecole/{UAI}/equipe/delegations", "adjoint@lp-eiffel.example"
DEED = {
    "scope": "convention", "starts_on": f"{TODAY:%d/%m/%Y}", "ends_on": f"{TODAY + timedelta(days=10):%d/%m/%Y}",
    "reference": "arrêté du 1er septembre 2026",
}  # fmt: skip


def _sent(db, seeded, draft):
    row = conventions.send(db, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)
    db.flush()
    return db.get_one(SignatureRequest, row.request_id)


def _sign(db, seeded, signer, request, now=NOW):
    return use_cases.sign(
        db, signer.id, shown_hash=request.frozen_hash, consent=True, consent_text=texts.CONSENT,
        authentication=texts.BY_LINK, kek=seeded.key_encryption_key, now=now,
    )  # fmt: skip


def _faults(db, root):
    given = ReaderInput(NOW + timedelta(days=30), trust=(root.certificate_pem.encode(),))
    return {
        each.code
        for each in (*document_faults(db, UAI, given), *register_faults(db, UAI), *audit(db, NOW).faults)
    }


def test_a_deputy_signs_what_leaves_and_the_document_and_the_evidence_say_so(
    signed_in, db, seeded, draft, deputy, root
):
    head = signed_in(HEAD)
    assert head.post(PAGE, data={**DEED, "deputy": str(deputy)}).status_code == 302
    assert "en vigueur" in page(head.get(PAGE)) and "arrêté du 1er septembre 2026" in page(head.get(PAGE))
    assert db.scalars(select(OutgoingMail.recipient).where(OutgoingMail.kind == "delegation")).all() == [
        DEPUTY
    ]
    request = _sent(db, seeded, draft)
    signer = request.signers[0]
    said = "Chef d’établissement, par délégation de Hélène Maréchal"
    assert (signer.name, signer.email, signer.capacity) == ("Paul Renard", DEPUTY, said)
    words = " ".join(
        each.extract_text() for each in pypdf.PdfReader(BytesIO(queries.document(db, request))).pages
    )
    assert "par délégation de Hélène Maréchal" in " ".join(words.split()) and "Paul Renard" in words
    for each in request.signers:
        _sign(db, seeded, each, request)
    db.flush()
    report = judge_file(
        queries.document(db, request),
        ReaderInput(NOW + timedelta(days=1), trust=(root.certificate_pem.encode(),)),
    )
    assert report.ok and ("Paul Renard", said) in {(each.name, each.capacity) for each in report.signers}
    assert _faults(db, root) == set()


@pytest.mark.attack
def test_no_deputy_signs_outside_the_deed(signed_in, db, seeded, draft, deputy, root):
    head = signed_in(HEAD)
    head.post(PAGE, data={**DEED, "deputy": str(deputy)})
    request = _sent(db, seeded, draft)
    signer = request.signers[0]
    db.commit()
    with pytest.raises(errors.DelegationOver):
        _sign(db, seeded, signer, request, NOW + timedelta(days=11))
    db.rollback()
    roles.remove_member(db, deputy, Role.DEPUTY, roles.Giving(None, "", NOW))
    with pytest.raises(errors.DelegationOver):  # a deputy no more, though the deed has not ended
        _sign(db, seeded, signer, request)
    db.rollback()
    row = db.scalars(select(Delegation)).one()
    assert head.post(f"{PAGE}/{row.id}/fin").status_code == 302
    assert head.post(f"{PAGE}/{row.id}/fin").status_code == 409
    db.rollback()
    with pytest.raises(errors.DelegationOver):
        _sign(db, seeded, signer, request)
    db.rollback()
    copy = conventions.create_draft(db, student_id=draft.student_id, created_by=None, now=NOW)
    conventions.save(
        db,
        copy.id,
        {name: part for name, part in draft.data.items() if name not in {"type", "school", "signers"}}
        | {"periods": [{"start": "2027-03-01", "end": "2027-03-19"}]},
    )
    assert _sent(db, seeded, copy).signers[0].name == "Hélène Maréchal"
    assert _faults(db, root) == set()


@pytest.mark.attack
def test_a_deed_edited_or_taken_away_by_sql_is_found(signed_in, db, seeded, draft, deputy, root, operator):
    signed_in(HEAD).post(PAGE, data={**DEED, "deputy": str(deputy)})
    request = _sent(db, seeded, draft)
    _sign(db, seeded, request.signers[0], request)
    db.commit()
    with operator.begin() as connection:
        connection.execute(text("update delegations set starts_on = starts_on + 5"))
    db.expire_all()
    assert _faults(db, root) == {"delegation-missing", "row-differs"}


def test_who_may_delegate_and_what_is_refused(signed_in, db, deputy):
    assert signed_in(OFFICE).post(PAGE, data={**DEED, "deputy": str(deputy)}).status_code == 404
    head, office = signed_in(HEAD), page(signed_in(HEAD).get(PAGE))
    assert "Paul Renard" in office
    stranger = db.scalars(select(Delegation)).first()
    assert stranger is None
    for wrong, words in (
        ({"deputy": ""}, "Choisissez un adjoint."),
        ({"deputy": "00000000-0000-4000-8000-000000000000"}, "n’est pas l’un des choix"),
        ({"ends_on": f"{TODAY - timedelta(days=1):%d/%m/%Y}"}, "finit avant de commencer"),
        ({"reference": ""}, "Donnez la référence"),
        ({"starts_on": "demain"}, "demain"),
    ):
        answer = head.post(PAGE, data={**DEED, "deputy": str(deputy), **wrong})
        assert (answer.status_code, words in page(answer)) == (422, True), (wrong, page(answer)[:3000])
    assert head.post(PAGE, data={**DEED, "deputy": str(deputy)}).status_code == 302
    again = head.post(PAGE, data={**DEED, "deputy": str(deputy)})
    assert "Une autre délégation couvre déjà" in page(again)
    assert head.post(PAGE, data={**DEED, "scope": "amendment", "deputy": str(deputy)}).status_code == 302
