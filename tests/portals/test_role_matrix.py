"""Every route asked by every role: who is let in is written in `tests/data/role_matrix.txt`, and read again here.

A route that changes hands, or a new one, changes a line of that file: whoever reviews the change sees it. Write it anew with
`PFMP_TEST_WRITE=1`. What a role may see of other people's objects, and of other schools', is asked in `test_http_tenants`.
"""

import os
from pathlib import Path

from flask import Response

from pfmp_saas.core.roles import Role
from tests.support.pages import HEAD, HOST, OFFICE, PUPIL, TEACHER, TUTOR, UAI
from tests.support.walking import address, public, routes

FILE = Path(__file__).parents[1] / "data" / "role_matrix.txt"
ROLES = {
    Role.HEAD: HEAD,
    Role.DEPUTY: "adjoint@lp-eiffel.example",
    Role.DDFPT: "ddfpt@lp-eiffel.example",
    Role.SECRETARIAT: OFFICE,
    Role.REFERENT: TEACHER,
    Role.STUDENT: PUPIL,
    Role.GUARDIAN: "nadia.fontaine@famille.example",
    Role.HOST_REPRESENTATIVE: HOST,
    Role.TUTOR: TUTOR,
    Role.OPERATOR: "exploitation@pfmp.example",
}
LET_IN = 299
"""What answers in the place of the views: the guard let the request in."""


def _asked(client, method, url):
    return client.open(url, method=method, data={}).status_code


def test_the_doors_are_those_of_the_matrix(app, world, signed_in):
    clients = {role: signed_in(email) for role, email in ROLES.items()}
    nobody, lines, faults = app.test_client(), [], []
    app.before_request_funcs[None].append(lambda: Response(status=LET_IN))
    for rule, method in routes(app):
        if public(app, rule):
            lines.append(f"{method} {rule.rule} : tout le monde")
            continue
        url = address(app, rule, UAI, world)
        answers = {role: _asked(client, method, url) for role, client in clients.items()}
        faults += [
            f"{method} {url} {role} : {code}" for role, code in answers.items() if code not in {LET_IN, 404}
        ]
        faults += [f"{method} {url} : personne"] if _asked(nobody, method, url) != 302 else []
        let_in = " ".join(role for role, code in answers.items() if code == LET_IN)
        lines.append(f"{method} {rule.rule} : {let_in or 'personne'}")
    found = "\n".join(lines) + "\n"
    if os.environ.get("PFMP_TEST_WRITE"):
        FILE.write_text(found, encoding="utf-8")
    assert faults == []
    assert found == FILE.read_text(encoding="utf-8")
