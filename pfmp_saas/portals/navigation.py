"""Where a page stands in its space: the entries of the navigation, what waits behind each, and the way back."""

from dataclasses import dataclass

from flask import Flask, g, request, url_for
from flask_login import current_user

from pfmp_saas.core.permissions import Permission, allows
from pfmp_saas.portals.context import session, signed_in, today
from pfmp_saas.workflows import waiting

FIRST = 4
"""So many entries stand in a phone's bottom bar; the others open from « Plus »."""


@dataclass(frozen=True)
class Entry:
    """One place of a space: its endpoint, what it is called, its icon, who sees it, and what its count counts."""

    name: str
    endpoint: str
    label: str
    icon: str
    permission: Permission
    counted: str | None = None

    @property
    def url(self) -> str:
        """Return the entry's address, in the school of the page."""
        return url_for(self.endpoint)


@dataclass(frozen=True)
class Space:
    """A role's portal: what it is called, and its places in the order in which they are shown."""

    title: str
    entries: tuple[Entry, ...]


_TO_SIGN = Entry("to-sign", "school.to_sign", "À signer", "pen", Permission.SIGN_OWN, "to_sign")
SPACES = {
    "school": Space(
        "Espace établissement",
        (
            Entry("today", "school.today", "Aujourd’hui", "house-door", Permission.CONVENTION_READ),
            Entry(
                "conventions", "school.dashboard", "Conventions", "journal-text", Permission.CONVENTION_READ
            ),
            _TO_SIGN,
            Entry("campaigns", "school.campaigns", "Campagnes", "collection", Permission.CONVENTION_READ),
            Entry(
                "calendar",
                "school.placements_calendar",
                "Calendrier",
                "calendar3",
                Permission.CONVENTION_READ,
            ),
            Entry("followup", "school.followup", "Suivi", "bell", Permission.CONVENTION_READ, "late"),
            Entry("pupils", "school.pupils", "Élèves", "people", Permission.CONVENTION_READ),
            Entry("hosts", "school.hosts", "Organismes", "building", Permission.CONVENTION_READ),
            Entry(
                "allowances",
                "school.allowances_of_year",
                "Allocations",
                "wallet2",
                Permission.CONVENTION_READ,
            ),
            Entry("figures", "school.figures", "Chiffres", "bar-chart", Permission.CONVENTION_READ),
            Entry(
                "types",
                "school.revisions",
                "Convention-type",
                "file-earmark-text",
                Permission.CONVENTION_WRITE,
            ),
            Entry("team", "school.team", "Équipe", "person-badge", Permission.PEOPLE_WRITE),
            Entry("settings", "school.preferences", "Réglages", "gear", Permission.SETTINGS_WRITE),
        ),
    ),
    "teacher": Space(
        "Espace enseignant référent",
        (
            Entry("conventions", "teacher.dashboard", "Mes élèves", "people", Permission.FOLLOW_STUDENTS),
            _TO_SIGN,
        ),
    ),
    "family": Space(
        "Espace élève et famille",
        (Entry("inbox", "family.dashboard", "Ce qui vous attend", "house-door", Permission.SIGNED_IN),),
    ),
    "company": Space(
        "Espace organisme d’accueil",
        (Entry("inbox", "company.inbox", "Ce qui vous attend", "house-door", Permission.SIGNED_IN),),
    ),
    "platform": Space(
        "Plateforme",
        (Entry("overview", "platform.overview", "Vue d’ensemble", "speedometer2", Permission.PLATFORM),),
    ),
}


def install(app: Flask) -> None:
    """Give every template the navigation of its space, as ``shell()``."""
    app.add_template_global(shell, "shell")
    app.add_template_global(counts, "counts")


def shell() -> Space | None:
    """Return the space of the page with the entries that the signed-in person may open; None outside any space.

    A referent who signs in the school's pages stays in the teacher's space.
    """
    place = g.get("place")
    name = request.blueprint or ""
    if not current_user.is_authenticated or name not in SPACES:
        return None
    if name == "school" and place is not None and not allows(place.roles, Permission.CONVENTION_READ):
        name = "teacher"
    space = SPACES[name]
    return Space(space.title, tuple(entry for entry in space.entries if _open(entry)))


def _open(entry: Entry) -> bool:
    place = g.get("place")
    if entry.permission is Permission.PLATFORM:
        return signed_in().operator
    return entry.permission is Permission.SIGNED_IN or (
        place is not None and allows(place.roles, entry.permission)
    )


def reckoned(waits: dict[str, int]) -> None:
    """Take over what the page has counted itself, so that the navigation does not count it again."""
    g.waits = waits


def counts() -> dict[str, int]:
    """Return what waits behind the entries of the page's school, by the name that an entry gives to its count."""
    place = g.get("place")
    if place is None:
        return {}
    if "waits" not in g:
        signs = allows(place.roles, Permission.SIGN_OWN)
        follows = allows(place.roles, Permission.CONVENTION_READ)
        g.waits = waiting.numbers(
            session(), today() if follows else None, signed_in().email if signs else None
        )
    return dict(g.waits)
