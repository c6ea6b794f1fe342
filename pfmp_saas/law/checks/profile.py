"""What differs from one convention model to another, for the rules: the models' own folders say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Mention:
    """One of the fifteen mandatory mentions (education code, D124-4).

    ``required`` are the dotted data paths that must be filled for the convention to carry it.
    """

    number: int
    label: str
    required: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """A model of convention as the rules see it.

    ``model`` is how findings name it in French, ``articles`` the numbers of its articles to cite beside the law,
    by the rules' topic. ``night_needs_naming`` says that an adult works at night only once the head of school has
    named him or her, ``counts_sequences`` that the circular's number of sequences applies. ``overridable`` holds
    the codes on which the head may record a derogation, where the law knows one. ``printable`` holds the characters that
    the document's fonts have, ``signable`` those that a signature on the page is written with, ``labels`` the
    names of the fields that the type adds, by path.
    """

    model: str
    articles: tuple[tuple[str, tuple[int, ...]], ...] = ()
    agricultural: bool = False
    night_needs_naming: bool = False
    counts_sequences: bool = False
    overridable: frozenset[str] = frozenset()
    mentions: tuple[Mention, ...] = ()
    printable: frozenset[str] = field(default=frozenset(), repr=False)
    signable: frozenset[str] = field(default=frozenset(), repr=False)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def cite(self, topic: str) -> str:
        """Return « convention nationale de 2016, art. 6 et 7 » for a topic, "" where the model says nothing."""
        numbers = [str(number) for number in dict(self.articles).get(topic, ())]
        if not numbers:
            return ""
        listed = " et ".join(filter(None, (", ".join(numbers[:-1]), numbers[-1])))
        return f"{self.model}, art. {listed}"
