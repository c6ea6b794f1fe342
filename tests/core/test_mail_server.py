"""Mail servers as they are: certificates verified, three ways of TLS, and only a recipient's own refusal is for good."""

import ipaddress
import smtplib
import socketserver
import ssl
import threading
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pfmp_saas.core.clock import utc_now
from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.mail import deliver, for_good
from pfmp_saas.core.settings import MailSettings, from_environ
from pfmp_saas.demo.services import free_port

DAY = timedelta(days=1)


class Kept:
    """Keeps what a server took; refuses whoever is named « refuse »."""

    def __init__(self):
        self.taken = []

    async def recipient(self, _server, _session, envelope, address, _options):
        if address.startswith("refuse"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def content(self, _server, _session, envelope):
        self.taken.append(envelope)
        return "554 full" if b"plein" in envelope.content else "250 OK"


def certificate(folder, address="127.0.0.1", life=DAY):
    """Return the file of a certificate of that address, its key behind it."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")]),
    )
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    begins = utc_now() - 10 * DAY
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(begins + 10 * DAY + life)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )  # fmt: skip
    file = folder / "serveur.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return file


@pytest.fixture
def server():
    """Starts mail servers; stops them at the end."""
    started = []

    def start(file=None, way="none"):
        context = None
        if file:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(file)
        kept = Kept()
        hooks = SimpleNamespace(handle_RCPT=kept.recipient, handle_DATA=kept.content)
        options = {"hostname": "127.0.0.1", "port": free_port()}
        if way == "implicit":
            controller = Controller(hooks, ssl_context=context, **options)
        else:
            controller = Controller(
                hooks, tls_context=context, require_starttls=context is not None, **options
            )
        controller.start()
        started.append(controller)
        return kept, MailSettings("127.0.0.1", options["port"], "pfmp@pfmp.example", tls=way)

    yield start
    for controller in started:
        controller.stop(no_assert=True)


def written(to="ana@x.example", text="Bonjour"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "pfmp@pfmp.example", to, "Essai"
    message.set_content(text)
    return message


@pytest.mark.parametrize("way", ["implicit", "starttls"])
def test_a_certificate_that_is_trusted_and_bears_the_name_is_taken(server, tmp_path, monkeypatch, way):
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    kept, settings = server(file, way)
    deliver(written(), settings)
    assert len(kept.taken) == 1


@pytest.mark.parametrize("way", ["implicit", "starttls"])
@pytest.mark.parametrize("fault", ["a stranger's", "another name's", "expired"])
def test_a_certificate_that_is_not_the_server_s_is_refused(server, tmp_path, monkeypatch, way, fault):
    address = "127.0.0.9" if fault == "another name's" else "127.0.0.1"
    file = certificate(tmp_path, address, -DAY if fault == "expired" else DAY)
    if fault != "a stranger's":
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    kept, settings = server(file, way)
    with pytest.raises(ssl.SSLCertVerificationError) as refused:
        deliver(written(), settings)
    assert not for_good(refused.value)
    assert kept.taken == []


def test_in_clear_where_asked(server):
    kept, settings = server()
    deliver(written(), settings)
    assert len(kept.taken) == 1
    with pytest.raises(smtplib.SMTPNotSupportedError):
        deliver(written(), replace(settings, tls="starttls"))


def test_only_a_recipient_s_own_refusal_is_for_good(server):
    _, settings = server()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as gone:
        deliver(written("refuse@x.example"), settings)
    assert for_good(gone.value)
    with pytest.raises(smtplib.SMTPDataError) as full:
        deliver(written(text="plein"), settings)
    assert not for_good(full.value)


class Refusing(socketserver.BaseRequestHandler):
    """A server whose first word is a refusal."""

    def handle(self):
        self.request.sendall(b"554 no service today\r\n")


def test_a_banner_that_refuses_everybody_is_not_for_good():
    with socketserver.TCPServer(("127.0.0.1", 0), Refusing) as refusing:
        threading.Thread(target=refusing.handle_request, daemon=True).start()
        settings = MailSettings("127.0.0.1", refusing.server_address[1], "pfmp@pfmp.example")
        with pytest.raises(smtplib.SMTPException) as refused:
            deliver(written(), settings)
    assert not for_good(refused.value)


@pytest.mark.parametrize(("given", "reason"), [
    ({"PFMP_SMTP_TLS": "oui"}, "implicit, starttls, none"), ({"PFMP_SMTP_PASSWORD": "x", "PFMP_SMTP_HOST": "mail.example"}, "en clair"),
])  # fmt: skip
def test_a_setting_that_can_not_be_meant_stops_the_start(given, reason):
    env = {
        "PFMP_DATABASE_URL": "x", "PFMP_REDIS_URL": "x", "PFMP_SECRET_KEY": "x" * 32, "PFMP_BASE_URL": "http://x.example",
        "PFMP_KEY_ENCRYPTION_KEY": "A" * 43 + "=", "PFMP_SMTP_HOST": "127.0.0.1", "PFMP_MAIL_FROM": "a@x.example",
    }  # fmt: skip
    assert from_environ(env).mail.tls == "none"
    with pytest.raises(ConfigurationError, match=reason):
        from_environ(env | given)
