"""Where the measures run: a real database, filled as the demonstration's."""

import base64
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy.orm import Session

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.migrations import upgrade
from pfmp_saas.core.schema import metadata
from pfmp_saas.core.settings import MailSettings, Settings
from pfmp_saas.core.unit_of_work import unit_on
from pfmp_saas.demo.seed import seed
from pfmp_saas.documents.sealing.authority import Issuer, make_root
from pfmp_saas.tenants.queries import by_uai

_DATABASE = "bench"
_PAST = timedelta(days=90)


@dataclass(frozen=True)
class Bench:
    """Where the measures run: a database of its own, a root, a school (its identifier).

    ``services`` is the demonstration's module of servers from wheels, ``postgres`` its server that runs.
    """

    session: Session
    settings: Settings
    root: Issuer
    tenant: uuid.UUID
    owner_url: str
    services: ModuleType
    postgres: Any


@contextmanager
def school_at_work(uai: str = "0211033J", at: datetime | None = None) -> Iterator[Bench]:
    """Open a school of the demonstration as it is ``at`` an instant, on a PostgreSQL of its own. Raises BadInput without one."""
    now = at or utc_now()
    try:
        services = import_module("pfmp_saas.demo.services")  # its servers are development dependencies
    except ImportError as error:
        raise BadInput("la mesure demande les dépendances de développement (make install)") from error
    with tempfile.TemporaryDirectory() as directory, services.Postgres() as server:
        server.create_database(_DATABASE)
        owner_url = server.owner_url(_DATABASE)
        upgrade(owner_url)
        settings = _settings(server.app_url(_DATABASE), Path(directory))
        metadata()
        root = make_root("Racine de mesure", now - _PAST)
        seed(settings, owner_url, root, now)
        with unit_on(settings.database_url) as session:
            tenant = by_uai(session, uai).id
            enter_tenant(session, tenant)
            yield Bench(session, settings, root, tenant, owner_url, services, server)


def _settings(url: str, directory: Path) -> Settings:
    return Settings(
        database_url=url,
        redis_url="redis://127.0.0.1:1/0",
        secret_key=base64.b64encode(bytes(48)).decode(),
        key_encryption_key=bytes(32),
        base_url="http://pfmp.example",
        mail=MailSettings("127.0.0.1", 25, "pfmp@pfmp.example"),
        demo_mails=directory,
    )
