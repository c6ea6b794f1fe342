"""The hosts that the school knows: the list, one sheet a host, its declarations, two sheets merged, the list as a file."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pfmp_saas.conventions import reuse
from pfmp_saas.conventions.hosts import queries, use_cases
from pfmp_saas.conventions.hosts.forms import DeclarationForm, HostSheetForm, host_form
from pfmp_saas.core.errors import DomainError, NotFound
from pfmp_saas.core.permissions import Permission, requires
from pfmp_saas.evaluations.queries import rating
from pfmp_saas.portals import sheets
from pfmp_saas.portals.context import my_name, now, session, signed_in, today
from pfmp_saas.portals.party_routes import CONVENTION
from pfmp_saas.portals.refusals import or_show
from pfmp_saas.portals.school.blueprint import bp

HOSTS = "/<uai>/organismes"
HOST = f"{HOSTS}/<uuid:host_id>"
_MOST = 10_000
_HEADINGS = (
    "Raison sociale",
    "Enseigne",
    "SIRET",
    "Adresse",
    "Ville",
    "Téléphone",
    "Activité",
    "Effectif",
    "Représentant",
    "Courriel",
)


@bp.get(HOSTS)
@requires(Permission.CONVENTION_READ)
def hosts() -> ResponseReturnValue:
    """List the hosts that have the words asked, in the order asked."""
    asked, page = _asked(), max(0, request.args.get("page", 0, type=int))
    rows = queries.page(session(), start=page * queries.PAGE, **asked)
    return render_template(
        "portals/school/hosts.html",
        rows=rows,
        asked=asked,
        page=page,
        number=queries.count(session()),
        further=len(rows) == queries.PAGE,
    )


def _asked() -> dict[str, Any]:
    return {"search": request.args.get("q") or None, "order": request.args.get("tri", "nom")}


@bp.get(f"{HOSTS}/liste.<kind>")
@requires(Permission.CONVENTION_READ)
def hosts_sheet(kind: str) -> ResponseReturnValue:
    """Give the list that the address asks for as a file."""
    if kind not in sheets.KINDS:
        raise NotFound
    rows = queries.page(session(), most=_MOST, **_asked())
    names = ("address", "city", "phone", "activity", "staff")
    lines = []
    for row in rows:
        who = row.data.get("representative") or {}
        told = [row.data.get(name) for name in names]
        lines.append(
            [row.name, row.data.get("trade_name"), row.siret, *told, who.get("name"), who.get("email")]
        )
    return sheets.sheet(kind, "organismes", _HEADINGS, lines)


@bp.get(f"{HOSTS}/nouveau")
@requires(Permission.CONVENTION_WRITE)
def new_host() -> ResponseReturnValue:
    """Show the form of a host to add."""
    return _sheet(None, host_form(None))


@bp.get(HOST)
@requires(Permission.CONVENTION_WRITE)
def host(host_id: uuid.UUID) -> ResponseReturnValue:
    """Show a host's sheet."""
    return _sheet(host_id, host_form(queries.get(session(), host_id)))


def _sheet(host_id: uuid.UUID | None, form: HostSheetForm, declaring: DeclarationForm | None = None) -> str:
    if host_id is None:
        return render_template("portals/school/host.html", row=None, form=form, declaring=None)
    row = queries.get(session(), host_id)
    taken = queries.taken(session(), row)
    return render_template(
        "portals/school/host.html",
        row=row,
        form=form,
        declaring=declaring or DeclarationForm(formdata=None),
        declarations=queries.declarations(session(), host_id),
        taken=taken,
        tutors=queries.tutors(taken),
        places=queries.places(session(), row, today()),
        rating=rating(session(), taken),
        doubles=queries.doubles(session(), row),
        day=today(),
    )


def _not_added(error: DomainError) -> str:
    return _refused(error, None)


def _not_saved(error: DomainError, host_id: uuid.UUID) -> str:
    return _refused(error, host_id)


def _refused(error: DomainError, host_id: uuid.UUID | None) -> str:
    form = HostSheetForm()
    form.refuse(error)
    return _sheet(host_id, form)


@bp.post(f"{HOSTS}/nouveau")
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_added)
def add_host() -> ResponseReturnValue:
    """Add a host."""
    return _save(None)


@bp.post(HOST)
@requires(Permission.CONVENTION_WRITE)
@or_show(_not_saved)
def change_host(host_id: uuid.UUID) -> ResponseReturnValue:
    """Change a host's sheet."""
    queries.get(session(), host_id)
    return _save(host_id)


def _save(host_id: uuid.UUID | None) -> ResponseReturnValue:
    form = HostSheetForm()
    if not form.validate():
        return _sheet(host_id, form), 422
    row = use_cases.save(session(), host_id, form.values(), form.columns(), now())
    flash("La fiche est enregistrée. Les prochaines conventions la reprennent.")
    return redirect(url_for("school.host", host_id=row.id))


@bp.post(f"{HOST}/declarations")
@requires(Permission.CONVENTION_WRITE)
def declare_works(host_id: uuid.UUID) -> ResponseReturnValue:
    """Add a declaration of derogation to a host's sheet."""
    form = DeclarationForm()
    row = queries.get(session(), host_id)
    if not form.validate():
        return _sheet(host_id, host_form(row, sent=False), form), 422
    use_cases.declare(session(), host_id, form.values())
    flash("Déclaration ajoutée. Elle sera proposée une fois comparée avec le document.")
    return redirect(url_for("school.host", host_id=host_id))


@bp.post(f"{HOSTS}/declarations/<uuid:host_declaration_id>/verifier")
@requires(Permission.CONVENTION_WRITE)
def check_declaration(host_declaration_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the signed-in person compared a declaration with the paper."""
    row = use_cases.declaration_checked(
        session(), host_declaration_id, signed_in().account_id, my_name(), now()
    )
    return redirect(url_for("school.host", host_id=row.host_id))


@bp.post(f"{HOSTS}/declarations/<uuid:host_declaration_id>/retirer")
@requires(Permission.CONVENTION_WRITE)
def drop_declaration(host_declaration_id: uuid.UUID) -> ResponseReturnValue:
    """Forget a declaration typed by mistake."""
    host_id = use_cases.drop_declaration(session(), host_declaration_id)
    return redirect(url_for("school.host", host_id=host_id))


@bp.post(f"{HOST}/fusion/<uuid:other_id>")
@requires(Permission.CONVENTION_WRITE)
def merge_hosts(host_id: uuid.UUID, other_id: uuid.UUID) -> ResponseReturnValue:
    """Put another sheet of the same host into this one."""
    use_cases.merge(session(), host_id, other_id, now())
    flash("Les deux fiches n’en font plus qu’une.")
    return redirect(url_for("school.host", host_id=host_id))


@bp.post(f"{CONVENTION}/declaration")
@requires(Permission.CONVENTION_WRITE)
def take_up_declaration(convention_id: uuid.UUID) -> ResponseReturnValue:
    """Give a draft the day of the host's declaration that covers it."""
    reuse.take_up_declaration(session(), convention_id)
    flash("La date de la déclaration est reprise.")
    return redirect(url_for("school.edit", convention_id=convention_id, step="securite"))
