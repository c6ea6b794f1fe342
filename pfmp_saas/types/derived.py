"""Placeholders that are reckoned rather than read: a closed list, each with the paths it prints."""

from collections.abc import Callable
from decimal import Decimal

from pfmp_saas.law.money.amounts import surplus_km, transport_a_day
from pfmp_saas.types import formats, presence
from pfmp_saas.types.view import View


def _joined(view: View, separator: str, *paths: str) -> str:
    return separator.join(text for text in map(view.text, paths) if text)


def _host_name(view: View) -> str:
    name, trade = view.text("host.name"), view.text("host.trade_name")
    return f"{name} (enseigne : {trade})" if name and trade and trade != name else name or trade


def _host_address(view: View) -> str:
    town = _joined(view, " ", "host.postcode", "host.city")
    return ", ".join(filter(None, (view.text("host.address"), town)))


def _days(view: View) -> str:
    """Days of D124-6: seven hours of presence, consecutive or not, are one."""
    minutes = presence.total_minutes(view, view.days_off)
    days = minutes // presence.DAY_MINUTES
    if not minutes:
        return ""
    plural = "s" if days > 1 else ""
    return f"{days}{formats.NBSP}jour{plural} ({formats.duration(minutes)} de présence)"


def _signatory(view: View) -> str:
    student = _joined(view, " ", "student.first_name", "student.last_name")
    guardian = view.text("student.guardian.name")
    return f"{guardian}, pour {student}" if guardian and student else guardian or student


def _contributes(view: View) -> str:
    amounts = [view.number(f"finance.{name}") for name in ("meals", "transport", "lodging")]
    if any(amounts):
        return "yes"
    return "no" if all(amount == 0 for amount in amounts) else ""


def _per_hour(view: View) -> str:
    hourly = formats.show(view, "finance.gratification.hourly", "euros")
    return f"{hourly} par heure de présence" if hourly else ""


def _first_day(view: View) -> str:
    starts = [start for start, _ in presence.periods(view)]
    return formats.day(view.day("attestation.start") or (min(starts) if starts else None))


def _last_day(view: View) -> str:
    ends = [end for _, end in presence.periods(view)]
    return formats.day(view.day("attestation.end") or (max(ends) if ends else None))


def _kilometres(view: View) -> tuple[Decimal, Decimal] | None:
    """Return the journeys to the placement and to school, one way (S-pyr, annex)."""
    placement, usual = (view.number(f"finance.{name}_km") for name in ("placement", "usual"))
    return None if placement is None or usual is None else (Decimal(str(placement)), Decimal(str(usual)))


def _surplus(view: View) -> float | None:
    known = _kilometres(view)
    return None if known is None else float(surplus_km(*known))


def _refunded_km(view: View) -> float | None:
    surplus = _surplus(view)
    ceiling = view.number("finance.ceiling_km")
    return surplus if surplus is None or ceiling is None else min(surplus, ceiling)


def _refund(view: View) -> str:
    known, rate = _kilometres(view), view.number("finance.rate_per_km")
    if known is None or rate is None:
        return ""
    ceiling = view.number("finance.ceiling_km")
    limit = None if ceiling is None else Decimal(str(ceiling))
    amount = transport_a_day(*known, rate=Decimal(str(rate)), ceiling=limit)
    return formats.unit(float(amount.euros), "€", 2)


def _special(view: View) -> str:
    """Presence at night, on Sunday or on a public holiday, or the model's dots (S-agr, article 6)."""
    said = _joined(view, " ; ", "presence.night", "presence.sunday", "presence.holiday")
    return said or ".....préciser les cas particuliers....."


def _rest(view: View) -> str:
    said = view.text("presence.compensation")
    return f" : {said}" if said else "....."


def _derogation_end(view: View) -> str:
    """Three years from sending (labour code, R4153-44); 29 February ends on the 28th."""
    sent = view.day("host.derogation_sent_on")
    if sent is None or sent.year > 9990:
        return ""
    last = 28 if (sent.month, sent.day) == (2, 29) else sent.day
    return formats.day(sent.replace(year=sent.year + 3, day=last))


Derived = tuple[tuple[str, ...], Callable[[View], str]]

DERIVED: dict[str, Derived] = {
    "host.name_and_trade_name": (("host.name", "host.trade_name"), _host_name),
    "host.full_address": (("host.address", "host.postcode", "host.city"), _host_address),
    "student.full_name": (
        ("student.last_name", "student.first_name"),
        lambda view: _joined(view, " ", "student.last_name", "student.first_name"),
    ),
    "student.diploma_and_course": (
        ("student.diploma", "student.course_title"),
        lambda view: _joined(view, " — ", "student.diploma", "student.course_title"),
    ),
    "student.signatory": (("student.guardian.name",), _signatory),
    "host.derogation_until": (("host.derogation_sent_on",), _derogation_end),
    "presence.special": (("presence.night", "presence.sunday", "presence.holiday"), _special),
    "presence.compensatory_rest": (("presence.compensation",), _rest),
    "duration.days": (("periods", "timetable"), _days),
    "timetable.total": (("timetable",), lambda view: formats.duration(presence.weekly_minutes(view))),
    "finance.contributes": (("finance.meals", "finance.transport", "finance.lodging"), _contributes),
    "finance.gratification.per_hour": (("finance.gratification.hourly",), _per_hour),
    "attestation.first_day": (("periods",), _first_day),
    "attestation.last_day": (("periods",), _last_day),
    "finance.surplus_km": (
        ("finance.placement_km", "finance.usual_km"),
        lambda view: formats.unit(_surplus(view), "km"),
    ),
    "finance.refunded_km": (("finance.ceiling_km",), lambda view: formats.unit(_refunded_km(view), "km")),
    "finance.refund_per_day": (("finance.rate_per_km",), _refund),
}
