"""A convention type and a convention's data make a :class:`Content`: all that a renderer is given."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.documents.content import (
    AttestationContent,
    Block,
    Content,
    Heading,
    Letterhead,
    Part,
    Run,
    SignerPlace,
    Table,
    Text,
)
from pfmp_saas.documents.content import Column as Col
from pfmp_saas.law.reader import Reader, clean
from pfmp_saas.types import blanks
from pfmp_saas.types.fill import Filler
from pfmp_saas.types.model import Annex, ConventionType, Evaluation
from pfmp_saas.types.templates import BlockT

_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


_NOTHING = (
    Text((Run("Sans objet.", italic=True),)),
)  # an article whose conditions are not met keeps its number


def compose(kind: ConventionType, data: Mapping[str, Any]) -> Content:
    """Return the printed convention of ``data``, which is FILE.json of the contract.

    The days of presence are counted without the public holidays of the host's place, save those that the
    data date. Absent values print blank. Raises InvalidData for a value of another kind than is printed.
    """
    filler = _filler(kind, data)
    parts = [part for name in kind.order for part in _PARTS[name](kind, filler)]
    return _framed(kind, filler, "Convention de formation en milieu professionnel", kind.heading, parts)


def compose_beside(
    kind: ConventionType, data: Mapping[str, Any], heading: str, parts: Sequence[Part], asked: Collection[str]
) -> Content:
    """Return a document beside the convention of ``data``, dressed as it is and signed in the fields ``asked``."""
    content = _framed(kind, _filler(kind, data), heading, heading, parts)
    return replace(content, signers=tuple(each for each in content.signers if each.name in asked))


def _filler(kind: ConventionType, data: Mapping[str, Any]) -> Filler:
    return Filler(kind, Reader(data, defaults=kind.defaults, as_typed=True))


def _framed(kind: ConventionType, filler: Filler, title: str, heading: str, parts: Sequence[Part]) -> Content:
    return Content(
        title=" – ".join(filter(None, (title, filler.value("student.full_name")))),
        author=filler.value("school.name"),
        band=_band(filler),
        heading=heading,
        subheading=kind.subheading,
        running=_running(filler),
        footer=kind.footer,
        parts=tuple(parts),
        signers=_signers(kind, filler),
        letterhead=Letterhead(kind.logo, kind.letterhead),
    )


def compose_attestation(kind: ConventionType, data: Mapping[str, Any]) -> AttestationContent:
    """Return the attestation of ``data`` (D124-9), whose facts stand under ``attestation``:

    ``start``, ``end`` (dates), ``days`` (D124-6), ``gratification`` (euros), ``place``, ``date``, and
    ``signatory`` {``name``} when another person than the representative signs.
    """
    filler = _filler(kind, data)
    person = filler.data.text("attestation.signatory.name") or filler.value("host.representative.name")
    made_at = Text(filler.runs(kind.attestation.made_at), "lead")
    return AttestationContent(
        title=" – ".join(filter(None, (kind.attestation.heading, filler.value("student.full_name")))),
        author=filler.value("host.name"),
        band=_band(filler),
        heading=kind.attestation.heading,
        subheading=kind.subheading,
        footer=kind.footer,
        blocks=(*filler.blocks(kind.attestation.blocks), made_at),
        signer=SignerPlace("host_representative", kind.attestation.signature, person),
        letterhead=Letterhead(kind.logo, kind.letterhead),
    )


def _band(filler: Filler) -> tuple[str, ...]:
    contacts = [filler.value(f"school.{name}") for name in ("address", "phone", "email")]
    uai = filler.value("school.uai")
    line = " · ".join(filter(None, (*contacts, f"UAI {uai}" if uai else "")))
    return (filler.value("school.name"), *filter(None, (line,)))


def _running(filler: Filler) -> str:
    names = ("student.full_name", "student.class_name", "host.name")
    return " · ".join(filter(None, map(filler.value, names)))[:110]


def _signers(kind: ConventionType, filler: Filler) -> tuple[SignerPlace, ...]:
    """Return the type's signers, then those that the data adds (``signers``: a second guardian, a second tutor)."""
    usual = tuple(SignerPlace(s.name, s.label, filler.fill(s.person)) for s in kind.signers)
    more = tuple(_more(item, f"signers[{rank}]") for rank, item in enumerate(filler.data.items("signers")))
    given = {signer.name: signer for signer in more}
    kept = tuple(given.pop(signer.name, signer) for signer in usual)
    return kept + tuple(given.values())


def _more(item: object, path: str) -> SignerPlace:
    if not isinstance(item, Mapping):
        raise InvalidData(path, "un objet est attendu")
    name, label, person = (
        clean(item.get(key) or "", f"{path}.{key}", 160) for key in ("name", "label", "person")
    )
    if not _FIELD_NAME.fullmatch(name):
        raise InvalidData(f"{path}.name", "un nom de champ en minuscules est attendu (guardian_2, tutor_2)")
    return SignerPlace(name, label, person)


def _header(kind: ConventionType, filler: Filler) -> tuple[Part, ...]:
    return (
        Part(
            title=kind.heading, blocks=filler.blocks(kind.header), show_title=False, dense=kind.dense_header
        ),
    )


def _articles(kind: ConventionType, filler: Filler) -> tuple[Part, ...]:
    blocks: list[Block] = []
    for article in kind.articles:
        blocks += (Heading(article.heading), *(filler.blocks(article.blocks) or _NOTHING))
    title = kind.articles_title
    return (Part(title=title or "Articles", blocks=tuple(blocks), show_title=bool(title)),)


def _closing(kind: ConventionType, filler: Filler) -> tuple[Part, ...]:
    return (Part(title="Signatures", blocks=filler.blocks(kind.closing), show_title=False),)


def _annexes(kind: ConventionType, filler: Filler) -> tuple[Part, ...]:
    return _placed(kind, filler, "end")


def _inline(kind: ConventionType, filler: Filler) -> tuple[Part, ...]:
    return _placed(kind, filler, "inline")


def _placed(kind: ConventionType, filler: Filler, place: str) -> tuple[Part, ...]:
    return tuple(
        Part(annex.title, _annex(kind, annex, filler), subtitle=annex.subtitle, new_page=place == "end")
        for annex in kind.annexes
        if annex.place == place
    )


def _annex(kind: ConventionType, annex: Annex, filler: Filler) -> tuple[Block, ...]:
    before = _bound(kind, annex) + filler.blocks(annex.blocks)
    if annex.content == "attestation":
        return before + _blank_attestation(kind, filler)
    if annex.content == "evaluation":
        return before + _questionnaire(kind.evaluation)
    return before


def _bound(kind: ConventionType, annex: Annex) -> tuple[Block, ...]:
    labels = [signer.label for signer in kind.signers if signer.name in annex.signed_by]
    return (
        (Text((Run(f"Annexe signée par : {' ; '.join(labels)}.", italic=True),), "note"),) if labels else ()
    )


def _blank_attestation(kind: ConventionType, filler: Filler) -> tuple[Block, ...]:
    """Return the model of attestation, with who and where, without what only the last day will tell."""
    model = Filler(kind, filler.data, blank=blanks.LAST_DAY)
    signature: tuple[BlockT, ...] = kind.attestation.blocks
    tail = (
        Text(model.runs(kind.attestation.made_at), "lead"),
        Text((Run(kind.attestation.signature, bold=True),), "strong"),
    )
    return model.blocks(signature) + tail


def _questionnaire(evaluation: Evaluation) -> tuple[Block, ...]:
    scaled = [question.text for question in evaluation.questions if question.answer == "scale"]
    columns = (Col("", 4.6), *(Col(title, 1.0) for title in evaluation.scale))
    boxes = tuple("☐" for _ in evaluation.scale)
    rows = tuple((text, *boxes) for text in scaled)
    found: list[Block] = [Text((Run(evaluation.introduction),)), Table(columns, rows, strong_first=False)]
    for question in evaluation.questions:
        if question.answer == "text":
            found += (Heading(question.text, 2), blanks.lines(4))
    return tuple(found)


_PARTS = {
    "header": _header,
    "articles": _articles,
    "closing": _closing,
    "inline": _inline,
    "annexes": _annexes,
}
