"""Placeholders that are reckoned rather than read: a closed list, each with the paths it prints."""

from collections.abc import Callable
from decimal import Decimal

from pfmp_saas.law.clocks import derogation_valid_until
from pfmp_saas.law.money.amounts import NBSP, attested, surplus_km, transport_a_day
from pfmp_saas.law.reader import Reader
from pfmp_saas.types import formats


def _joined(data: Reader, separator: str, *paths: str) -> str:
    return separator.join(text for text in map(data.text, paths) if text)


def _host_name(data: Reader) -> str:
    name, trade = data.text("host.name"), data.text("host.trade_name")
    return f"{name} (enseigne : {trade})" if name and trade and trade != name else name or trade


def _host_address(data: Reader) -> str:
    town = _joined(data, " ", "host.postcode", "host.city")
    return ", ".join(filter(None, (data.text("host.address"), town)))


def _days(data: Reader) -> str:
    """Write the days of D124-6: seven hours of presence, consecutive or not, are one."""
    minutes = data.presence.minutes
    days = attested(minutes).days
    if not minutes:
        return ""
    plural = "s" if days > 1 else ""
    return f"{days}{NBSP}jour{plural} ({formats.duration(minutes)} de présence)"


def _signatory(data: Reader) -> str:
    student = _joined(data, " ", "student.first_name", "student.last_name")
    guardian = data.text("student.guardian.name")
    return f"{guardian}, pour {student}" if guardian and student else guardian or student


def _contributes(data: Reader) -> str:
    amounts = [data.decimal(f"finance.{name}") for name in ("meals", "transport", "lodging")]
    if any(amounts):
        return "yes"
    return "no" if all(amount == 0 for amount in amounts) else ""


def _per_hour(data: Reader) -> str:
    hourly = formats.show(data, "finance.gratification.hourly", "euros")
    return f"{hourly} par heure de présence" if hourly else ""


def _first_day(data: Reader) -> str:
    starts = [period.start for period in data.presence.periods]
    return formats.day(data.day("attestation.start") or (min(starts) if starts else None))


def _last_day(data: Reader) -> str:
    ends = [period.end for period in data.presence.periods]
    return formats.day(data.day("attestation.end") or (max(ends) if ends else None))


def _kilometres(data: Reader) -> tuple[Decimal, Decimal] | None:
    """Return the journeys to the placement and to school, one way (S-pyr, annex)."""
    placement, usual = (data.decimal(f"finance.{name}_km") for name in ("placement", "usual"))
    return None if placement is None or usual is None else (placement, usual)


def _surplus(data: Reader) -> Decimal | None:
    known = _kilometres(data)
    return None if known is None else surplus_km(*known)


def _refunded_km(data: Reader) -> Decimal | None:
    surplus = _surplus(data)
    ceiling = data.decimal("finance.ceiling_km")
    return surplus if surplus is None or ceiling is None else min(surplus, ceiling)


def _refund(data: Reader) -> str:
    known, rate = _kilometres(data), data.decimal("finance.rate_per_km")
    if known is None or rate is None:
        return ""
    amount = transport_a_day(*known, rate=rate, ceiling=data.decimal("finance.ceiling_km"))
    return formats.unit(amount.euros, "€", 2)


def _special(data: Reader) -> str:
    """Write the presence at night, on Sunday or on a public holiday, or the model's dots (S-agr, article 6)."""
    said = _joined(data, " ; ", "presence.night", "presence.sunday", "presence.holiday")
    return said or ".....préciser les cas particuliers....."


def _rest(data: Reader) -> str:
    said = data.text("presence.compensation")
    return f" : {said}" if said else "....."


def _derogation_end(data: Reader) -> str:
    sent = data.day("host.derogation_sent_on")
    return formats.day(derogation_valid_until(sent)) if sent else ""


Derived = tuple[tuple[str, ...], Callable[[Reader], str]]

DERIVED: dict[str, Derived] = {
    "host.name_and_trade_name": (("host.name", "host.trade_name"), _host_name),
    "host.full_address": (("host.address", "host.postcode", "host.city"), _host_address),
    "student.full_name": (
        ("student.last_name", "student.first_name"),
        lambda data: _joined(data, " ", "student.last_name", "student.first_name"),
    ),
    "student.diploma_and_course": (
        ("student.diploma", "student.course_title"),
        lambda data: _joined(data, " — ", "student.diploma", "student.course_title"),
    ),
    "student.signatory": (("student.guardian.name",), _signatory),
    "host.derogation_until": (("host.derogation_sent_on",), _derogation_end),
    "presence.special": (("presence.night", "presence.sunday", "presence.holiday"), _special),
    "presence.compensatory_rest": (("presence.compensation",), _rest),
    "duration.days": (("periods", "timetable"), _days),
    "timetable.total": (("timetable",), lambda data: formats.duration(data.presence.weekly_minutes)),
    "finance.contributes": (("finance.meals", "finance.transport", "finance.lodging"), _contributes),
    "finance.gratification.per_hour": (("finance.gratification.hourly",), _per_hour),
    "attestation.first_day": (("periods",), _first_day),
    "attestation.last_day": (("periods",), _last_day),
    "finance.surplus_km": (
        ("finance.placement_km", "finance.usual_km"),
        lambda data: formats.unit(_surplus(data), "km"),
    ),
    "finance.refunded_km": (("finance.ceiling_km",), lambda data: formats.unit(_refunded_km(data), "km")),
    "finance.refund_per_day": (("finance.rate_per_km",), _refund),
}
