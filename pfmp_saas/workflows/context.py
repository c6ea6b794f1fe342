"""The arguments of a reaction beside the session: the service's address, the time, the means to seal."""

from dataclasses import dataclass
from datetime import datetime

from pfmp_saas.signing.sealing import SealMeans


@dataclass(frozen=True)
class Around:
    """``base_url`` opens links in mails; ``now`` is UTC; ``means`` seals documents, in the worker only."""

    base_url: str
    now: datetime
    means: SealMeans | None = None
