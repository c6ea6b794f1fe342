"""The head reads what waits one by one: signs, passes, sends back with a reason; nobody else's document opens."""

import pytest
from sqlalchemy import select

from pfmp_saas.signing.models import Signer
from tests.support.pages import HEAD, TEACHER, UAI, page

LIST = f"/ecole/{UAI}/a-signer"


def _mine(db, email=HEAD):
    db.rollback()
    db.expire_all()
    return db.scalars(select(Signer).where(Signer.email == email, Signer.state == "invited")).all()


def test_one_after_the_other(signed_in, db, many):
    two = _mine(db)
    head = signed_in(HEAD)
    start = page(head.get(LIST)).split("/lire")[0].rsplit("/", 1)[1]
    shown = page(head.get(f"{LIST}/{start}/lire"))
    assert f"1 sur {len(two)}" in shown and "Les missions" not in shown.split("<h1>")[0]
    refused = head.post(f"{LIST}/{start}/lire", data={"shown_hash": "0" * 64, "consent": "oui"})
    assert refused.status_code == 409
    unticked = head.post(f"{LIST}/{start}/lire", data={"shown_hash": _hash(db, start)})
    assert unticked.status_code == 422
    signed = head.post(f"{LIST}/{start}/lire", data={"shown_hash": _hash(db, start), "consent": "oui"})
    assert signed.status_code == 302 and signed.location.endswith("/lire") and start not in signed.location
    assert len(_mine(db)) == len(two) - 1
    assert head.get(f"{LIST}/{start}/lire").location.endswith("/a-signer")
    following = signed.location
    assert head.post(f"{following}/refuser", data={"reason": " "}).status_code == 422
    assert head.post(f"{following}/refuser", data={"reason": "Les horaires du samedi."}).status_code == 302
    assert len(_mine(db)) == len(two) - 2


def _hash(db, signer_id):
    db.rollback()
    return db.get_one(Signer, signer_id, populate_existing=True).request.frozen_hash


@pytest.mark.attack
def test_a_document_of_another_signer_does_not_open(signed_in, db, many):
    two = _mine(db)
    teacher, mine = signed_in(TEACHER), two[0].id
    for path in (f"{LIST}/{mine}/lire", f"{LIST}/{mine}/lire/refuser"):
        assert teacher.post(path, data={"consent": "oui", "reason": "x"}).status_code == 404
    assert teacher.get(f"{LIST}/{mine}/lire").status_code == 404
    assert len(_mine(db)) == len(two)
