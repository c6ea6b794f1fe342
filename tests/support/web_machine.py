"""A web machine as deploy/ ships it: nginx before gunicorn, on ports and in a folder of its own."""

import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse, HTTPSConnection
from pathlib import Path

from pfmp_saas.core.settings import Settings
from pfmp_saas.demo.services import free_port, start_web, stop_all, wait_for_web
from tests.support.processes import TOP, environment
from tests.support.waiting import until

SHIPPED = TOP / "deploy" / "nginx.conf"
NAME = "pfmp.example"
_AROUND = """{user}daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/pfmp.conf;
}}
"""


@dataclass(frozen=True)
class WebMachine:
    """Where nginx listens, and the certificate that it shows."""

    plain: int
    secure: int
    certificate: Path

    def context(self) -> ssl.SSLContext:
        """Trust this machine's certificate alone."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def opened(self, sent: bytes) -> ssl.SSLSocket:
        """Open a connection, send this much, and leave it there."""
        raw = socket.create_connection(("127.0.0.1", self.secure), timeout=60)
        held = self.context().wrap_socket(raw, server_hostname=NAME)
        held.sendall(sent)
        return held

    def asked(self, method: str, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
        """Ask for a page as a browser does; the body is read."""
        connection = HTTPSConnection(NAME, self.secure, timeout=60)
        raw = socket.create_connection(("127.0.0.1", self.secure), timeout=60)
        connection.sock = self.context().wrap_socket(raw, server_hostname=NAME)
        with closing(connection):
            connection.request(method, path, headers=headers or {})
            answer = connection.getresponse()
            answer.body = answer.read()  # type: ignore[attr-defined]
            return answer


@contextmanager
def web_machine(settings: Settings, folder: Path) -> Iterator[WebMachine]:
    """Run the shipped configuration of nginx before the web server, until the end of the block."""
    behind, plain, secure = free_port(), free_port(), free_port()
    certificate = _certificate(folder)
    _configuration(folder, {"127.0.0.1:8000": f"127.0.0.1:{behind}", "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl"})  # fmt: skip
    env = environment(settings) | {"PFMP_TRUSTED_PROXIES": "1", "PFMP_LOG_LEVEL": "ERROR"}
    children = [start_web(env, behind)]
    try:
        wait_for_web(behind, children)
        command = ["/usr/sbin/nginx", "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")]
        children.append(subprocess.Popen(command))
        until(lambda: _listens(secure), lambda: f"nginx: {children[-1].poll()}")
        yield WebMachine(plain, secure, certificate)
    finally:
        stop_all(children)


def _configuration(folder: Path, changed: dict[str, str]) -> None:
    """Write the shipped file with other places and nothing else; each place must be in it."""
    changed |= {
        "/etc/ssl/pfmp": str(folder),
        "/var/log/nginx/pfmp.log": str(folder / "log"),
    }
    shipped = SHIPPED.read_text()
    for old, new in changed.items():
        assert old in shipped, f"{SHIPPED.name} no longer says {old}"
        shipped = shipped.replace(old, new)
    (folder / "pfmp.conf").write_text(shipped)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(_AROUND.format(user=user, folder=folder))


def _certificate(folder: Path) -> Path:
    key, certificate = folder / "key.pem", folder / "fullchain.pem"
    asked = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "3650"]
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*made, *asked, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    return certificate


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
