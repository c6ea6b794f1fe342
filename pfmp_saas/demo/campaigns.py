"""A year in the demonstration: one campaign over, one running, one to come, one being prepared, in every state."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from multiprocessing import get_context
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accidents import use_cases as accidents
from pfmp_saas.attestations import queries as attestations
from pfmp_saas.attestations import use_cases as attesting
from pfmp_saas.campaigns import use_cases as campaigns
from pfmp_saas.campaigns.models import Campaign
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.demo import classes
from pfmp_saas.demo.halves import asked_for
from pfmp_saas.demo.history import already_mailed, give
from pfmp_saas.demo.searches import looked_for
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.followups import queries as followups
from pfmp_saas.followups.use_cases import record
from pfmp_saas.signing import queries as signing
from pfmp_saas.tenants.queries import by_uai
from pfmp_saas.workflows import flow
from pfmp_saas.workflows.context import Around
from pfmp_saas.workflows.dispatch import react
from pfmp_saas.workflows.people import parties

Json = Mapping[str, Any]
FIVE = ("head", "referent", "tutor", "host_representative", "student")
"""The signers, in the order in which the demonstration's people answer."""


@dataclass(frozen=True)
class Story:
    """A campaign: weeks from now to its first day, its length, when it was sent; how many pupils signed, and so on."""

    begins: int
    weeks: int
    sent: int | None
    placed: int
    leave: int


STORIES = {
    "finished": Story(begins=-9, weeks=4, sent=-13, placed=20, leave=20),
    "running": Story(begins=-1, weeks=4, sent=-5, placed=20, leave=19),
    "coming": Story(begins=5, weeks=4, sent=-1, placed=16, leave=10),
    "preparing": Story(begins=9, weeks=3, sent=None, placed=5, leave=0),
}


def fill(settings: Settings, now: datetime) -> None:
    """Give each school of the demonstration its classes and campaigns, the schools side by side."""
    told = _data()
    with ProcessPoolExecutor(len(told["schools"]), mp_context=get_context("spawn")) as pool:
        work = [pool.submit(_fill_one, settings, rank, now) for rank in range(len(told["schools"]))]
        for each in work:
            each.result()


def _data() -> Json:
    text = files("pfmp_saas.demo").joinpath("classes.json").read_text(encoding="utf-8")
    read: Json = json.loads(text)
    return read


def _fill_one(settings: Settings, rank: int, now: datetime) -> None:
    """Fill one school in one transaction; one that has its campaigns already stays as it is."""
    metadata()
    flow.install()
    data = _data()
    with unit_on(settings.database_url) as session:
        school = by_uai(session, data["schools"][rank]["uai"])
        enter_tenant(session, school.id)
        if session.scalars(select(Campaign.id).limit(1)).first() is None:
            _School(session, data, data["schools"][rank], settings, now).live()


class _School:
    """One school while it is filled."""

    def __init__(self, session: Session, data: Json, told: Json, settings: Settings, now: datetime) -> None:
        self.session, self.data, self.told, self.settings, self.now = session, data, told, settings, now
        self.today = now.astimezone(ZoneInfo("Europe/Paris")).date()
        model = select(Convention).where(Convention.state == "draft").order_by(Convention.number)
        self.like: Json = session.scalars(model.limit(1)).one().data

    def live(self) -> None:
        """Add people, then live each class's campaign."""
        teachers = classes.teachers(self.session, self.told, self.now)
        for rank, told in enumerate(self.told["classes"]):
            classes.pupils(self.session, self.data, self.told, rank, self.today)
            hosts = classes.hosts(self.session, self.data, self.told, rank, self.like)
            if told["story"] in STORIES:
                self._campaign(told, STORIES[told["story"]], hosts, teachers)
        already_mailed(self.session, self.now)

    def _campaign(self, told: Json, story: Story, hosts: Sequence[Json], teachers: Sequence[str]) -> None:
        first = _monday(self.today + timedelta(weeks=story.begins))
        last = first + timedelta(weeks=story.weeks - 1, days=4)
        opened = self.now + timedelta(weeks=story.sent or -1, hours=-4)
        plan = campaigns.Plan(
            title=f"{told['class_name']}, {_ORDER[told['story']]}",
            class_name=told["class_name"],
            periods=[{"start": first.isoformat(), "end": last.isoformat()}],
            hours=dict.fromkeys(teachers, 4),
            common={name: told[name] for name in ("objectives", "activities")}
            | {name: self.like.get(name) for name in ("supervision", "assessment")},
            prepared_on=first - timedelta(weeks=1),
            visited_by=first - timedelta(days=3),
            sure=True,
        )
        row = campaigns.start(self.session, plan, created_by=None, today=self.today, now=opened)
        for number, draft in enumerate(self._placed(row, hosts, story)):
            if number < story.leave and story.sent is not None:
                self._leaves(draft, number, told["story"], self.now + timedelta(weeks=story.sent))
        if story.sent is None:
            looked_for(self.session, row.id, self.now)
            asked_for(self.session, row.id, self.settings, self.now)

    def _placed(self, row: Campaign, hosts: Sequence[Json], story: Story) -> Iterator[Convention]:
        """Give the first drafts of a campaign a host, two pupils a host; yield them."""
        statement = select(Convention).where(Convention.campaign_id == row.id).order_by(Convention.number)
        for number, draft in enumerate(self.session.scalars(statement.limit(story.placed)).all()):
            student = {**draft.data["student"], "medical_opinion_on": self._opinion(draft)}
            where = hosts[number % len(hosts)]
            parts = {name: self.like[name] for name in ("timetable", "finance") if name in self.like}
            sent = story.sent is not None and number < story.leave
            works = {"host": {**where["host"], "derogation_sent_on": self._derogation()}, "works": ["28"]}
            changes = {**where, **parts, "works": []} | ({"student": student} if sent else works)
            yield conventions.save(self.session, draft.id, changes)

    def _opinion(self, draft: Convention) -> str | None:
        known = draft.data["student"].get("medical_opinion_on")
        return known or (self.today - timedelta(days=60)).isoformat()

    def _derogation(self) -> str:
        return (self.today - timedelta(days=200)).isoformat()

    def _leaves(self, draft: Convention, number: int, story: str, sent: datetime) -> None:
        """Send a convention and give the signatures that its story has had time for."""
        around = Around(self.settings.base_url, sent)
        kek = self.settings.key_encryption_key
        conventions.send(self.session, draft.id, kek=kek, base_url=self.settings.base_url, now=sent)
        react(self.session, around)
        request = signing.request_of(self.session, "convention", draft.id)
        assert request is not None  # it has just been sent
        signed = FIVE if story != "coming" else FIVE[: number % 6]
        for hours, name in enumerate(signed, start=1):
            (signer,) = [each for each in request.signers if each.field == name]
            give(self.session, signer.id, request.frozen_hash, self.settings, sent + timedelta(hours=hours))
        self._followed(draft, number)
        if story == "finished" and number % 4:
            self._attested(draft, number)
        if story == "running" and number == 3:
            self._hurt(draft)
        if story == "coming" and number == 6:
            conventions.withdraw(self.session, draft.id, _OFFICE, sent + timedelta(hours=9))
            react(self.session, Around(self.settings.base_url, sent + timedelta(hours=9)))

    def _followed(self, draft: Convention, number: int) -> None:
        """Note the contacts and visits whose day has passed, but for one pupil in nine."""
        for act in followups.of_convention(self.session, draft.id):
            if act.due_on <= self.today and number % 9 != 4:
                at = datetime.combine(act.due_on, time(17), ZoneInfo("Europe/Paris"))
                (teacher,) = parties(draft, "referent")
                record(
                    self.session,
                    act.id,
                    done_on=act.due_on,
                    today=act.due_on,
                    recorded_by=teacher.account_id,
                    now=min(at, self.now),
                )
        react(self.session, Around(self.settings.base_url, self.now))

    def _attested(self, draft: Convention, number: int) -> None:
        """Ask the host for the attestation the day after; most have signed it."""
        row = attestations.of_convention(self.session, draft.id)
        assert row is not None and draft.ends_on is not None  # noqa: PT018 - both stand once it is signed
        at = datetime.combine(draft.ends_on + timedelta(days=3), self.now.timetz(), self.now.tzinfo)
        request = attesting.prepare(
            self.session,
            row.id,
            effective_days=Decimal(20 - number % 3),
            gratification=Decimal(0),
            place="sur place",
            today=at.date(),
            kek=self.settings.key_encryption_key,
            base_url=self.settings.base_url,
            now=at,
        )
        if number % 5:
            (signer,) = request.signers
            give(self.session, signer.id, request.frozen_hash, self.settings, at + timedelta(hours=2))

    def _hurt(self, draft: Convention) -> None:
        """Record an accident of the last working day: its declaration is due."""
        account = next(party.account_id for party in draft.parties if party.role == "tutor")
        day = self.today - timedelta(days=max(1, self.today.weekday() - 4) if self.today.weekday() else 3)
        at = datetime.combine(day, time(15, 10), ZoneInfo("Europe/Paris"))
        accidents.record_accident(
            self.session,
            draft.id,
            accidents.Facts(
                at,
                at + timedelta(minutes=20),
                "Atelier",
                "Coupure à la main en rangeant une tôle.",
                activity="Rangeait des tôles",
                cause="Une tôle",
                witnesses="Le chef d’atelier",
            ),
            accidents.Teller(account, "tutor"),
            at + timedelta(minutes=30),
        )
        react(self.session, Around(self.settings.base_url, at + timedelta(minutes=30)))


def _monday(day: date) -> date:
    """Return the Monday of a day's week; the first one of January for what would begin at Christmas."""
    monday = day - timedelta(days=day.weekday())
    if (monday.month, monday.day) >= (12, 14) or (monday.month, monday.day) < (1, 4):
        fourth = date(monday.year + (monday.month == 12), 1, 4)
        monday = fourth + timedelta(days=-fourth.weekday() % 7)
    return monday


_ORDER = {
    "finished": "première période",
    "running": "période en cours",
    "coming": "prochaine période",
    "preparing": "période du printemps",
}
_OFFICE = Actor("Secrétariat", "secretariat@demonstration.example", "establishment", "account")
