"""`make shell`: Flask's shell on the database of a demonstration that runs."""

import os
from pathlib import Path

from flask.cli import cli
from sqlalchemy import select

from pfmp_saas.core.database import db, enter_tenant
from pfmp_saas.tenants.models import Establishment
from pfmp_saas.tenants.queries import by_uai

TOP = Path(__file__).parents[2]


def names() -> dict[str, object]:
    """Return the names of the shell beside ``app`` and ``g``: ``session``, ``school("0211033J")``, ``select``."""
    return {"session": db.session(), "school": school, "select": select}


def school(uai: str) -> Establishment:
    """Let the shell's session see the rows of the school ``uai``, and return the school. Raises NotFound."""
    session = db.session()
    row = by_uai(session, uai)
    enter_tenant(session, row.id)
    return row


def main() -> None:
    """Open Flask's shell with the demonstration's settings. Raises SystemExit when none has ever run."""
    settings = Path(os.environ.get("PFMP_VAR", TOP / "var")) / "demo.env"
    if not settings.exists():
        raise SystemExit("lancez d’abord `make demo` : le shell travaille sur sa base")
    lines = settings.read_text(encoding="utf-8").splitlines()
    os.environ.update(line.partition("=")[::2] for line in lines)
    os.chdir(TOP)
    cli.main(["--app", "config:wsgi()", "shell"])


if __name__ == "__main__":
    main()
