"""Each kind of mail is shown in the demonstration, and nowhere else."""

from dataclasses import replace

from pfmp_saas.app import create_app
from pfmp_saas.core.mail_templates import MailKind, render
from pfmp_saas.demo.mail_preview import previews, samples
from tests.support.clock import still

MODELS = "/demo/mails/modeles"
LETTER = b"""From: pfmp@pfmp.example\r
To: ana@x.example\r
Subject: Bonjour\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=between\r
\r
--between\r
Content-Type: text/plain; charset=utf-8\r
\r
Bonjour Ana\r
--between\r
Content-Type: text/html; charset=utf-8\r
\r
<p>Bonjour <b>Ana</b></p>\r
--between--\r
"""


def test_every_kind_is_shown_with_its_words(app):
    client = app.test_client()
    assert f'href="{MODELS}"' in client.get("/demo/mails").text
    shown = client.get(MODELS).text
    for preview in previews():
        alone = f"{MODELS}/{preview.kind}/{preview.number}"
        assert f'src="{alone}"' in shown
    values = samples()[MailKind.RENEWAL][1]
    answer = client.get(f"{MODELS}/renewal/2")
    assert answer.text == render(MailKind.RENEWAL, **values).html
    assert "script" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'unsafe-inline'"
    )
    for absent in ("renewal/3", "renewal/0", "unknown/1"):
        assert client.get(f"{MODELS}/{absent}").status_code == 404


def test_the_html_part_of_a_mail_that_left_is_shown_alone(app, settings):
    (settings.demo_mails / "000001.eml").write_bytes(LETTER)
    client = app.test_client()
    assert 'href="/demo/mails/000001/html"' in client.get("/demo/mails").text
    answer = client.get("/demo/mails/000001/html")
    assert "<b>Ana</b>" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for absent in ("000002", "modeles", "..%2f000001"):
        assert client.get(f"/demo/mails/{absent}/html").status_code == 404


def test_outside_the_demonstration_there_is_no_preview(settings):
    client = create_app(replace(settings, demo=False), still).test_client()
    for path in (MODELS, f"{MODELS}/welcome/1", "/demo/mails/000001/html"):
        assert client.get(path).status_code == 404
