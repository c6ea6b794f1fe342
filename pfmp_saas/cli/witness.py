"""`pfmp witness`: a witness of the schools' logs, run by somebody else than their operator."""

import base64
import logging
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.console import BadInput
from pfmp_saas.evidence.checkpoint.note import read_key
from pfmp_saas.evidence.verify.log.cosignature import Witness, witness_key
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.witness import LARGEST_REQUEST, Answer, WitnessService

_PRIVATE, _TYPE = "PRIVATE+KEY", b"\x04"
_PATH = click.Path(path_type=Path)
log = logging.getLogger("pfmp")


@click.group()
def witness() -> None:
    """Un témoin des journaux de preuve, tenu par un autre que leur exploitant."""


@witness.command("key")
@click.option("--name", required=True, metavar="NOM", help="nom du témoin : une adresse sans « https:// »")
@click.option("--file", required=True, type=_PATH, metavar="FICHIER", help="où garder la clé privée")
def key(name: str, file: Path) -> int:
    """Créer la clé d’un témoin ; écrit sa clé publique, à donner à ceux qui vérifient."""
    if not name or "+" in name or any(letter.isspace() for letter in name):
        raise BadInput("un nom de témoin ne porte ni espace ni signe plus")
    private = Ed25519PrivateKey.generate()
    secret = _TYPE + private.private_bytes_raw()
    known = Witness(name, private.public_key())
    try:
        with file.open("x", encoding="utf-8") as stream:
            file.chmod(0o600)
            stream.write(f"{_PRIVATE}+{name}+{known.identifier.hex()}+{base64.b64encode(secret).decode()}\n")
    except OSError as error:
        raise BadInput(f"{file} : {error.strerror or error}") from error
    click.echo(witness_key(known))
    return 0


@witness.command("run")
@click.option("--listen", default="127.0.0.1:8600", show_default=True, metavar="HÔTE:PORT")
@click.option("--key", "key_file", required=True, type=_PATH, metavar="FICHIER", help="clé privée du témoin")
@click.option("--memory", required=True, type=_PATH, metavar="FICHIER", help="mémoire du témoin, à lui seul")
@click.option(
    "--log", "log_file", required=True, type=_PATH, metavar="FICHIER", help="clés des journaux, une par ligne"
)
def run(listen: str, key_file: Path, memory: Path, log_file: Path) -> int:
    """Écouter, et cosigner les relevés qui continuent ceux déjà vus."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise BadInput("--listen s’écrit HÔTE:PORT")
    name, secret = _private(_text(key_file))
    service = WitnessService(name, secret, _logs(_text(log_file)), memory)
    try:
        service.heads()
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise BadInput(f"{memory} n’est pas la mémoire d’un témoin") from error
    try:
        server = serve(service, host, int(port))
    except OSError as error:
        raise BadInput(f"{listen} : {error.strerror or error}") from error
    click.echo(f"témoin {name} à l’écoute de {listen}")
    with server:
        server.serve_forever()
    return 0


def serve(service: WitnessService, host: str, port: int) -> ThreadingHTTPServer:
    """Return the server of a witness, bound and not yet serving. Raises OSError."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 15  # seconds: who sends half a request holds nothing for long

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != "/add-checkpoint":
                self._send(Answer(404, "not found\n"))
            elif not length.isdecimal() or len(length) > 9 or int(length) > LARGEST_REQUEST:
                self._send(Answer(413, "too large\n"))
            else:
                self._send(service.answer(self.rfile.read(int(length)), utc_now()))

        def _send(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, template: str, *arguments: object) -> None:
            log.info(template, *arguments)

    return ThreadingHTTPServer((host, port), Handler)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} ne se lit pas") from error


def _private(text: str) -> tuple[str, Ed25519PrivateKey]:
    """Read a witness's private key."""
    try:
        kind, also, name, identifier, encoded = text.strip().split("+", 4)
        raw = base64.b64decode(encoded, validate=True)
        secret = Ed25519PrivateKey.from_private_bytes(raw[1:])
    except ValueError as error:
        raise BadInput("la clé du témoin est illisible") from error
    good = f"{kind}+{also}" == _PRIVATE and raw[:1] == _TYPE
    if not good or identifier != Witness(name, secret.public_key()).identifier.hex():
        raise BadInput("la clé du témoin est illisible")
    return name, secret


def _logs(text: str) -> Mapping[str, Sequence[Ed25519PublicKey]]:
    """Read the keys of the logs, as the public page of checkpoints gives them; a log may have had several."""
    keys: dict[str, list[Ed25519PublicKey]] = {}
    try:
        for line in text.splitlines():
            if line.strip() and not line.startswith("#"):
                name, public = read_key(line.strip())
                keys.setdefault(name, []).append(public)
    except Wrong as error:
        raise BadInput(str(error)) from error
    if not keys:
        raise BadInput("aucune clé de journal n’est donnée")
    return keys
