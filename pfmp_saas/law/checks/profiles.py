"""What differs from one convention model to the other, for the rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """A model as the rules see it: ``articles`` gives, by topic, the article to cite beside the law."""

    slug: str
    model: str
    articles: Mapping[str, str] = field(default_factory=dict)
    agricultural: bool = False
    night_needs_naming: bool = False
    counts_sequences: bool = False

    def cite(self, topic: str) -> str:
        """« convention nationale, art. 8 » for a topic; empty where the model says nothing."""
        article = self.articles.get(topic)
        return f"{self.model}, {article}" if article else ""


_NATIONAL = Profile(
    "national-2016",
    "convention nationale de 2016",
    {
        "hours": "art. 6",
        "minor-hours": "art. 8",
        "adult-hours": "art. 6 et 7",
        "adult-night": "art. 7",
        "works": "art. 10",
        "electrical": "art. 11",
        "gratification": "art. 5",
    },
    night_needs_naming=True,
    counts_sequences=True,
)
_PYRENE = Profile(
    "lycee-pyrene",
    "convention du Lycée Pyrène",
    {
        "hours": "art. 8",
        "minor-hours": "art. 10",
        "adult-hours": "art. 8 et 9",
        "adult-night": "art. 9",
        "works": "art. 13",
        "electrical": "art. 14",
        "gratification": "art. 7",
    },
    night_needs_naming=True,
    counts_sequences=True,
)
_AGRICULTURAL = Profile(
    "agricole",
    "convention agricole",
    {
        "hours": "art. 6",
        "minor-hours": "art. 6",
        "adult-hours": "art. 6",
        "age": "art. 1",
        "works": "art. 10",
        "electrical": "art. 11",
        "loads": "art. 13",
        "school-time": "art. 16",
        "gratification": "art. 4",
        "abroad": "art. 14, 15 et 18",
    },
    agricultural=True,
)
_BTS = Profile("bts-stage", "convention de stage de BTS", {})

# By slug, and by the name under which the types' data call their profile of checks.
PROFILES: dict[str, Profile] = {
    "national-2016": _NATIONAL,
    "national": _NATIONAL,
    "lycee-pyrene": _PYRENE,
    "agricole": _AGRICULTURAL,
    "agricultural": _AGRICULTURAL,
    "bts-stage": _BTS,
    "bts": _BTS,
}
