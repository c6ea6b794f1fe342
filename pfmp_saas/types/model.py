"""A convention type as read from its folder."""

from dataclasses import dataclass, replace
from datetime import date

from pfmp_saas.documents import fonts
from pfmp_saas.documents.sealing import font
from pfmp_saas.law.checks.profile import Mention as RequiredMention
from pfmp_saas.law.checks.profile import Profile
from pfmp_saas.law.clocks import AccidentRegime
from pfmp_saas.types.templates import BlockT


@dataclass(frozen=True)
class Article:
    """An article: its number, its heading exactly as the model prints it, its text."""

    number: int
    heading: str
    blocks: tuple[BlockT, ...]


@dataclass(frozen=True)
class Annex:
    """An annex. ``content`` is ``blocks``, ``attestation`` or ``evaluation``; ``place`` ``end`` or ``inline``.

    An annex whose ``origin`` is ours is one that the model cites without giving its body. ``signed_by`` names
    the signers whom it binds; none named, it binds them all.
    """

    number: int
    slug: str
    title: str
    subtitle: str
    content: str
    place: str
    origin: str
    blocks: tuple[BlockT, ...]
    signed_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signer:
    """A signature the type asks for; ``rank`` is its usual turn, ``person`` the template of the name."""

    name: str
    label: str
    person: str
    rank: int


@dataclass(frozen=True)
class Mention(RequiredMention):
    """One of the fifteen mandatory mentions (education code, D124-4) and what carries it in this type.

    ``required`` are data paths that must be filled, ``optional`` those filled only where the case arises,
    ``articles`` the articles that carry the mention by their text, ``words`` the stems of which those articles
    say one in each group.
    """

    optional: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Attestation:
    """The model of attestation (education code, D124-9)."""

    heading: str
    signature: str
    made_at: str
    blocks: tuple[BlockT, ...]


@dataclass(frozen=True)
class Question:
    """A question to the student; ``answer`` is ``scale`` or ``text``."""

    id: str
    text: str
    answer: str


@dataclass(frozen=True)
class Evaluation:
    """What the student is asked about the host (education code, L124-4)."""

    origin: str
    introduction: str
    scale: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class OwnField:
    """A field that a school adds: printed in the header, and a placeholder ``{own.name}`` of its articles.

    ``kind`` is ``text``, ``date``, ``number`` or ``money`` (euros).
    """

    name: str
    label: str
    kind: str
    required: bool = False


@dataclass(frozen=True)
class FieldRule:
    """A placeholder: the data path it reads, how it is printed, what stands for it when blank.

    ``label`` is how the form asks in French for a path that it does not know by itself; "" when nothing is asked.
    """

    path: str
    format: str = "text"
    blank: str = ""
    label: str = ""


@dataclass(frozen=True)
class ImpactRow:
    """What of a convention's data changes (dotted paths, each with all below it), and the signers whom that concerns."""

    label: str
    paths: tuple[str, ...]
    concerns: tuple[str, ...]


@dataclass(frozen=True)
class ConventionType:
    """A convention type and its version; ``valid_until`` is None while it is in force.

    ``to_confirm`` says in French what the school must confirm, because no source could be read for it.
    ``defaults`` are the type's own amounts (a rate, a ceiling), by data path, unless the data says other.
    ``impact`` is the type's own table of whom a change concerns; none, the usual one holds.
    What only a school's revision sets comes last: the letterhead's lines and logo (PNG), its own fields, the
    checks that it makes blocking, and whether people sign in the order of their ranks.
    """

    slug: str
    version: str
    label: str
    heading: str
    subheading: str
    footer: str
    articles_title: str
    valid_from: date
    valid_until: date | None
    legal_basis: tuple[str, ...]
    to_confirm: tuple[str, ...]
    accident_regime: AccidentRegime
    rules: Profile
    parties: tuple[str, ...]
    signers: tuple[Signer, ...]
    mentions: tuple[Mention, ...]
    order: tuple[str, ...]
    header_origin: str
    dense_header: bool
    defaults: tuple[tuple[str, float], ...]
    header: tuple[BlockT, ...]
    articles: tuple[Article, ...]
    closing: tuple[BlockT, ...]
    annexes: tuple[Annex, ...]
    attestation: Attestation
    evaluation: Evaluation
    fields: tuple[tuple[str, FieldRule], ...]
    letterhead: tuple[str, ...] = ()
    logo: bytes = b""
    own_fields: tuple[OwnField, ...] = ()
    blocking: frozenset[str] = frozenset()
    in_order: bool = False
    impact: tuple[ImpactRow, ...] = ()

    @property
    def profile(self) -> Profile:
        """Return this type as the rules of the law see it."""
        asked = {rule.path: rule.label for _, rule in self.fields if rule.label}
        own = {f"own.{field.name}": field.label for field in self.own_fields}
        return replace(
            self.rules,
            mentions=self.mentions,
            printable=fonts.repertoire(),
            signable=font.repertoire(),
            labels=asked | own,
        )

    @property
    def signing_order(self) -> tuple[str, ...]:
        """Return the signers' names in the usual order; the law gives none."""
        return tuple(s.name for s in sorted(self.signers, key=lambda s: s.rank))
