"""The language of a signer's pages: French, or the one that the signer has chosen; the school's pages are in French."""

from flask import Flask, has_request_context, request
from flask import session as cookie
from flask_babel import Babel, get_locale

LANGUAGES = {"fr": "Français", "en": "English"}
_FRENCH, _CHOSEN = "fr", "langue"
"""The parameter of a page's address that chooses, and where the signed cookie keeps the choice."""
_SIGNERS = {"ceremony"}


def install(app: Flask, translations: str) -> None:
    """Give templates and forms their texts in the language of the page; ``translations`` is the folder of catalogues."""
    Babel(
        app,
        default_locale=_FRENCH,
        default_translation_directories=translations,
        locale_selector=_language,
    )
    app.jinja_env.globals.update(language=lambda: str(get_locale() or _FRENCH), languages=LANGUAGES)


def _language() -> str:
    if not has_request_context() or request.blueprint not in _SIGNERS:
        return _FRENCH
    asked = request.args.get(_CHOSEN)
    if asked in LANGUAGES:
        cookie[_CHOSEN] = asked
    kept = cookie.get(_CHOSEN, _FRENCH)
    return kept if kept in LANGUAGES else _FRENCH
