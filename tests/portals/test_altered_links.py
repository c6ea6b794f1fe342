"""Links to sign as mail programs leave them: with a sign too many, cut, in capitals; and what only looks at them."""

from sqlalchemy import func, select

from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.signing.models import Signer, SigningLink
from tests.support.pages import page

AROUND = ("{}/", "{}.", "{})", "{}]", "{}%3E", "{}%253E", "{}>,", "{}»", "(%3C{}%3E).", "{}./", "{}-", "{}_")
BROKEN = (str.upper, str.lower, lambda token: token[:-1], lambda token: token[:20], lambda token: token + "x")


def test_a_link_with_signs_around_it_still_opens(app, good):
    token, client = good, app.test_client()
    for around in AROUND:
        answer = client.get(f"/signer/{around.format(token)}")
        assert (answer.status_code, answer.location) == (302, f"/signer/{token}"), around
    shown = client.get(f"/signer/{token}./", follow_redirects=True)
    assert shown.status_code == 200
    assert 'name="shown_hash"' in shown.text


def test_a_cut_or_recased_link_says_what_is_wrong_and_how_to_go_on(app, good):
    token = good
    for broken in BROKEN:
        for end in ("", "."):
            answer = app.test_client().get(f"/signer/{broken(token)}{end}", follow_redirects=True)
            assert answer.status_code == 404
            assert "coupé ou modifié par la messagerie" in page(answer)
            assert "demandez-en un nouveau à l’établissement" in page(answer)


def _kept(db):
    db.rollback()
    signers = db.execute(select(Signer.id, Signer.state, Signer.signed_at, Signer.reminded_at)).all()
    counts = [db.scalar(select(func.count()).select_from(each)) for each in (OutgoingMail, SigningLink)]
    return sorted(signers, key=str), counts


def test_what_only_looks_at_a_link_changes_nothing(app, db, good):
    token = good
    before = _kept(db)
    client = app.test_client()
    for path in ("", "/", ".", "/document.pdf", "/refus", "/nouveau"):
        for method in ("GET", "HEAD", "OPTIONS"):
            for headers in ({}, {"Sec-Purpose": "prefetch"}):
                assert client.open(f"/signer/{token}{path}", method=method, headers=headers).status_code < 500
    assert _kept(db) == before
