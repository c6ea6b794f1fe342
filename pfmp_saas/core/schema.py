"""All tables, gathered by name: what the migrations compare with, wherever a model lives."""

from importlib import import_module

from sqlalchemy import MetaData

from pfmp_saas.core.database import Base

# Module names, not imports: `core` lies below the domains and must not depend on them.
_MODULES = (
    "core.outbox",
    "core.storage",
    "core.mail",
    "core.heartbeat",
    "core.breaker",
    "tenants.models",
    "accounts.models",
    "roster.models",
    "roster.imports.models",
    "evidence.models",
    "evidence.log.models",
    "evidence.checkpoint.models",
    "deadlines.models",
    "signing.models",
    "types.revisions.models",
    "types.revisions.bases",
    "conventions.models",
    "conventions.hosts.models",
    "campaigns.models",
    "accidents.models",
    "attestations.models",
    "evaluations.models",
    "followups.models",
    "amendments.models",
)


def metadata() -> MetaData:
    """Import every model and return the metadata that knows them all."""
    for module in _MODULES:
        import_module(f"pfmp_saas.{module}")
    return Base.metadata
