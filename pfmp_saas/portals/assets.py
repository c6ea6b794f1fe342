"""Style sheets, scripts and icons: named by their content, compressed once at start, kept by browsers for ever."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Blueprint, Flask, Response, abort, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from pfmp_saas.core.permissions import public

bp = Blueprint("assets", __name__, url_prefix="/actifs")
STATIC = Path(__file__).parents[2] / "static"
BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
SHEETS = ("tokens", "parts", "shell", "pages", "print")
"""Our style sheets, in the order in which one overrides the other."""
ICONS = (
    "arrow-left", "bar-chart", "bell", "box-arrow-right", "briefcase", "building", "calendar3",
    "check-circle-fill", "check-lg", "chevron-right", "clock", "collection", "download", "envelope", "eraser", "exclamation-triangle",
    "file-earmark-text", "folder2-open", "gear", "hourglass-split", "house-door", "info-circle", "journal-check",
    "journal-text", "list", "pen", "pencil", "people", "person", "person-badge", "plus-lg", "search", "send",
    "shield-check", "slash-circle", "speedometer2", "wallet2", "x-octagon",
)  # fmt: skip
"""The icons that pages use: the only ones of the package that a browser receives."""
_SYMBOL = re.compile(r'<symbol[^>]*\bid="(?P<name>[^"]+)".*?</symbol>')
_DRAWING = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>')
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served: its name with the hash of its content, its MIME type, its bytes plain and compressed."""

    name: str
    kind: str
    plain: bytes
    packed: bytes


def install(app: Flask) -> None:
    """Serve the files and give templates ``asset(name)``, an address, and ``icon(name)``, a drawing."""
    app.register_blueprint(bp)
    app.add_template_global(address, "asset")
    app.add_template_global(icon, "icon")


@cache
def assets() -> dict[str, Asset]:
    """Return every file by the name that templates use."""
    read = {
        "bootstrap.css": (BOOTSTRAP / "css" / "bootstrap.min.css").read_bytes(),
        "pfmp.css": b"".join((STATIC / "css" / f"{sheet}.css").read_bytes() for sheet in SHEETS),
        "icons.svg": _sprite(),
        **{path.name: path.read_bytes() for path in sorted((STATIC / "js").glob("*.js"))},
    }
    return {name: _asset(name, content) for name, content in read.items()}


def _asset(name: str, content: bytes) -> Asset:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(content).hexdigest()[:16]
    packed = gzip.compress(content, 9, mtime=0)
    return Asset(f"{stem}-{digest}.{suffix}", _TYPES[suffix], content, packed)


def _sprite() -> bytes:
    """Return the icons in use as one SVG file of symbols. Raises KeyError for one that the package lacks."""
    every = (BOOTSTRAP / "icons" / "bootstrap-icons.svg").read_text()
    known = {symbol["name"]: symbol[0] for symbol in _SYMBOL.finditer(every)}
    symbols = "".join(known[name] for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>'.encode()


def address(name: str) -> str:
    """Return the address of a file, which changes with its content. Raises KeyError for a file that is not served."""
    return url_for("assets.give", name=assets()[name].name)


def icon(name: str) -> Markup:
    """Return the drawing of an icon, silent for screen readers. Raises ValueError for one that is not in ICONS."""
    ICONS.index(name)
    return _DRAWING.format(address("icons.svg"), name)


@bp.get("/<name>")
@public("files that pages are made of")
def give(name: str) -> ResponseReturnValue:
    """Give a file under the name of its content, compressed where the browser takes it."""
    found = next((each for each in assets().values() if each.name == name), None) or abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    answer = Response(found.packed if packed else found.plain, mimetype=found.kind)
    answer.headers["Cache-Control"] = FOREVER
    answer.headers["Vary"] = "Accept-Encoding"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
