"""What each school of the demonstration has typed or handed over: a course, a filter of the board, and a list whose dry run shows every case."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from pfmp_saas.accounts import queries as people
from pfmp_saas.conventions import habits
from pfmp_saas.roster.imports import use_cases
from pfmp_saas.roster.models import Student
from pfmp_saas.roster.reading.columns import key
from pfmp_saas.roster.reading.files import Source
from pfmp_saas.roster.use_cases import save_course
from pfmp_saas.tenants import queries as tenants


def list_to_look_at(session: Session, office: str, now: datetime) -> None:
    """Hand over a list as the secretariat, whose address is ``office``: one new, one changed, one doubtful, one refused."""
    known = session.scalars(select(Student).order_by(Student.last_name, Student.first_name)).first()
    account = people.by_email(session, office)
    if known is None or account is None:
        return
    lines = [
        "Nom;Prénom;Né(e) le;Division;Régime;Responsable;Courriel responsable",
        "Abadie;Lou;14/02/2010;2CAP EPC;DP;Marie Abadie;marie.abadie@famille.example",
        f"{known.last_name};{known.first_name};{known.birth_date:%d/%m/%Y};{known.class_name} bis;DP;;",
        f"{known.last_name};{known.first_name};01/02/2009;{known.class_name};DP;;",
        "Bernard;Noé;31/02/2010;2CAP EPC;INT;;",
    ]
    sources = [Source("rentrée.csv", "\r\n".join(lines).encode("cp1252"))]
    habits.keep(
        session, account.id, "Brouillons pressés", {"etat": "draft", "presse": "1"}, now - timedelta(days=2)
    )
    today = tenants.today(session, now)
    row = use_cases.keep(session, sources, by=account.id, today=today, now=now)
    save_course(
        session,
        None,
        {
            "mef": "2472521431",
            "diploma": "Baccalauréat professionnel",
            "title": "Maintenance des véhicules",
            "hours": 770,
            "type_slug": "",
            "works": [],
        },
    )
    use_cases.correct(session, row, {key("Né(e) le"): "birth_date"}, "", today)
