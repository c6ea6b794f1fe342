"""Settings: read once from the environment, frozen, and complete or the start stops."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pfmp_saas.core.errors import ConfigurationError

Tls = Literal["implicit", "starttls", "none"]
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_DSN = re.compile(r"https?://[^@/\s]+@[^/\s]+(/\S+)?/\d+")
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class MailSettings:
    """Where mail leaves from. ``port`` is a TCP port; no credentials means an open relay on a private network."""

    host: str
    port: int
    sender: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: Tls = "none"


@dataclass(frozen=True)
class Settings:
    """All that the service needs to know of where it runs.

    ``key_encryption_key`` is 32 bytes and wraps the keys of tenants' authorities at rest;
    ``trust_root`` is the PEM file of the platform's root certificate, for verification;
    ``tsa_url`` is an RFC 3161 authority and ``tsa_trust`` the PEM file of the certificates its tokens must lead to;
    ``operator_second_factor`` refuses the platform's pages to an operator who has no second factor;
    ``publisher``, ``hosted_by`` and ``contact`` are what the legal notice says; ``metrics_token`` opens `/metrics` from elsewhere than the machine itself;
    ``bounce_imap`` is the mailbox of returned mail, with its password; ``log_level`` is what the logs begin at, ``sentry_dsn`` who is told of errors; ``max_upload`` is in bytes; ``types_directory`` holds convention types besides ours, one folder each.
    """

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    key_encryption_key: bytes = field(repr=False)
    base_url: str
    mail: MailSettings
    trust_root: Path | None = None
    demo: bool = False
    operator_second_factor: bool = False
    demo_mails: Path | None = None
    tsa_url: str | None = None
    tsa_trust: Path | None = None
    max_upload: int = 20 * 1024 * 1024
    trusted_proxies: int = 0
    types_directory: Path | None = None
    metrics_token: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    sentry_dsn: str | None = field(default=None, repr=False)
    publisher: str = ""
    hosted_by: str = ""
    contact: str = ""
    bounce_imap: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class CheckpointSettings:
    """What the process that signs checkpoints needs; ``database_url`` is that of the role ``pfmp_checkpoint``.

    ``memory`` is a file of its own; ``tsa_url`` and ``tsa_trust`` (PEM) name a timestamp authority, ``tsa2_url``
    and ``tsa2_trust`` another one that stamps the same checkpoints; ``witnesses`` is a
    file that names witnesses, a key and an address a line.
    """

    database_url: str = field(repr=False)
    key_encryption_key: bytes = field(repr=False)
    memory: Path | None = None
    tsa_url: str | None = None
    tsa_trust: Path | None = None
    tsa2_url: str | None = None
    tsa2_trust: Path | None = None
    witnesses: Path | None = None


def checkpoint_from_environ(env: Mapping[str, str]) -> CheckpointSettings:
    """Build the settings of the process that signs checkpoints. Raises ConfigurationError."""
    return CheckpointSettings(
        database_url=_need(env, "PFMP_CHECKPOINT_DATABASE_URL"),
        key_encryption_key=_key(env, "PFMP_KEY_ENCRYPTION_KEY"),
        memory=_path(env, "PFMP_CHECKPOINT_MEMORY"),
        tsa_url=_tsa_url(env),
        tsa_trust=_path(env, "PFMP_TSA_TRUST"),
        tsa2_url=_tsa_url(env, "PFMP_TSA2"),
        tsa2_trust=_path(env, "PFMP_TSA2_TRUST"),
        witnesses=_path(env, "PFMP_WITNESSES"),
    )


def from_environ(env: Mapping[str, str]) -> Settings:
    """Build the settings from environment variables named ``PFMP_…``.

    Raises ConfigurationError naming the first variable that is missing or unusable.
    """
    base_url = _need(env, "PFMP_BASE_URL").rstrip("/")
    return Settings(
        database_url=_need(env, "PFMP_DATABASE_URL"),
        redis_url=_need(env, "PFMP_REDIS_URL"),
        secret_key=_secret(env, "PFMP_SECRET_KEY"),
        key_encryption_key=_key(env, "PFMP_KEY_ENCRYPTION_KEY"),
        base_url=base_url,
        mail=_mail(env),
        trust_root=_path(env, "PFMP_TRUST_ROOT"),
        tsa_url=_tsa_url(env),
        tsa_trust=_path(env, "PFMP_TSA_TRUST"),
        demo=env.get("PFMP_DEMO") == "1",
        operator_second_factor=env.get("PFMP_OPERATOR_SECOND_FACTOR") == "1",
        demo_mails=_path(env, "PFMP_DEMO_MAILS"),
        trusted_proxies=_number(env, "PFMP_TRUSTED_PROXIES", 0),
        types_directory=types_directory(env),
        metrics_token=env.get("PFMP_METRICS_TOKEN", "").strip() or None,
        log_level=_log_level(env),
        sentry_dsn=_sentry_dsn(env),
        publisher=env.get("PFMP_PUBLISHER", "").strip(),
        hosted_by=env.get("PFMP_HOSTED_BY", "").strip(),
        contact=env.get("PFMP_CONTACT", "").strip(),
        bounce_imap=_mailbox(env),
    )


def _mailbox(env: Mapping[str, str]) -> str | None:
    """Return the address of the mailbox of returned mail; a password never travels in clear to another machine."""
    address = env.get("PFMP_BOUNCE_IMAP", "").strip() or None
    parts = urlsplit(address or "")
    if address and (parts.scheme not in ("imaps", "imap") or not parts.hostname):
        raise ConfigurationError(
            "PFMP_BOUNCE_IMAP doit avoir la forme imaps://COMPTE:MOTDEPASSE@HOTE/DOSSIER"
        )
    if parts.scheme == "imap" and parts.hostname not in _HERE:
        raise ConfigurationError("PFMP_BOUNCE_IMAP : imaps:// hors de cette machine")
    return address


def _log_level(env: Mapping[str, str]) -> str:
    level = env.get("PFMP_LOG_LEVEL", "").strip().upper() or "INFO"
    if level not in _LEVELS:
        raise ConfigurationError(f"PFMP_LOG_LEVEL : {', '.join(_LEVELS)} sont possibles")
    return level


def _sentry_dsn(env: Mapping[str, str]) -> str | None:
    dsn = env.get("PFMP_SENTRY_DSN", "").strip() or None
    if dsn and not _DSN.fullmatch(dsn):
        raise ConfigurationError("PFMP_SENTRY_DSN doit avoir la forme https://CLE@HOTE/NUMERO")
    return dsn


def types_directory(env: Mapping[str, str]) -> Path | None:
    """Return the directory of the operator's own convention types. Raises ConfigurationError when there is none."""
    directory = _path(env, "PFMP_TYPES_DIRECTORY")
    if directory and not directory.is_dir():
        raise ConfigurationError(f"PFMP_TYPES_DIRECTORY : {directory} n’est pas un dossier")
    return directory


def _tsa_url(env: Mapping[str, str], name: str = "PFMP_TSA") -> str | None:
    url = env.get(f"{name}_URL", "").strip() or None
    if url and not url.startswith(("http://", "https://")):
        raise ConfigurationError(f"{name}_URL doit être une adresse HTTP")
    if url and not _path(env, f"{name}_TRUST"):
        raise ConfigurationError(f"la variable d’environnement {name}_TRUST manque : {name}_URL est donnée")
    return url


def _mail(env: Mapping[str, str]) -> MailSettings:
    return MailSettings(
        host=_need(env, "PFMP_SMTP_HOST"),
        port=_number(env, "PFMP_SMTP_PORT", 25),
        sender=_need(env, "PFMP_MAIL_FROM"),
        username=env.get("PFMP_SMTP_USERNAME") or None,
        password=env.get("PFMP_SMTP_PASSWORD") or None,
        tls=_tls(env),
    )


def _tls(env: Mapping[str, str]) -> Tls:
    """Return how the mail server is spoken to; a password never travels in clear to another machine."""
    ways: tuple[Tls, ...] = get_args(Tls)
    wanted = env.get("PFMP_SMTP_TLS", "").strip().lower() or "none"
    for way in ways:
        if way == wanted:
            break
    else:
        raise ConfigurationError(f"PFMP_SMTP_TLS vaut « {wanted[:20]} » : {', '.join(ways)} sont possibles")
    if way == "none" and env.get("PFMP_SMTP_PASSWORD") and env.get("PFMP_SMTP_HOST") not in _HERE:
        raise ConfigurationError("PFMP_SMTP_TLS manque : un mot de passe de messagerie ne part pas en clair")
    return way


def _need(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError(f"la variable d’environnement {name} manque")
    return value


def _secret(env: Mapping[str, str], name: str) -> str:
    value = _need(env, name)
    if len(value) < 32:
        raise ConfigurationError(f"{name} doit compter au moins 32 caractères")
    return value


def _key(env: Mapping[str, str], name: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(_need(env, name))
    except (binascii.Error, ValueError) as error:
        raise ConfigurationError(f"{name} n’est pas en base64") from error
    if len(key) != 32:
        raise ConfigurationError(f"{name} doit porter 32 octets en base64")
    return key


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = env.get(name, "").strip()
    return Path(value) if value else None


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ConfigurationError(f"{name} doit être un nombre entier")
    return int(value)
