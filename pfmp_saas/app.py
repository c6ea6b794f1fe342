"""The composition root: the only place where everything meets."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask, Response, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from pfmp_saas.core.clock import Clock, utc_now
from pfmp_saas.core.database import db
from pfmp_saas.core.errors import DomainError
from pfmp_saas.core.logs import failed
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import Settings
from pfmp_saas.core.unit_of_work import UnitOfWork
from pfmp_saas.demo import shell
from pfmp_saas.demo import views as demo
from pfmp_saas.portals import (
    access,
    account,
    assets,
    calendars,
    company,
    factors,
    family,
    filters,
    guard,
    health,
    journal,
    kept,
    language,
    navigation,
    platform,
    public,
    school,
    teacher,
)
from pfmp_saas.portals.counters import REQUESTS
from pfmp_saas.portals.limits import SLOWED, limiter
from pfmp_saas.portals.typed import TypedRequest
from pfmp_saas.types.loader import use_directory
from pfmp_saas.workflows import flow

LOG = structlog.get_logger("pfmp")
TOP = Path(__file__).parents[1]
BLUEPRINTS = (
    access.bp,
    health.bp,
    school.bp,
    teacher.bp,
    company.bp,
    family.bp,
    account.bp,
    factors.bp,
    platform.bp,
    calendars.bp,
    *public.blueprints,
)
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_ENGINE = {
    "pool_pre_ping": True,
    "pool_size": 10,
    "max_overflow": 20,
    "pool_timeout": 5,
    "connect_args": {"connect_timeout": 3},
    "hide_parameters": True,
}
"""Seconds to wait for a connection at most; what was typed never reaches a log through an error of the database."""
HSTS = "max-age=31536000; includeSubDomains"
SECRET_ADDRESSES = {"ceremony", "searches", "halves", "calendars", "access.show_link", "access.use_link"}
"""Blueprints and endpoints whose address is itself a key: it must reach no other site."""


@dataclass(frozen=True)
class Composition:
    """What the portals find in the application."""

    settings: Settings
    clock: Clock


def create_app(settings: Settings, clock: Clock = utc_now) -> Flask:
    """Build the web application."""
    app = Flask(__name__, template_folder=str(TOP / "templates"), static_folder=None)
    app.request_class = TypedRequest
    _configure(app, settings)
    app.extensions["pfmp"] = Composition(settings, clock)
    use_directory(settings.types_directory)
    metadata()
    flow.install()
    db.init_app(app)
    journal.install(app)
    app.before_request(_begin)  # before the check of a form's token: what it refuses is kept
    for extension in (CSRFProtect(), limiter):
        extension.init_app(app)
    language.install(app, str(TOP / "translations"))
    guard.install(app)
    kept.install(app)
    _register(app, settings)
    app.after_request(_end)
    app.shell_context_processor(shell.names)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_ENGINE,
        MAX_CONTENT_LENGTH=settings.max_upload,
        RATELIMIT_STORAGE_URI=settings.redis_url,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https://"),
        WTF_CSRF_TIME_LIMIT=None,  # a secretary leaves a form open over lunch
        WTF_CSRF_SSL_STRICT=False,  # it wants the Referer, which our ceremony pages rightly do not send
    )
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=1)  # type: ignore[method-assign]


def _register(app: Flask, settings: Settings) -> None:
    filters.install(app)
    assets.install(app)
    navigation.install(app)
    public.looks.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo.bp)
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _token_over)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _begin() -> None:
    g.work = UnitOfWork(db.session)
    g.session = g.work.session


def _end(response: Response) -> Response:
    work: UnitOfWork | None = g.pop("work", None)
    if work is not None:
        work.commit()
    _protect(response)
    REQUESTS.labels(response.status_code).inc()
    return response


def _protect(response: Response) -> None:
    """Set the headers that keep browsers and caches from helping an attacker."""
    endpoint = request.endpoint or ""
    if {endpoint, endpoint.partition(".")[0]} & SECRET_ADDRESSES:
        response.headers["Referrer-Policy"] = "no-referrer"
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = HSTS
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


def _undo() -> None:
    """Undo the request's work; where the database is gone there is nothing left to undo."""
    if "work" in g:
        with suppress(SQLAlchemyError):
            g.work.roll_back()


_EXPLAIN = {
    400: (
        "Demande incomplète",
        "Le formulaire a expiré ou la demande est incomplète. Revenez en arrière et réessayez.",
    ),
    403: ("Accès refusé", "Cette page ne vous est pas ouverte."),
    404: ("Page introuvable", "Cette page n’existe pas, ou ne vous est pas ouverte."),
    405: ("Action impossible", "Cette adresse ne permet pas cette action."),
    413: ("Fichier trop lourd", "Le fichier dépasse la taille permise (20 Mo). Rien n’a été enregistré."),
    429: ("Trop d’essais", SLOWED),
}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    _undo()
    if error.response is not None:
        return error
    status = error.code or 500
    title, message = _EXPLAIN.get(status, ("Erreur", "La demande n’a pas pu aboutir."))
    return render_template("errors/error.html", title=title, message=message), status


def _token_over(error: CSRFError) -> ResponseReturnValue:
    """Answer a form without its token: again as typed where its person is known, else how to go on."""
    _undo()
    return kept.token_is_over() or (render_template("errors/no_token.html"), error.code or 400)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    _undo()
    title = {404: "Page introuvable", 410: "Document effacé"}.get(error.status, "Action impossible")
    return render_template("errors/error.html", title=title, message=error.message), error.status


def _unavailable(error: SQLAlchemyError) -> ResponseReturnValue:
    """Answer by a page that needs nothing: neither the database, nor who is signed in, nor a style sheet."""
    journal.note_school()
    _undo()
    g.pop("work", None)
    failed(LOG, "the database does not answer", error)
    page = current_app.jinja_env.get_template("errors/unavailable.html").render()
    return page, 503, {"Retry-After": "30"}


def _unexpected(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return _unavailable(error)
    journal.note_school()
    _undo()
    g.pop("work", None)
    failed(LOG, "unexpected error", error)
    message = "Une erreur est survenue chez nous. Rien n’a été enregistré ; réessayez dans un instant."
    return render_template("errors/error.html", title="Erreur du service", message=message), 500
