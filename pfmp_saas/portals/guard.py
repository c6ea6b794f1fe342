"""Access denied by default: a request reaches its view only if the view declares a permission.

The school in an address is taken out of it here, once: no view has it as an argument, and an address of a page is
made for the same school unless another is named.
"""

from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from pfmp_saas.accounts import factors
from pfmp_saas.accounts.queries import Place, place_of
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.permissions import Permission, allows
from pfmp_saas.core.roles import Role
from pfmp_saas.portals.context import session, settings, signed_in, signed_in_as
from pfmp_saas.portals.kept import session_is_over
from pfmp_saas.tenants import queries as tenants


def install(app: Flask) -> None:
    """Check every request against its view's declared permission."""
    manager = LoginManager(app)
    manager.user_loader(signed_in_as)
    app.url_value_preprocessor(_take_uai)
    app.url_defaults(_give_uai)
    app.before_request(_check)


def _take_uai(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Keep the address's ``uai`` for the request, away from the view's arguments."""
    g.uai = (values or {}).pop("uai", None)


def _give_uai(endpoint: str, values: dict[str, Any]) -> None:
    """Build an address for the school of the page, when it needs one and names none."""
    here = g.get("uai")
    if here is not None and current_app.url_map.is_endpoint_expecting(endpoint, "uai"):
        values.setdefault("uai", here)


def _check() -> ResponseReturnValue | None:
    endpoint = request.endpoint
    if any("\x00" in str(value) for value in (g.uai, *(request.view_args or {}).values())):
        abort(404)
    if endpoint is None:
        return None
    view = request_view(endpoint)
    if getattr(view, "public_because", None):
        return None
    permission = getattr(view, "permission", None)
    if permission is None:
        abort(403)
    if not current_user.is_authenticated:
        return session_is_over()
    _authorise(permission)
    return redirect(url_for("factors.page")) if _lacks_factor(permission) else None


def request_view(endpoint: str) -> object:
    """Return the function registered for an endpoint."""
    return current_app.view_functions[endpoint]


def _authorise(permission: Permission) -> None:
    if g.uai is not None:
        g.place = _enter(g.uai)
        roles = g.place.roles
    else:
        roles = frozenset({Role.OPERATOR}) if signed_in().operator else frozenset()
    if not allows(roles, permission):
        abort(404)


def _lacks_factor(permission: Permission) -> bool:
    """Tell whether a second factor is required of the person here, who has none: nothing opens before it is set up."""
    account_id = signed_in().account_id
    if g.uai is not None:
        return factors.missing_here(session(), account_id, g.place)
    wanted = permission is Permission.PLATFORM and settings().operator_second_factor
    return wanted and not factors.held(session(), account_id)


def _enter(uai: str) -> Place:
    establishment = tenants.by_uai(session(), uai)
    enter_tenant(session(), establishment.id)
    here = place_of(session(), establishment, signed_in().account_id)
    if not here.roles:
        abort(404)
    return here
