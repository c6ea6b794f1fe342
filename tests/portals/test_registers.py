"""Registers that leave as files: the school's accidents and derogations, the host's trainees."""

import pytest
from sqlalchemy import select, update

from pfmp_saas.conventions.hosts.models import HostDeclaration
from pfmp_saas.conventions.models import Host
from pfmp_saas.followups.models import Followup
from pfmp_saas.portals.visits import commune_of
from tests.support.clock import TODAY
from tests.support.pages import HOST, TEACHER, TUTOR, UAI, page

REGISTERS = f"/ecole/{UAI}/registres"


def _lines(answer):
    assert answer.status_code == 200
    return answer.data.decode("utf-8-sig").splitlines()


def test_the_school_s_accidents_of_a_year_with_their_declarations(office, world):
    heading, line = _lines(office.get(f"{REGISTERS}/accidents.csv"))
    assert heading.startswith("Élève;Classe;") and line.startswith("Hugo Morel;")
    assert "Atelier;Chute" in line
    assert len(_lines(office.get(f"{REGISTERS}/accidents.csv?annee=2020"))) == 1
    assert office.get(f"{REGISTERS}/accidents.pdf").status_code == 404


def test_the_derogations_that_hosts_declared(db, office):
    host = db.scalars(select(Host).order_by(Host.name)).first()
    db.add(
        HostDeclaration(
            tenant_id=host.tenant_id, host_id=host.id, sent_on=TODAY, works=["28"], supervisor="M. Roy"
        )
    )
    db.commit()
    (line,) = [each for each in _lines(office.get(f"{REGISTERS}/derogations.csv")) if "M. Roy" in each]
    assert f"{TODAY:%d/%m/%Y}" in line and ";28;" in line
    assert f"{TODAY.replace(year=TODAY.year + 3):%d/%m/%Y}" in line


def test_a_host_s_trainees_of_one_school_and_nobody_else_s(signed_in, seeded):
    mine = f"/entreprise/{UAI}/registre.csv"
    heading, *lines = _lines(signed_in(HOST).get(mine))
    assert heading.startswith("Nom;Prénom;Premier jour") and any(
        line.startswith("Morel;Hugo;") for line in lines
    )
    assert _lines(signed_in(TUTOR).get(mine)) == [heading]
    assert "registre.csv" in signed_in(HOST).get("/entreprise").text


def test_visits_are_grouped_by_commune_for_the_office_and_for_their_teacher(
    db, office, signed_in, hugo, work_off
):
    db.execute(update(Followup).where(Followup.kind == "visit").values(state="expected", done_on=None))
    db.commit()
    for client, space in ((office, f"/ecole/{UAI}"), (signed_in(TEACHER), f"/enseignant/{UAI}")):
        shown = page(client.get(f"{space}/visites"))
        assert "Hugo Morel" in shown and commune_of(hugo.data["host"]) in shown
        heading, *lines = _lines(client.get(f"{space}/visites.csv"))
        assert heading.startswith("Commune;Élève") and any("Hugo Morel" in line for line in lines)
    other = office.get(f"/ecole/{UAI}/visites?referent=personne@ailleurs.example")
    assert "Hugo Morel" in page(other)  # nobody of that address: all
    assert signed_in(HOST).get(f"/enseignant/{UAI}/visites").status_code in (302, 403, 404)


@pytest.mark.parametrize(
    ("host", "commune"),
    [
        ({"address": "8 rue des Ateliers, 21300 Chenôve"}, "Chenôve"),
        ({"address": "1 quai, 2A000 Ajaccio CEDEX 9"}, "Ajaccio"),
        ({"address": "ZA, 21000 Dijon", "city": "Quetigny"}, "Quetigny"),
        ({"address": "chez lui"}, ""),
        ({}, ""),
    ],
)
def test_a_commune_is_as_typed_or_as_the_address_ends(host, commune):
    assert commune_of(host) == commune
