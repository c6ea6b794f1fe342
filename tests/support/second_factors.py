"""A person with a password and a second factor, in front of a service whose clock a test moves."""

import html
import json
import re
from datetime import datetime, timedelta
from importlib.resources import files

import pyotp
from flask import Flask
from werkzeug.test import Client, TestResponse

from tests.support.clock import NOW

PASSWORD = json.loads(files("pfmp_saas.demo").joinpath("data.json").read_text())["password"]
PAGE = "/compte/double-authentification"


class Moving:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


class Person:
    """Somebody in front of a browser, with the secret of an application."""

    def __init__(self, app: Flask, clock: Moving, email: str) -> None:
        self.app, self.clock, self.email = app, clock, email
        self.client: Client = app.test_client()
        self.secret = ""
        self.codes: list[str] = []

    def enter(self, then: str = "/accueil") -> TestResponse:
        """Type address and password, from a browser that remembers nothing."""
        self.client = self.app.test_client()
        typed = {"email": self.email, "password": PASSWORD, "next": then}
        return self.client.post("/connexion", data=typed)

    def code(self, later: int = 0) -> str:
        """What the application shows now, or some steps later."""
        return pyotp.TOTP(self.secret).at(self.clock(), counter_offset=later)

    def answer(self, code: str = "", credential: str = "") -> TestResponse:
        """Send the second page."""
        return self.client.post("/connexion/suite", data={"code": code, "credential": credential})

    def prove(self, code: str | None = None) -> TestResponse:
        """Give the proof that changes ask for: the password, or a code where there is an application."""
        typed = {"present": PASSWORD} if code is None else {"code": code}
        return self.client.post(f"{PAGE}/confirmer", data=typed)

    def with_application(self) -> "Person":
        """Sign in and take an application into use; the step of time is over afterwards."""
        self.enter()
        self.prove()
        self.add_application()
        return self

    def add_application(self) -> None:
        """Take an application into use, once the proof was given."""
        self.client.post(f"{PAGE}/application")
        shown = self.client.get(f"{PAGE}/application").get_data(as_text=True)
        self.secret = _found(r"<code[^>]*>([A-Z2-7 ]+)</code>", shown).replace(" ", "")
        made = self.client.post(f"{PAGE}/application/confirmer", data={"code": self.code()})
        self.codes = codes_of(made)
        self.clock.forward(minutes=1)


def codes_of(answer: TestResponse) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<li><code>([A-Z2-7 ]{19})</code>", answer.get_data(as_text=True))


def options_of(answer: TestResponse) -> str:
    """What a page has the browser ask a passkey."""
    return html.unescape(_found(r'data-options="([^"]+)"', answer.get_data(as_text=True)))


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]
