"""Copies owed on paper: to whom, from when, until somebody ticks that they were handed over."""

from pfmp_saas.signing import handing
from tests.support.acts import sign
from tests.support.pages import UAI, page
from tests.support.papers import GOOD, HOST, fresh, send, signer_of

COPIES = f"/ecole/{UAI}/exemplaires"


def test_who_signed_without_an_address_is_owed_a_copy_until_it_is_handed_over(
    db, office, half_on_paper, signed_in
):
    assert handing.owed(db) == [] and "Rien à remettre" in page(office.get(COPIES))
    for signer in half_on_paper.signers:
        if signer.field != HOST:
            sign(db, signer, half_on_paper.frozen_hash)
    db.commit()
    assert handing.owed(db) == []  # not signed by all yet
    assert send(office, UAI, half_on_paper, HOST, GOOD["pdf"]).status_code == 302
    request = fresh(db, half_on_paper)
    host = signer_of(db, request, HOST)
    assert [each.id for each in handing.owed(db)] == [host.id]
    shown = page(office.get(COPIES))
    assert "Karim Benali" in shown and request.title.replace("\xa0", " ") in shown
    assert "exemplaire à remettre en main propre" in page(office.get(f"/ecole/{UAI}/"))
    printed = office.get(f"/ecole/{UAI}/signatures/{request.id}/signe.pdf")
    assert printed.data.startswith(b"%PDF") and len(printed.data) > len(
        office.get(f"/ecole/{UAI}/signatures/{request.id}/a-imprimer.pdf").data
    )
    for _ in range(2):  # clicked twice: the first stands
        assert office.post(f"{COPIES}/{host.id}").status_code == 302
    assert handing.owed(db) == [] and "Rien à remettre" in page(office.get(COPIES))
    assert office.post(f"{COPIES}/{request.id}").status_code == 404
