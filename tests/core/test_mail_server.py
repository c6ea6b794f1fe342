"""Mail servers as they are: certificates verified, three ways of TLS, and only a recipient's own refusal is for good."""

import smtplib
import socketserver
import ssl
import threading
from dataclasses import replace
from email.message import EmailMessage

import pytest

from pfmp_saas.core.errors import ConfigurationError
from pfmp_saas.core.mail import Unreachable, deliver, for_good, server_down
from pfmp_saas.core.settings import MailSettings, from_environ
from tests.support.mail_servers import DAY, certificate


def written(to="ana@x.example", text="Bonjour"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "pfmp@pfmp.example", to, "Essai"
    message.set_content(text)
    return message


@pytest.mark.parametrize("way", ["implicit", "starttls"])
def test_a_certificate_that_is_trusted_and_bears_the_name_is_taken(mail_server, tmp_path, monkeypatch, way):
    file = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    kept, settings = mail_server(file, way)
    deliver(written(), settings)
    assert len(kept.taken) == 1


@pytest.mark.parametrize("way", ["implicit", "starttls"])
@pytest.mark.parametrize("fault", ["a stranger's", "another name's", "expired"])
def test_a_certificate_that_is_not_the_server_s_is_refused(mail_server, tmp_path, monkeypatch, way, fault):
    address = "127.0.0.9" if fault == "another name's" else "127.0.0.1"
    file = certificate(tmp_path, address, -DAY if fault == "expired" else DAY)
    if fault != "a stranger's":
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    kept, settings = mail_server(file, way)
    with pytest.raises(Unreachable) as refused:
        deliver(written(), settings)
    assert isinstance(refused.value.__cause__, ssl.SSLCertVerificationError)
    assert (for_good(refused.value), server_down(refused.value)) == (False, True)
    assert kept.taken == []


def test_in_clear_where_asked(mail_server):
    kept, settings = mail_server()
    deliver(written(), settings)
    assert len(kept.taken) == 1
    with pytest.raises(Unreachable, match="SMTPNotSupportedError"):
        deliver(written(), replace(settings, tls="starttls"))


def test_only_a_recipient_s_own_refusal_is_for_good(mail_server):
    _, settings = mail_server()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as gone:
        deliver(written("refuse@x.example"), settings)
    assert (for_good(gone.value), server_down(gone.value)) == (True, False)
    with pytest.raises(smtplib.SMTPDataError) as full:
        deliver(written(text="plein"), settings)
    assert (for_good(full.value), server_down(full.value)) == (False, False)


class Refusing(socketserver.BaseRequestHandler):
    """A server whose first word is a refusal."""

    def handle(self):
        self.request.sendall(b"554 no service today\r\n")


def test_a_banner_that_refuses_everybody_is_not_for_good():
    with socketserver.TCPServer(("127.0.0.1", 0), Refusing) as refusing:
        threading.Thread(target=refusing.handle_request, daemon=True).start()
        settings = MailSettings("127.0.0.1", refusing.server_address[1], "pfmp@pfmp.example")
        with pytest.raises(Unreachable) as refused:
            deliver(written(), settings)
    assert (for_good(refused.value), server_down(refused.value)) == (False, True)


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
