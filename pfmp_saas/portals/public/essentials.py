"""What a convention says, in plain words and before the document: what a signer reads first, on a phone."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from flask_babel import format_date, get_locale, gettext
from sqlalchemy.orm import Session

from pfmp_saas.conventions import queries
from pfmp_saas.conventions.gratification import gratification_of
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.text import DAYS
from pfmp_saas.portals.filters import span
from pfmp_saas.signing.models import SignatureRequest

Fact = tuple[str, str]
DECLARED: list[dict[str, str]] = json.loads(
    Path(__file__).with_name("declared.json").read_text(encoding="utf-8")
)
"""What a signature says beside the document's words: by field of the signer ("" for all), where it applies, in two languages."""
_MOST = 6
"""Missions shown; the document has them all."""
_THIN = "\N{NO-BREAK SPACE}"


def essentials(session: Session, request: SignatureRequest) -> tuple[Fact, ...]:
    """Return a convention's essentials as labels and texts; none for a document of another kind."""
    if request.subject_kind != "convention":
        return ()
    row = queries.get(session, request.subject_id)
    return (*facts(row.data), *_paid(session, row), *_limit(row))


def declarations(session: Session, request: SignatureRequest, field: str) -> list[str]:
    """Return what the signer of ``field`` in particular declares by signing, in the language of the page."""
    if request.subject_kind != "convention":
        return []
    return list(declared(queries.get(session, request.subject_id).data, field, str(get_locale() or "fr")))


def declared(data: Mapping[str, Any], field: str, language: str = "fr") -> Iterator[str]:
    """Yield what the signer of ``field`` declares by signing a convention of these ``data``."""
    sent = (data.get("host") or {}).get("derogation_sent_on")
    diploma = (data.get("student") or {}).get("diploma") or ""
    works = bool(data.get("works"))
    applies = {
        "always": True,
        "works": works,
        "derogation": works and bool(sent),
        "higher": "bts" in f"{data.get('type')} {diploma}".lower(),
    }
    day = f"{date.fromisoformat(sent):%d/%m/%Y}" if sent else ""
    for each in DECLARED:
        if each["field"] in ("", field) and applies[each["when"]]:
            yield each.get(language, each["fr"]).format(day=day)


def _paid(session: Session, row: Convention) -> Iterator[Fact]:
    """Yield what the host pays: the gratification of the planned presence, or that none is due."""
    amount = gratification_of(session, row)
    told = amount.how if amount else gettext("Aucune n’est due ni prévue pour cette durée.")
    yield gettext("Gratification"), told


def _limit(row: Convention) -> Iterator[Fact]:
    """Yield by when to sign: no placement begins without all the signatures."""
    if row.starts_on:
        day = format_date(row.starts_on, "full")
        yield (
            gettext("À signer avant"),
            gettext("le %(day)s, premier jour : sans toutes les signatures, rien ne commence", day=day),
        )


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
