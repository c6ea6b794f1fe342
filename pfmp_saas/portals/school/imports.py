"""A school's files taken in: handed over, their columns corrected, tried line by line, imported in one act, taken back."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.portals import sheets
from pfmp_saas.portals.context import now, session, signed_in, today
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp
from pfmp_saas.roster.forms import FilesForm
from pfmp_saas.roster.imports import queries, stored, undoing, use_cases
from pfmp_saas.roster.imports.comparing import Line, Plan
from pfmp_saas.roster.imports.forms import columns_form, decisions_form, headers
from pfmp_saas.roster.imports.models import RosterImport
from pfmp_saas.roster.imports.states import ImportState
from pfmp_saas.roster.reading.values import Roster

IMPORTS = "/<uai>/eleves/imports"
IMPORT = f"{IMPORTS}/<uuid:roster_import_id>"
_WIDE = 25
"""Lines of each kind on the page of a dry run; ``liste`` names the one to read further."""


@bp.get(IMPORTS)
@requires(Permission.PEOPLE_WRITE)
def imports() -> ResponseReturnValue:
    """Offer to hand over files, and list the latest imports."""
    return _imports(FilesForm())


def _imports(form: FilesForm) -> str:
    return render_template("portals/school/imports.html", form=form, rows=queries.latest(session()))


def _not_kept(error: DomainError) -> str:
    form = FilesForm()
    form.refuse(error)
    return _imports(form)


@bp.post(IMPORTS)
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_kept)
def hand_over_files() -> ResponseReturnValue:
    """Keep files and read them; nothing of the pupils is written."""
    row = use_cases.keep(
        session(), FilesForm().sources(), by=signed_in().account_id, today=today(), now=now()
    )
    return redirect(url_for("school.import_tried", roster_import_id=row.id))


@bp.get(IMPORT)
@requires(Permission.PEOPLE_WRITE)
def import_tried(roster_import_id: uuid.UUID) -> ResponseReturnValue:
    """Show what an import would do, or what it did."""
    row = queries.get(session(), roster_import_id)
    return _tried(row) if row.state == ImportState.WAITING else _result(row)


def _tried(row: RosterImport, refusal: str | None = None) -> str:
    found = stored.roster(row.read)
    plan = queries.plan(session(), row, today())
    deciding = decisions_form(plan, leave=found.whole and not found.faults and plan.few_absent)
    deciding.refusal = refusal
    return render_template(
        "portals/school/import_tried.html",
        row=row,
        found=found,
        plan=plan,
        apart=(len(found.apprentices(today())), len(found.left(today()))),
        columns=columns_form(found.columns, row.encoding),
        deciding=deciding,
        **_shown(plan, found),
    )


def _shown(plan: Plan, found: Roster) -> dict[str, Any]:
    """Return the lines of each kind that the page shows: the first of each, or a page of the one that is asked."""
    kinds = {
        "nouveaux": plan.new,
        "modifies": plan.changed,
        "partis": (*plan.leaving, *plan.absent),
        "refus": found.faults,
        "confirmer": found.doubts,
    }
    asked, page = request.args.get("liste"), max(0, request.args.get("page", 0, type=int))
    start = page * queries.PAGE
    lines = {
        name: rows[start : start + queries.PAGE] if name == asked else rows[:_WIDE]
        for name, rows in kinds.items()
    }
    further = {name: len(rows) > start + queries.PAGE for name, rows in kinds.items() if name == asked}
    return {
        "lines": lines,
        "numbers": {name: len(rows) for name, rows in kinds.items()},
        "asked": asked if asked in kinds else None,
        "page": page,
        "further": further.get(asked or "", False),
    }


def _result(row: RosterImport) -> str:
    page = max(0, request.args.get("page", 0, type=int))
    changes = queries.changes(session(), row.id, page)
    undoable = (
        row.state == ImportState.DONE and row.done_at is not None and now() - row.done_at <= use_cases.KEPT
    )
    return render_template(
        "portals/school/import_result.html",
        row=row,
        found=stored.roster(row.read),
        changes=changes,
        page=page,
        further=len(changes) == queries.PAGE,
        undoable=undoable,
    )


@bp.post(f"{IMPORT}/colonnes")
@requires(Permission.PEOPLE_WRITE)
def correct_columns(roster_import_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what the person says of columns and of the encoding, and read the files again."""
    row = _waiting(roster_import_id)
    columns = stored.roster(row.read).columns
    form = columns_form(columns, row.encoding)
    if not form.validate():
        raise NotFound  # what the page does not offer
    use_cases.correct(session(), row, form.fields(headers(columns)), form.encoding.data, today())
    flash("Les fichiers sont relus. L’établissement garde ces colonnes pour la prochaine fois.")
    return redirect(url_for("school.import_tried", roster_import_id=row.id))


def _waiting(import_id: uuid.UUID) -> RosterImport:
    row = queries.get(session(), import_id)
    if row.state != ImportState.WAITING:
        raise NotFound
    return row


def _not_written(error: DomainError, roster_import_id: uuid.UUID) -> str:
    row = queries.get(session(), roster_import_id)
    return _tried(row, error.message) if row.state == ImportState.WAITING else _result(row)


@bp.post(f"{IMPORT}/importer")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_written)
def write_import(roster_import_id: uuid.UUID) -> ResponseReturnValue:
    """Write all that the dry run showed, in one act."""
    row = _waiting(roster_import_id)
    form = decisions_form(queries.plan(session(), row, today()), leave=False)
    decided = form.decisions(request.form.get("essai", ""))
    use_cases.write(session(), row.id, decided, today=today(), now=now())
    return redirect(url_for("school.import_tried", roster_import_id=row.id))


@bp.post(f"{IMPORT}/abandonner")
@requires(Permission.PEOPLE_WRITE)
def drop_import(roster_import_id: uuid.UUID) -> ResponseReturnValue:
    """Forget files that were not imported."""
    use_cases.drop(session(), roster_import_id)
    flash("Les fichiers sont oubliés. Rien n’a été écrit.")
    return redirect(url_for("school.imports"))


@bp.post(f"{IMPORT}/annuler")
@requires(Permission.PEOPLE_WRITE)
@or_show(_not_written)
def undo_import(roster_import_id: uuid.UUID) -> ResponseReturnValue:
    """Take an import back: who was not changed since stands as before."""
    undoing.undo(session(), roster_import_id, now())
    return redirect(url_for("school.import_tried", roster_import_id=roster_import_id))


@bp.get(f"{IMPORT}/essai.<kind>")
@requires(Permission.PEOPLE_WRITE)
def dry_run_sheet(roster_import_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Give a whole dry run as a list: every line of the files, what it would do, and why not."""
    if kind not in sheets.KINDS:
        raise NotFound
    row = _waiting(roster_import_id)
    plan = queries.plan(session(), row, today())
    rows = list(_lines(plan, stored.roster(row.read)))
    return sheets.sheet(kind, "essai", ("Ce qui se passe", "Élève", "Naissance", "Où", "Détail"), rows)


def _lines(plan: Plan, found: Roster) -> Iterator[tuple[str, ...]]:
    for word, lines in (
        ("nouveau", plan.new), ("modifié", plan.changed), ("à décider", plan.doubtful),
        ("parti", plan.leaving), ("absent des fichiers", plan.absent),
    ):  # fmt: skip
        for line in lines:
            yield word, line.name, line.born, line.place, _detail(line)
    for word, told in (("refusé", found.faults), ("à confirmer", found.doubts)):
        for each in told:
            yield word, "", "", f"{each.file}, ligne {each.line}", each.reason


def _detail(line: Line) -> str:
    if line.reason or line.before is None:
        return line.reason
    return " ; ".join(f"{label} : {before or '–'} → {after}" for label, before, after in line.changes)
