"""The frozen document holds what our renderer writes, and nothing else: an allow-list, walked from the catalogue.

Whatever is not named here (an annotation, an action, a form, a layer, a file, a name tree) is refused, whoever wrote it.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pfmp_saas.documents.sealing.names import SIGNATURE_FONTS
from pfmp_saas.evidence.verify.file.allowed import CERTIFIED_PARTS, FONT_PART, RENDERED, Allowed
from pfmp_saas.evidence.verify.file.grammar import Placed, Section
from pfmp_saas.evidence.verify.file.syntax import PdfName, PdfValue, Ref
from pfmp_saas.evidence.verify.report import Wrong

_MOST_INFLATED = 60_000_000


def check_frozen(sections: tuple[Section, ...]) -> None:
    """Check the rendering by itself, then as it was certified: every object is reached, each holds what it may."""
    rendered, certified = sections[0], sections[1]
    _Walk(rendered.objects, RENDERED).from_roots(rendered)
    both = {**rendered.objects, **certified.objects}
    walk = _Walk(both, CERTIFIED_PARTS)
    walk.from_roots(certified)
    _check_lonely_value(walk, certified)


def _check_lonely_value(walk: "_Walk", certified: Section) -> None:
    """Check that one field alone is filled, and that what signatures are drawn in is the service's own font."""
    filled = [
        number for number, role in walk.roles.items() if role == "field" and "V" in walk.objects[number].value
    ]
    if len(filled) != 1:
        raise Wrong("le document figé porte déjà autre chose que sa certification")
    if signature_font(walk.objects, certified)[0] not in SIGNATURE_FONTS:
        raise Wrong("la police des signatures n’est pas celle du service")


def signature_font(objects: Mapping[int, Placed], certified: Section) -> tuple[str, bytes, list[int]]:
    """Return what names the font of signatures, its map from glyphs to letters, its widths."""
    form = objects[objects[certified.root].value["AcroForm"].number].value
    top = objects[form["DR"]["Font"][FONT_PART].number].value
    below = objects[top["DescendantFonts"][0].number].value
    letters = objects[objects[below["FontDescriptor"].number].value["FontFile2"].number].stream or b""
    meaning = objects[top["ToUnicode"].number].stream or b""
    first, widths = below["W"]
    if first != 0 or not all(type(width) is int for width in widths):
        raise Wrong("la police des signatures n’est pas celle du service")
    told = inflated(letters) + meaning + repr(widths).encode()
    return hashlib.sha256(told).hexdigest(), meaning, widths


def inflated(data: bytes) -> bytes:
    """Return what a compressed stream holds; raises Wrong for one that ends early, or not where it should."""
    machine = zlib.decompressobj()
    try:
        whole = machine.decompress(data, _MOST_INFLATED)
    except zlib.error as error:
        raise Wrong("un flux du PDF est abîmé") from error
    if not machine.eof or machine.unused_data:
        raise Wrong("un flux du PDF est incomplet, ou suivi d’autres octets")
    return whole


class _Walk:
    """The objects of a document, each visited once in one role."""

    def __init__(self, objects: Mapping[int, Placed], allowed: Allowed) -> None:
        self.objects, self._allowed = objects, allowed
        self.roles: dict[int, str] = {}
        self._waiting: list[tuple[PdfValue, str]] = []

    def from_roots(self, section: Section) -> None:
        """Walk from a revision's catalogue and information; raises Wrong where an object is not reached."""
        self._waiting = [(Ref(section.root), "catalog"), (Ref(section.info), "information")]
        while self._waiting:
            self._visit(*self._waiting.pop())
        lost = set(self.objects) - set(self.roles)
        if lost:
            raise Wrong(f"l’objet {min(lost)} n’est relié à rien")

    def _visit(self, value: PdfValue, role: str) -> None:
        if isinstance(value, Ref):
            if value.number in self.roles:
                self._again(value.number, role)
                return
            if value.number not in self.objects:
                raise Wrong("le document figé renvoie à un objet qui n’existe pas")
            placed = self.objects[value.number]
            role = _drawing(placed.value) if role == "drawing" else role
            self.roles[value.number] = role
            _check_stream(placed, role)
            value = placed.value
        self._waiting += self._parts(value, role)

    def _again(self, number: int, role: str) -> None:
        known = self.roles[number]
        if known != role and not (role == "drawing" and known in {"drawing", "image"}):
            raise Wrong("un objet du document figé sert à deux choses")

    def _parts(self, value: PdfValue, role: str) -> Iterator[tuple[PdfValue, str]]:
        """Yield what a dictionary holds, with the role of each; raises Wrong for an entry that is not on the list."""
        if role[:1] in "[{":
            yield from _members_of(value, role)
            return
        allowed = self._allowed[role]
        if not isinstance(value, dict):
            raise Wrong(_not_ours(role, value))
        for key, held in value.items():
            wanted = allowed.get(key)
            if wanted is None:
                raise Wrong(f"le document figé porte une entrée que le service n’écrit pas (/{key})")
            if wanted in self._allowed or wanted[:1] in "[{" or wanted == "drawing":
                yield held, wanted
            elif not _plain_leaf(held, wanted):
                raise Wrong(f"le document figé porte une valeur que le service n’écrit pas (/{key})")


def _members_of(value: PdfValue, role: str) -> Iterator[tuple[PdfValue, str]]:
    """Yield the members of a list or of a dictionary of objects, each in its role; raises Wrong for what is neither."""
    held = list(value.values()) if isinstance(value, dict) else value
    if isinstance(value, list) != (role[0] == "[") or not isinstance(held, list):
        raise Wrong(_not_ours(role, value))
    if not all(isinstance(each, Ref) or role == "[reference]" for each in held):
        raise Wrong(_not_ours(role, value))
    yield from ((each, role[1:-1]) for each in held)


def _not_ours(role: str, value: PdfValue) -> str:
    return f"un objet du document figé n’a pas la forme attendue ({role}, {type(value).__name__})"


def _drawing(value: PdfValue) -> str:
    return "image" if isinstance(value, dict) and value.get("Subtype") == "Image" else "drawing"


def _check_stream(placed: Placed, role: str) -> None:
    """Check that a stream stands where one may, packed in the only ways that the renderer uses."""
    carries = role in {"stream", "drawing", "image"}
    if carries != (placed.stream is not None):
        raise Wrong("un objet du document figé porte un flux qu’il ne doit pas porter, ou en manque")
    packed = placed.value.get("Filter", []) if carries else []
    ways = [packed] if isinstance(packed, PdfName) else packed
    if ways not in ([], ["FlateDecode"], ["ASCII85Decode", "FlateDecode"]):
        raise Wrong("un flux du document figé est emballé autrement que le service ne le fait")
    if ways == ["FlateDecode"]:
        inflated(placed.stream or b"")


def _plain_leaf(value: PdfValue, wanted: str) -> bool:
    """Say whether a value is a leaf of the wanted kind."""
    holds = _LEAVES.get(wanted)
    return holds(value) if holds else isinstance(value, PdfName) and wanted == f"={value}"


def _all_of(value: PdfValue, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, list) and all(type(each) in kinds for each in value)


_LEAVES: Mapping[str, Callable[[PdfValue], bool]] = MappingProxyType(
    {
        "words": lambda value: isinstance(value, bytes),
        "number": lambda value: type(value) in {int, float},
        "numbers": lambda value: _all_of(value, (int, float)),
        "name": lambda value: isinstance(value, PdfName),
        "names": lambda value: isinstance(value, PdfName) or _all_of(value, (PdfName,)),
        "true": lambda value: value is True,
        "up": lambda value: isinstance(value, Ref),
        "destination": lambda value: (
            isinstance(value, list) and isinstance(value[0], Ref) and value[1] == "XYZ"
        ),
        "widths": lambda value: isinstance(value, list) and [type(each) for each in value] == [int, list],
    }
)
