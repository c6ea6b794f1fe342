"""Forms of an import: the match of its columns, and what is decided of its dry run."""

from collections.abc import Mapping, Sequence

from pfmp_saas.core.fields import Choice, Radio, Tick
from pfmp_saas.core.forms import Form, made
from pfmp_saas.roster.imports.comparing import Plan
from pfmp_saas.roster.imports.use_cases import Decisions
from pfmp_saas.roster.reading.columns import FIELDS, key
from pfmp_saas.roster.reading.values import ReadColumn

MOST_DOUBTFUL = 100
"""Doubtful lines that one page asks about; those beyond are left aside until the next import."""
_ENCODINGS = [
    ("", "Trouvé tout seul"),
    ("cp1252", "Windows (cp1252)"),
    ("iso8859_15", "Europe occidentale (ISO 8859-15)"),
    ("mac_roman", "Ancien Mac (Mac Roman)"),
    ("cp850", "MS-DOS (CP850)"),
]
_COLUMN, _DOUBT = "colonne-", "doute-"


class ColumnsForm(Form):
    """How lists are read; the fields ``colonne-…``, one a header, are added by :func:`columns_form`."""

    encoding = Choice("Encodage des listes", choices=_ENCODINGS)

    def fields(self, headers: Sequence[str]) -> dict[str, str]:
        """Return the field chosen for each header, by the header's key."""
        return {key(name): self[f"{_COLUMN}{rank}"].data for rank, name in enumerate(headers)}


def headers(columns: Sequence[ReadColumn]) -> list[str]:
    """Return the headers of an import's lists, each once."""
    return list(dict.fromkeys(column.header for column in columns))


def columns_form(columns: Sequence[ReadColumn], encoding: str) -> ColumnsForm:
    """Return the form of an import's columns, each with what takes it now."""
    choices = [("", "– rien –"), *FIELDS.items()]
    by_header = {column.header: column for column in reversed(columns)}
    fields = {}
    for rank, name in enumerate(headers(columns)):
        column = by_header[name]
        described = f"Par exemple : {column.sample}" if column.sample else "Colonne vide"
        fields[f"{_COLUMN}{rank}"] = Choice(
            name, choices=choices, default=column.field, description=described
        )
    return made(ColumnsForm, fields, data={"encoding": encoding})


class DecisionsForm(Form):
    """What is decided of a dry run; the fields ``doute-…``, one a doubtful line, are added by :func:`decisions_form`."""

    absent_leave = Tick("Ils ont quitté l’établissement")

    def decisions(self, digest: str) -> Decisions:
        """Return what was decided of the dry run that ``digest`` names."""
        doubtful = {
            int(field.name.removeprefix(_DOUBT)): field.data
            for field in self
            if field.name.startswith(_DOUBT)
        }
        return Decisions(digest, doubtful, absent_leave=self.absent_leave.data)

    @property
    def doubts(self) -> list[Radio]:
        """Return the fields of the doubtful lines."""
        return [field for field in self if field.name.startswith(_DOUBT)]


def decisions_form(plan: Plan, *, leave: bool) -> DecisionsForm:
    """Return the form of a dry run; ``leave`` ticks at first that those whom the files lack have left."""
    fields: Mapping[str, Radio] = {
        f"{_DOUBT}{rank}": Radio(
            f"{line.name}, naissance le {line.born}",
            choices=[
                ("later", "Laisser de côté pour l’instant"),
                ("same", "Même élève : corriger sa date de naissance"),
                ("new", "Autre élève : l’ajouter"),
            ],
            default="later",
            description=f"{line.place} : {line.reason}",
        )
        for rank, line in enumerate(plan.doubtful[:MOST_DOUBTFUL])
    }
    return made(DecisionsForm, fields, data={"absent_leave": leave})
