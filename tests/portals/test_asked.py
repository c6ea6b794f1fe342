"""What is asked of a host or of a family: one list for every school, each row with its capacity, which it opens."""

from sqlalchemy import select

from pfmp_saas.accounts.models import Account
from pfmp_saas.conventions import use_cases
from pfmp_saas.evaluations.models import Evaluation
from pfmp_saas.signing.queries import request_of
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import HOST, PUPIL, UAI


def test_each_row_names_its_capacity_and_opens_that_very_one(signed_in, db, seeded, draft):
    """Karim Benali represents the host and is the tutor too: each row leads to its own signature."""
    both = {**draft.data["tutor"], "name": "Karim Benali", "email": HOST}
    leads = {"name": "Karim Benali", "function": "Gérant", "email": HOST}
    changes = {"tutor": both, "host": {**draft.data["host"], "representative": leads}}
    use_cases.save(db, draft.id, changes)
    use_cases.send(db, draft.id, kek=KEK, base_url=seeded.base_url, now=NOW)
    db.commit()
    person = signed_in(HOST)
    html = person.get("/entreprise").text
    request = request_of(db, "convention", draft.id)
    mine = [signer for signer in request.signers if signer.email == HOST]
    assert len(mine) == 2
    for signer in mine:
        assert f"en qualité de {signer.capacity}" in html
        address = f"/entreprise/{UAI}/signatures/{signer.id}"
        assert f'action="{address}"' in html
        ceremony = person.get(person.post(address).location).text
        assert f'<span class="capacity">{signer.capacity}</span>' in ceremony
    other = next(signer for signer in request.signers if signer.email != HOST)
    assert person.post(f"/entreprise/{UAI}/signatures/{other.id}").status_code == 404


def test_a_pupil_is_asked_for_an_opinion_once(signed_in, db, hugo):
    pupil, question = signed_in(PUPIL), f"Votre avis sur {hugo.host_name}"
    html = pupil.get("/famille").text
    assert question in html
    assert f'href="/famille/{UAI}/evaluations/{hugo.id}"' in html
    account = db.scalars(select(Account.id).where(Account.email == PUPIL)).one()
    answers = Evaluation(
        tenant_id=hugo.tenant_id, convention_id=hugo.id, student_account_id=account, answers={}, sent_at=NOW
    )
    db.add(answers)
    db.commit()
    html = pupil.get("/famille").text
    assert question not in html
    assert "Rien ne vous attend" in html
    assert hugo.student_name in html
