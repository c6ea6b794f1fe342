"""What happened to a document, event by event, in French sentences: for whoever opens a bundle and reads no JSON. Pure."""

import html
from collections.abc import Callable, Iterable

from pfmp_saas.evidence.events import (
    CARRIED,
    CARRIED_CAPACITY,
    CARRIED_VERSION,
    ERASED,
    FINISHED,
    FROZEN,
    OBJECTED,
    PAPER,
    READDRESSED,
    REFUSED,
    REPLACED,
    REPLACES,
    SIGNED,
    WITHDRAWN,
    Event,
    read_event,
)

_MEANS = {
    "email-link": "par le lien envoyé à son adresse",
    "email-link+email-code": "par le lien et un code envoyés à son adresse",
    "email-link+account": "par le lien envoyé à son adresse, sous son compte",
    "account": "sous son compte",
}
_SHORT = 16


def story(texts: Iterable[str]) -> str:
    """Return the sentences of events, given as canonical texts in their order, as items of an HTML list; times are UTC."""
    return "\n".join(f"<li>{html.escape(_sentence(read_event(text)))}</li>" for text in texts)


def _sentence(event: Event) -> str:
    tell = _TOLD.get(event.kind)
    what = tell(event) if tell else f"événement « {event.kind} »"
    return f"{event.at:%d/%m/%Y à %H:%M} UTC : {what}."


def _frozen(event: Event) -> str:
    version, former = _short(event.document_hash), event.payload.get(REPLACES)
    corrected = f", qui corrige la version {_short(former)}" if former else ""
    return f"l’établissement fige le document, version {version}{corrected}, et le propose à la signature"


def _signed(event: Event) -> str:
    means = _MEANS.get(str(event.authenticated), "par un moyen inscrit dans l’événement")
    return f"signature donnée en qualité de « {event.capacity} », {means}, sur la version {_short(event.document_hash)}"


def _paper(event: Event) -> str:
    signed_as = event.payload.get("capacity")
    return f"signature sur papier en qualité de « {signed_as} », original vu par « {event.capacity} »"


def _withdrawn(event: Event) -> str:
    version = _short(event.document_hash)
    if event.payload.get(REPLACED):
        return f"l’établissement remplace la version {version} ; elle reste au dossier avec les signatures qu’elle a"
    return f"l’établissement retire la version {version} de la signature"


def _carried(event: Event) -> str:
    whose, version = event.payload.get(CARRIED_CAPACITY), _short(event.payload.get(CARRIED_VERSION))
    return (
        f"la signature donnée en qualité de « {whose} » sur la version {version} est reportée sur la version "
        f"{_short(event.document_hash)} : la personne, prévenue de ce qui change, ne s’y est pas opposée en cinq jours"
    )


def _short(value: object) -> str:
    return f"{str(value or '')[:_SHORT]}…"


_TOLD: dict[str, Callable[[Event], str]] = {
    FROZEN: _frozen,
    SIGNED: _signed,
    PAPER: _paper,
    WITHDRAWN: _withdrawn,
    CARRIED: _carried,
    OBJECTED: lambda event: (
        f"« {event.capacity} » s’oppose au report de sa signature : elle est demandée à nouveau"
    ),
    REFUSED: lambda event: f"« {event.capacity} » refuse de signer",
    READDRESSED: lambda _: "l’établissement corrige l’adresse d’un signataire, sans rien changer au document",
    FINISHED: lambda _: "toutes les signatures sont réunies ; l’empreinte du fichier final entre au journal",
    ERASED: lambda _: "les noms de certains événements sont effacés ; leurs empreintes restent",
}
