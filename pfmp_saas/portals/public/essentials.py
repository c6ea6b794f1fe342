"""What a convention says, in plain words and before the document: what a signer reads first, on a phone."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import gettext
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries
from pfmp_saas.core.text import DAYS
from pfmp_saas.portals.filters import span
from pfmp_saas.signing.models import SignatureRequest

Fact = tuple[str, str]
_MOST = 6
"""Missions shown; the document has them all."""
_THIN = "\N{NO-BREAK SPACE}"


def essentials(session: Session, request: SignatureRequest) -> tuple[Fact, ...]:
    """Return a convention's essentials as labels and texts; none for a document of another kind."""
    if request.subject_kind != "convention":
        return ()
    return tuple(facts(queries.get(session, request.subject_id).data))


def facts(data: Mapping[str, Any]) -> Iterator[Fact]:
    """Yield the essentials that a convention's ``data`` have."""
    student, host, tutor = (data.get(name) or {} for name in ("student", "host", "tutor"))
    told = {
        gettext("Élève"): _joined(
            [
                f"{student.get('first_name') or ''} {student.get('last_name') or ''}".strip(),
                student.get("class_name"),
            ]
        ),
        gettext("Où"): _joined([host.get("name"), host.get("address")]),
        gettext("Quand"): " ; ".join(_period(period) for period in data.get("periods") or ()),
        gettext("Horaires"): hours_in_words(data.get("timetable") or {}),
        gettext("Missions"): _missions(data.get("activities")),
        gettext("Tuteur"): _joined([tutor.get("name"), tutor.get("function")]),
        gettext("Suivi par"): (data.get("referent") or {}).get("name") or "",
        gettext("Travaux réglementés"): _works(data),
    }
    yield from ((label, text) for label, text in told.items() if text)


def _joined(parts: list[Any]) -> str:
    return ", ".join(str(part) for part in parts if part)


def _period(period: Mapping[str, str]) -> str:
    return span(date.fromisoformat(period["start"]), date.fromisoformat(period["end"]))


def _missions(activities: Any) -> str:
    listed = [str(each) for each in activities] if isinstance(activities, list) else [str(activities or "")]
    more = gettext(" ; et %(number)s de plus", number=len(listed) - _MOST) if len(listed) > _MOST else ""
    return " ; ".join(listed[:_MOST]) + more


def _works(data: Mapping[str, Any]) -> str:
    works = [str(work) for work in data.get("works") or ()]
    sent = (data.get("host") or {}).get("derogation_sent_on")
    if not works:
        return ""
    told = str(gettext("numéros %(numbers)s du code du travail", numbers=", ".join(works)))
    if not sent:
        return told
    on = f"{date.fromisoformat(sent):%d/%m/%Y}"
    return told + str(gettext(" ; déclaration envoyée à l’inspection du travail le %(day)s", day=on))


def hours_in_words(week: Mapping[str, Any]) -> str:
    """Return a usual week as « lundi à vendredi, 8 h – 12 h et 13 h 30 – 16 h 30 · 35 h par semaine »."""
    worked = [(day, week.get(day) or []) for day in DAYS if week.get(day)]
    runs = [(list(days), slots) for slots, days in groupby(worked, key=lambda each: str(each[1]))]
    told = [f"{_days([day for day, _ in days])}, {_slots(days[0][1])}" for days, _ in runs]
    minutes = sum(_minutes(end) - _minutes(start) for _, slots in worked for start, end in slots)
    return " ; ".join(told) + (
        gettext(" · %(length)s par semaine", length=_told(minutes)) if minutes > 0 else ""
    )


def _days(days: list[str]) -> str:
    first, last = gettext(DAYS[days[0]]), gettext(DAYS[days[-1]])
    between = gettext("et") if len(days) == 2 else gettext("à (jours)")
    return first if first == last else f"{first} {between.removesuffix(' (jours)')} {last}"


def _slots(slots: list[list[str]]) -> str:
    return f" {gettext('et')} ".join(
        f"{_told(_minutes(start))} – {_told(_minutes(end))}" for start, end in slots
    )


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return 60 * int(hours) + int(minutes)


def _told(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}{_THIN}h" + (f"{_THIN}{rest:02d}" if rest else "")
