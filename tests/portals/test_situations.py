"""Links and mailboxes as life leaves them, by mechanism: none signs by accident, none ends without a way on.

A row says what happened, what is asked of the service, what it answers and what the page says. The rows of LOOKING
share one link, and leave everything as it was; those of LIVING have each a signer of their own, and say what becomes
of his or her signature; those of ENDED ask a link of a document that ended in some way.
"""

from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import func, select

from pfmp_saas.conventions import replacing
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.signing import addresses, texts
from pfmp_saas.signing import use_cases as signing
from pfmp_saas.signing.links import FILE_OPEN, new_link
from pfmp_saas.signing.models import SignatureRequest, Signer, SigningLink
from tests.support.clock import NOW
from tests.support.databases import KEK
from tests.support.pages import TEACHER, page, signer_state

BASE = "https://pfmp.example"
OFFICE_OF = Actor("Secrétariat", "secretariat@lp-eiffel.example", "establishment", "account")
CUT, OPENS, CHANGED = "coupé ou modifié par la messagerie", "", "Voir la version actuelle"
WAYS_ON = ("<form", "/signer/", "demandez-en un nouveau", "secretariat@lp-eiffel.example")
LATER = NOW + timedelta(days=1)


def form(own, **more):
    return {"shown_hash": own.shown, "consent": "oui", **more}


LOOKING = {
    "cut by one sign": ("get", lambda own: own.token[:-1], None, 404, CUT),
    "cut in half": ("get", lambda own: own.token[:20], None, 404, CUT),
    "in capitals": ("get", lambda own: own.token.upper(), None, 404, CUT),
    "in small letters": ("get", lambda own: own.token.lower(), None, 404, CUT),
    "a letter too many": ("get", lambda own: own.token + "x", None, 404, CUT),
    "two links glued": ("get", lambda own: own.token * 2, None, 404, CUT),
    "another's first half": ("get", lambda own: own.token[:22] + "A" * 21, None, 404, CUT),
    "a full stop": ("get", lambda own: own.token + ".", None, 302, OPENS),
    "a slash": ("get", lambda own: own.token + "/", None, 302, OPENS),
    "a bracket": ("get", lambda own: f"({own.token})", None, 302, OPENS),
    "an encoded bracket": ("get", lambda own: own.token + "%3E", None, 302, OPENS),
    "encoded twice": ("get", lambda own: own.token + "%253E", None, 302, OPENS),
    "French quotation marks": ("get", lambda own: own.token + "»", None, 302, OPENS),
    "a blank behind": ("get", lambda own: own.token + "%20", None, 302, OPENS),
    "opened": ("get", lambda own: own.token, None, 200, "Je signe"),
    "opened in English": ("get", lambda own: own.token + "?langue=en", None, 200, "you sign as"),
    "followed by a scanner": ("head", lambda own: own.token, None, 200, OPENS),
    "asked for its options": ("options", lambda own: own.token, None, 200, OPENS),
    "its document fetched": ("get", lambda own: own.token + "/document.pdf", None, 200, OPENS),
    "its refusal followed": ("get", lambda own: own.token + "/refus", None, 405, OPENS),
    "its renewal followed": ("get", lambda own: own.token + "/nouveau", None, 405, OPENS),
    "its remarks followed": ("get", lambda own: own.token + "/dire/pas-moi", None, 200, "Ce n’est pas moi"),
    "a remark that does not exist": ("get", lambda own: own.token + "/dire/rien", None, 404, OPENS),
    "posted empty": ("post", lambda own: own.token, lambda _own: {}, 409, CHANGED),
    "posted without consent": ("post", lambda own: own.token, lambda own: {"shown_hash": own.shown}, 422, "Cochez cette case"),
    "posted for another document": ("post", lambda own: own.token, lambda _own: {"shown_hash": "0" * 64, "consent": "oui"}, 409, CHANGED),
    "refused without a reason": ("post", lambda own: own.token + "/refus", lambda _own: {"reason": " "}, 422, "Dites pourquoi"),
    "renewed though good": ("post", lambda own: own.token + "/nouveau", lambda _own: {}, 200, "Je signe"),
    "taken back though nothing was said": ("post", lambda own: own.token + "/reprendre", lambda _own: {}, 302, OPENS),
    "an opposition though nothing is carried over": ("post", lambda own: own.token + "/dire/opposition", lambda _own: {"about": "Tout"}, 409, "Aucune signature n’est reportée"),
    "a code though the school asks none": ("post", lambda own: own.token + "/code", lambda _own: {}, 200, "Je signe"),
    "a second capacity that is not asked": ("post", lambda own: own.token + "/autre", lambda _own: {}, 200, OPENS),
}  # fmt: skip


def forwarded(own):
    return own.colleague.post(f"/signer/{own.token}", data=form(own))


def not_me(own):
    own.client.post(f"/signer/{own.token}/dire/pas-moi", data={"about": "Inès Petit"})
    return own.client.post(f"/signer/{own.token}", data=form(own))


def no_longer(own):
    own.client.post(f"/signer/{own.token}/dire/plus-moi", data={"about": "Inès Petit"})
    return own.client.get(f"/signer/{own.token}")


def said_and_taken_back(own):
    own.client.post(f"/signer/{own.token}/dire/pas-moi", data={"about": "Inès Petit"})
    own.client.post(f"/signer/{own.token}/reprendre")
    return own.client.get(f"/signer/{own.token}")


def misspelled(own):
    own.client.post(f"/signer/{own.token}/dire/orthographe", data={"about": "Inès"})
    return own.client.get(f"/signer/{own.token}")


def expired(own):
    own.expire()
    return own.client.get(f"/signer/{own.token}")


def expired_and_posted(own):
    own.expire()
    return own.client.post(f"/signer/{own.token}", data=form(own))


def renewed_twice(own):
    own.expire()
    for _ in range(2):
        answer = own.client.post(f"/signer/{own.token}/nouveau")
    mails = select(func.count()).where(
        OutgoingMail.subject_id == own.id, OutgoingMail.kind == "signing-renewal"
    )
    assert own.db.scalar(mails) == 1
    return answer


def three_newer(own):
    for minute in range(1, 4):
        new_link(own.db, own.db.get_one(Signer, own.id), NOW + timedelta(minutes=minute))
    for link in own.db.scalars(
        select(SigningLink).where(SigningLink.signer_id == own.id, SigningLink.expires_at <= LATER)
    ):
        link.expires_at = NOW
    own.db.commit()
    return own.client.get(f"/signer/{own.token}")


def two_tabs(own):
    own.client.post(f"/signer/{own.token}", data=form(own))
    return own.client.post(f"/signer/{own.token}", data=form(own))


def signed_then_refused_in_another_tab(own):
    own.client.post(f"/signer/{own.token}", data=form(own))
    return own.client.post(f"/signer/{own.token}/refus", data={"reason": "Non."})


def opened_again_after_signing(own):
    own.client.post(f"/signer/{own.token}", data=form(own))
    return own.client.get(f"/signer/{own.token}")


def opened_after_months(own):
    own.client.post(f"/signer/{own.token}", data=form(own))
    own.db.rollback()
    own.db.get_one(Signer, own.id, populate_existing=True).signed_at = NOW - FILE_OPEN - timedelta(days=1)
    own.expire()
    return own.client.get(f"/signer/{own.token}")


def address_corrected(own):
    addresses.correct(own.db, own.id, "juste@garage.example", by=OFFICE_OF, base_url=BASE, now=NOW)
    own.db.commit()
    return own.client.post(f"/signer/{own.token}", data=form(own))


def replaced_by_an_amendment(own):
    own.db.get_one(Signer, own.id).replaced_at = NOW
    own.db.commit()
    return own.client.get(f"/signer/{own.token}")


LIVING = (
    ("forwarded to a colleague who is signed in", forwarded, 422, "Un autre compte est ouvert", "invited"),
    ("not the person named", not_me, 410, "dit ne pas être la personne", "invited"),
    ("left the firm", no_longer, 410, "je suis", "invited"),
    ("said by mistake, taken back", said_and_taken_back, 200, "Je signe", "invited"),
    ("a name misspelled", misspelled, 200, "Je signe", "invited"),
    ("expired", expired, 410, "Recevoir un nouveau lien", "invited"),
    ("expired, and posted", expired_and_posted, 410, "Recevoir un nouveau lien", "invited"),
    ("renewed twice in a day", renewed_twice, 200, "nouveau lien", "invited"),
    ("one of many, the oldest", three_newer, 410, "Recevoir un nouveau lien", "invited"),
    ("used in two tabs", two_tabs, 410, "Vous avez signé", "signed"),
    ("signed, then refused in another tab", signed_then_refused_in_another_tab, 410, "Vous avez signé", "signed"),
    ("opened again after signing", opened_again_after_signing, 200, "Télécharger le document", "signed"),
    ("opened months after", opened_after_months, 410, "Recevoir un lien neuf", "signed"),
    ("the address corrected since", address_corrected, 410, "le courriel le plus récent", "invited"),
    ("replaced by an amendment", replaced_by_an_amendment, 410, "Une autre personne a pris votre place", "invited"),
)  # fmt: skip


def withdrawn(own, request):
    signing.withdraw(own.db, request.id, OFFICE_OF, NOW)


def refused(own, request):
    other = next(each for each in request.signers if each.id != own.id)
    signing.refuse(own.db, other.id, reason="Non.", authentication=texts.BY_LINK, now=NOW)


def refused_by_oneself(own, _request):
    signing.refuse(own.db, own.id, reason="Non.", authentication=texts.BY_LINK, now=NOW)


def corrected(own, request):
    row = own.db.get_one(Convention, request.subject_id)
    change = replacing.Correction({"tutor": {**row.data["tutor"], "name": "Inès Petit"}}, "Nom du tuteur.")
    replacing.replace(own.db, row.id, change, by=OFFICE_OF, kek=KEK, base_url=BASE, now=NOW)


ENDED = (
    ("withdrawn by the school", withdrawn, 410, "n’est plus ouvert à la signature"),
    ("refused by another", refused, 410, "n’est plus ouvert à la signature"),
    ("refused by oneself", refused_by_oneself, 200, "Vous avez refusé"),
    ("corrected by a new version", corrected, 410, "Recevoir le lien de la nouvelle version"),
)


def person(app, db, signer, colleague):
    """A signer with a link, as each row needs one."""
    token = new_link(db, signer, NOW)
    db.commit()

    def expire():
        for link in db.scalars(select(SigningLink).where(SigningLink.signer_id == own.id)):
            link.expires_at = NOW - timedelta(seconds=1)
        db.commit()

    own = SimpleNamespace(
        client=app.test_client(), colleague=colleague, db=db, id=signer.id, token=token,
        shown=signer.request.frozen_hash, expire=expire,
    )  # fmt: skip
    return own


def leads_on(answer, what):
    """Whether a page that is no error of the method or of an unknown path says how to go on."""
    if answer.mimetype != "text/html" or answer.status_code in (204, 302, 405) or not answer.data:
        return
    assert any(each in answer.text for each in WAYS_ON), what


def test_every_situation_of_a_link_or_a_mailbox(app, db, many, signed_in):
    assert len(LOOKING) + len(LIVING) + len(ENDED) >= 40
    requests = db.scalars(
        select(SignatureRequest)
        .where(SignatureRequest.title.contains("Élève"))
        .order_by(SignatureRequest.title)
    ).all()
    others = [signer for request in requests[len(ENDED) :] for signer in request.signers]
    others += [signer for request in requests[1 : len(ENDED)] for signer in request.signers[1:3]]
    colleague = signed_in(TEACHER)
    own = person(app, db, requests[0].signers[0], colleague)
    for what, (method, path, body, status, words) in LOOKING.items():
        answer = app.test_client().open(
            f"/signer/{path(own)}", method=method.upper(), data=body(own) if body else None
        )
        assert answer.status_code == status, what
        assert words in page(answer) if words else True, what
        if what != "a remark that does not exist":
            leads_on(answer, what)
        assert signer_state(db, own.id) == "invited", what
    pool = iter(others)
    for what, happen, status, words, state in LIVING:
        own = person(app, db, db.get_one(Signer, next(pool).id), colleague)
        answer = happen(own)
        assert answer.status_code == status, (what, answer.status_code)
        assert words in page(answer), what
        leads_on(answer, what)
        assert signer_state(db, own.id) == state, what
    for request, (what, happen, status, words) in zip(requests, ENDED, strict=False):
        signer = db.get_one(SignatureRequest, request.id).signers[3]
        own = person(app, db, signer, colleague)
        happen(own, db.get_one(SignatureRequest, request.id))
        db.commit()
        for answer in (
            own.client.get(f"/signer/{own.token}"),
            own.client.post(f"/signer/{own.token}", data=form(own)),
        ):
            assert answer.status_code in (status, 410), (what, answer.status_code)
            assert words in page(answer), what
            leads_on(answer, what)
        assert signer_state(db, own.id) != "signed", what
