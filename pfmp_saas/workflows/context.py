"""What a reaction needs beside the session: where the service lives, and the time."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Around:
    """``base_url`` opens links in mails; ``now`` is UTC."""

    base_url: str
    now: datetime
