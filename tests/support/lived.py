"""A school in which everything that the audit covers has happened once, for the tests of what it covers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.accounts import delegations, roles
from pfmp_saas.accounts import queries as people
from pfmp_saas.accounts.forms import Member
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attestation_use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.roles import Role
from pfmp_saas.core.settings import Settings
from pfmp_saas.difficulties import use_cases as difficulties
from pfmp_saas.difficulties.states import DifficultyKind
from pfmp_saas.evaluations import queries as evaluations
from pfmp_saas.evaluations import use_cases as evaluation_use_cases
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups import use_cases as followup_use_cases
from pfmp_saas.signing import paper, queries, texts
from pfmp_saas.signing.scans import read_scan
from pfmp_saas.signing.use_cases import refuse
from pfmp_saas.tenants import use_cases as tenants
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from pfmp_saas.workflows.people import parties
from tests.support.amending import NOW, TUTOR, sent, sign_all, signed
from tests.support.databases import KEK
from tests.support.pages import OFFICE
from tests.support.papers import GOOD

AFTER = datetime(2027, 2, 12, 15, tzinfo=UTC)
"""The amended placement's last day."""


def live(db: Session, settings: Settings, convention: Convention) -> None:
    """Let happen, after its five signatures: amendments, an attestation, an accident, an evaluation, a follow-up, a revision."""
    signed(db, settings, convention, tutor=TUTOR)
    _refused(db, settings, convention)
    signed(db, settings, convention, NOW + timedelta(days=2))
    row = attestations.of_convention(db, convention.id)
    assert row is not None
    request = attestation_use_cases.prepare(
        db, row.id, effective_days=Decimal("19.5"), gratification=Decimal("312.50"), place="Chenôve", reason="Gratification d’usage",
        today=AFTER.date(), kek=KEK, base_url=settings.base_url, now=AFTER,
    )  # fmt: skip
    sign_all(db, settings, request.id, AFTER)
    noted(db, convention)
    _school(db)
    _delegated(db)
    react(db, Around(settings.base_url, AFTER))
    db.commit()


def _delegated(db: Session) -> None:
    """The head delegates the signature of next year's amendments."""
    deputy = roles.give(
        db, Member("adjoint@lp-eiffel.example", "Paul Renard", Role.DEPUTY), roles.Giving(None, "", AFTER)
    )
    days = (AFTER.date() + timedelta(days=300), AFTER.date() + timedelta(days=310))
    deed = delegations.Deed(deputy.id, "amendment", *days, "arrêté du 12 février 2027")
    head = people.head(db)
    assert head is not None
    delegations.give(db, deed, by=head.account_id, now=AFTER)


def _refused(db: Session, settings: Settings, convention: Convention) -> None:
    """One person signs an amendment on paper, another refuses it."""
    row = sent(db, settings, convention, NOW + timedelta(days=1), activities=["Autres"])
    assert row.request_id
    request = queries.get(db, row.request_id)
    account = people.by_email(db, OFFICE)
    assert account is not None
    signers = {signer.field: signer for signer in request.signers}
    voucher = paper.Voucher(account.id, "Secrétariat", account.email, frozenset({Role.SECRETARIAT}))
    now = NOW + timedelta(days=1, hours=1)
    paper.vouch(
        db, signers["tutor"].id, voucher=voucher, shown_hash=request.frozen_hash, signed_on=now.date(), scan=GOOD["png"],
        consent=True, kek=KEK, now=now,
    )  # fmt: skip
    refuse(db, signers["referent"].id, reason="Non.", authentication=texts.BY_LINK, now=now)
    react(db, Around(settings.base_url, now))


def noted(db: Session, convention: Convention) -> None:
    """An accident recorded and declared, a follow-up, the pupil's evaluation."""
    (host,), (teacher,), (pupil,) = (
        parties(convention, role) for role in ("host_representative", "referent", "student")
    )
    accident = accidents.record_accident(
        db,
        convention.id,
        accidents.Facts(AFTER - timedelta(days=9), AFTER - timedelta(days=9), "Atelier", "Chute"),
        accidents.Teller(host.account_id, "host"),
        AFTER,
    )
    sending = accidents.Sending("en ligne", AFTER.date() - timedelta(days=8), read_scan(GOOD["png"]))
    accidents.declare(db, accident.id, sending, accidents.Teller(host.account_id, "host"), AFTER)
    told = difficulties.tell(
        db,
        convention.id,
        DifficultyKind.ABSENCE,
        "Absent",
        told_as="tutor",
        told_by=host.account_id,
        now=AFTER,
    )
    difficulties.settle(db, told.id, "Revenu", settled_by=teacher.account_id, settled_as="school", now=AFTER)
    act = followups.of_convention(db, convention.id)[0]
    followup_use_cases.record(
        db,
        act.id,
        done_on=act.starts_on,
        today=AFTER.date(),
        recorded_by=teacher.account_id,
        now=AFTER,
    )
    asked = evaluations.questionnaire(db, convention)
    answers = {
        question.id: asked.scale[0] if question.answer == "scale" else "Bien" for question in asked.questions
    }
    evaluation_use_cases.submit(db, convention.id, pupil.account_id, answers, AFTER.date(), AFTER)


def _school(db: Session) -> None:
    """A revision adopted, another in its place, and settings changed."""
    account = people.by_email(db, OFFICE)
    assert account is not None
    for number in ("1", "2"):
        row = revisions.derive(db, "national-2016", account.id)
        revisions.adopt(db, row.id, on=date(2026, 10, 1), number=number, now=AFTER, by=account.id)
    tenants.change_settings(db, {"insurer_name": "Mutuelle"}, by=account.id, now=AFTER)
