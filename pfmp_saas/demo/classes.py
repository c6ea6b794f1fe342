"""The demonstration's classes: six a school, with their pupils, their teachers and the hosts around."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from stdnum import luhn

from pfmp_saas.accounts import roles
from pfmp_saas.accounts.forms import Member
from pfmp_saas.conventions.models import Host
from pfmp_saas.core.database import current_tenant
from pfmp_saas.core.roles import Role
from pfmp_saas.core.text import fold
from pfmp_saas.roster.models import Guardian, Student

Json = Mapping[str, Any]
PUPILS, HOSTS = 20, 10
"""Of each class, and for each class."""


def siret(number: int) -> str:
    """Return a well-formed SIRET of its own for each number under a million: its SIREN's key, then its own."""
    siren = str(10_000_000 + number)
    office = f"{siren}{luhn.calc_check_digit(siren)}0001"
    return office + luhn.calc_check_digit(office)


def teachers(session: Session, school: Json, now: Any) -> list[str]:
    """Give the school its further referent teachers; return their addresses."""
    found = []
    for name in school["teachers"]:
        email = f"{_address(name)}@{school['domain']}"
        roles.give(session, Member(email, name, Role.REFERENT), roles.Giving(None, "", now))
        found.append(email)
    return found


def pupils(session: Session, data: Json, school: Json, rank: int, today: date) -> list[Student]:
    """Add a class's pupils with their guardians; two of them have no medical opinion yet."""
    told = school["classes"][rank]
    rows = []
    for number in range(PUPILS):
        row = _pupil(data, told, rank * PUPILS + number + _of_school(school), today)
        row.tenant_id = current_tenant(session)
        for guardian in row.guardians:
            guardian.tenant_id = row.tenant_id
        rows.append(row)
    session.add_all(rows)
    session.flush()
    return rows


def _of_school(school: Json) -> int:
    """Return where the names of a school begin, so that each has its own."""
    return int(school["uai"][:7]) % 997


def _pupil(data: Json, told: Json, number: int, today: date) -> Student:
    firsts, lasts = data["first_names"], data["last_names"]
    first, last = firsts[number * 7 % len(firsts)], lasts[(number * 3 + number // len(lasts)) % len(lasts)]
    born = date(today.year - told["age"], 1 + number % 9, 1 + number * 5 % 28)
    known = number % 10 != 7
    row = Student(
        first_name=first,
        last_name=last,
        birth_date=born,
        email=f"{_address(first)}.{_address(last)}{number}@eleve.example",
        address=f"{1 + number % 80} rue des Écoles",
        **{name: told[name] for name in ("class_name", "diploma", "course_title", "course_hours")},
        medical_opinion_on=date(today.year - (today.month < 9), 9, 1 + number % 28) if known else None,
    )
    parent = firsts[(number * 11 + 5) % len(firsts)]
    row.guardians.append(
        Guardian(
            name=f"{parent} {last}", email=f"{_address(parent)}.{_address(last)}{number}@famille.example"
        )
    )
    return row


def hosts(session: Session, data: Json, school: Json, rank: int, like: Json) -> list[Json]:
    """Add the hosts that a class knows, and return each with its tutor as a convention's data have them."""
    found = [_host(data, school, rank, number, like) for number in range(HOSTS)]
    for host, _ in found:
        session.add(
            Host(
                tenant_id=current_tenant(session),
                identity=host["siret"],
                siret=host["siret"],
                name=host["name"],
                data=host,
            )
        )
    return [{"host": host, "tutor": tutor} for host, tutor in found]


def _host(data: Json, school: Json, rank: int, number: int, like: Json) -> tuple[Json, Json]:
    told, owners = school["classes"][rank], data["owners"]
    owner, other = owners[(number + rank) % len(owners)], owners[(number + rank + 5) % len(owners)]
    first = data["first_names"][(number * 3 + rank) % len(data["first_names"])]
    second = data["first_names"][(number * 5 + rank + 9) % len(data["first_names"])]
    (city, postcode), unique = school["places"][number], _of_school(school) * 100 + rank * HOSTS + number
    name = told["host"].format(name=owner)
    street = f"{3 + number * 4} rue de l’Industrie"
    apart = "city" in like["host"]
    place = (
        {"address": street, "city": city, "postcode": postcode}
        if apart
        else {"address": f"{street}, {postcode} {city}"}
    )
    site = f"{_address(owner)}{unique}.example"
    host = {
        **like["host"],
        **place,
        "name": name,
        "trade_name": None,
        "siret": siret(unique),
        "activity": told["activity"],
        "phone": f"03 80 {unique % 90 + 10} {number + 10} {rank + 20}",
        "representative": {"name": f"{first} {owner}", "function": "Gérant", "email": f"direction@{site}"},
        "staff": 12 + number * 3,
        "derogation_sent_on": None,
    }
    tutor = {
        "name": f"{second} {other}",
        "function": "Responsable d’équipe",
        "email": f"tuteur@{site}",
        "phone": "06 12 34 56 78",
    }
    return host, tutor


def _address(name: str) -> str:
    """Return a name as the first part of an address."""
    return fold(name).replace(" ", ".").replace("’", "").replace("'", "").replace("-", "")
