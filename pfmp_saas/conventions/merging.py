"""Two people, or two tabs, on one draft: what each changed is merged; a field that both changed is shown with both texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Merged:
    """Texts by field after a merge; of each field that both changed, the other's text and what both had been shown."""

    texts: Mapping[str, str]
    conflicts: Mapping[str, str] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)


def reconcile(
    sent: Mapping[str, str],
    seen: Mapping[str, str],
    present: Mapping[str, str],
    chosen: Mapping[str, str],
) -> Merged:
    """Merge the texts ``sent`` by a form over the ``present`` ones, knowing those that the form had shown (``seen``).

    A field that the sender left as it was shown takes the present text; one that nobody else changed takes the sent
    one. Where both changed it, ``chosen`` says ``mine`` or ``theirs``; without a choice the field is in conflict, and
    stays so until there is one: its page goes on saying what it had shown first (``bases``).
    """
    texts, conflicts, bases = {}, {}, {}
    for name, mine in sent.items():
        theirs = present.get(name, "")
        base = seen.get(name, theirs)
        if mine in (base, theirs) or chosen.get(name) == "theirs":
            texts[name] = theirs
        else:
            texts[name] = mine
            if theirs != base and name not in chosen:
                conflicts[name], bases[name] = theirs, base
    return Merged(texts, conflicts, bases)
