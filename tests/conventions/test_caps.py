"""Caps across conventions and schools, counted in the database and right under concurrency."""

import contextlib
import threading
from datetime import date

import pytest
from sqlalchemy import select

from pfmp_saas.conventions import caps, judging, reuse, use_cases
from pfmp_saas.conventions.models import Convention, Placement
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.errors import DomainError
from pfmp_saas.evidence.use_cases import Actor
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.pages import PYRENE, UAI

HOST = {"siret": "40483304800022", "staff": 12}  # under twenty staff: three trainees a week


def test_the_fourth_trainee_of_a_week_is_refused_whatever_the_school(draft, send, codes):
    send(draft(1, host=HOST))
    send(draft(2, host=HOST))
    assert codes(draft(3, PYRENE, host=HOST)) == set()
    send(draft(4, PYRENE, host=HOST))
    fourth = draft(5, host=HOST)
    assert codes(fourth) == {"host-cap"}  # told while drafting
    with pytest.raises(DomainError, match="ne peut pas partir"):
        send(fourth)
    assert codes(draft(6, host=HOST, periods=[{"start": "2027-03-01", "end": "2027-03-26"}])) == set()


def test_another_office_of_the_same_legal_entity_counts(draft, send, codes):
    for number in (1, 2, 3):
        send(draft(number, host=HOST))
    assert codes(draft(4, host={**HOST, "siret": "40483304800014"})) == {"host-cap"}


def test_hosts_without_siret_are_told_apart_by_name_and_address(draft, send, codes):
    """Written otherwise it is the same one; next door is another; without an address nobody's double."""
    bare = {"siret": None, "without_siret": "unregistered", "staff": 12}
    host = {**bare, "name": "Ferme L’Œuvre-d’Été", "address": "3, rue du Puits\u00a0Noir"}
    again = {**bare, "name": "FERME L'OEUVRE D'ETE", "address": "3, Rue du puits noir"}
    for number, uai in ((1, UAI), (2, PYRENE), (3, UAI)):
        send(draft(number, uai, host=host))
    assert codes(draft(4, host=again)) == {"host-cap"}
    assert codes(draft(5, host={**host, "address": "5, rue du Puits Noir"})) == set()
    assert "host-cap" not in codes(draft(6, host={**host, "address": None}))


def test_a_host_without_siret_is_remembered_once(draft, session_factory):
    host = {
        "siret": None,
        "without_siret": "abroad",
        "name": "Taller Núñez",
        "address": "Calle Mayor 3, Irún",
    }
    for number, name in ((1, "Taller Núñez"), (2, "TALLER NUNEZ")):
        uai, made = draft(number, host={**host, "name": name})
        with session_factory.begin() as session:
            enter_tenant(session, by_uai(session, uai).id)
            reuse.remember_host(session, session.get(Convention, made))
    with session_factory() as session:
        enter_tenant(session, by_uai(session, UAI).id)
        assert [known.name for known in reuse.known_hosts(session) if not known.siret] == ["TALLER NUNEZ"]


def test_a_tutor_has_no_fourth_convention_even_in_two_schools(draft, send, codes):
    for number, uai in ((1, UAI), (2, UAI), (3, PYRENE)):
        send(draft(number, uai, tutor="busy@host.example"))
    assert codes(draft(4, tutor="Busy@host.example")) == {"tutor-cap"}


def test_a_referent_follows_sixteen_pupils_at_most(draft, send, codes):
    for number in range(1, 17):
        last = draft(number, referent="prof@school.example")
        assert codes(last) == set()
        send(last)
    assert codes(draft(17, referent="prof@school.example")) == {"referent-cap"}
    later = [{"start": "2027-03-01", "end": "2027-03-26"}]
    assert codes(draft(18, referent="prof@school.example", periods=later)) == set()


def test_a_student_is_in_one_placement_at_a_time(draft, send, codes):
    send(draft(1, pupil="Unique"))
    assert codes(draft(2, pupil="Unique", periods=[{"start": "2027-02-05", "end": "2027-02-26"}])) == {
        "overlap"
    }
    assert codes(draft(3, pupil="Unique", periods=[{"start": "2027-02-08", "end": "2027-02-26"}])) == set()


def test_hours_with_one_host_add_up_over_the_school_year(draft, send, codes):
    host = {**HOST, "staff": 400}
    send(draft(1, pupil="Unique", host=host))  # 140 hours
    # Easter Monday, 29 March, is no worked day: 24 days to 2 April make 308 hours in all, the last unpaid one.
    unpaid, paid = ([{"start": "2027-03-01", "end": f"2027-04-0{day}"}] for day in (2, 5))
    assert codes(draft(2, pupil="Unique", host=host, periods=unpaid)) == set()
    assert codes(draft(3, pupil="Unique", host=host, periods=paid)) == {"gratification-due"}


def _waiting(session_factory, made):
    uai, convention_id = made
    with session_factory() as session:
        enter_tenant(session, by_uai(session, uai).id)
        found = judging.findings(session, session.get(Convention, convention_id))
        return [(each.severity, each.message) for each in found if each.code == "waiting-period"]


SAME_POST = {"host": {**HOST, "staff": 400}, "tutor": "post@host.example"}
JANUARY = [{"start": "2027-01-11", "end": "2027-02-09"}]  # thirty days: ten days to wait


def _from(day):
    return [{"start": day, "end": "2027-03-05"}]


def test_a_post_waits_a_third_of_the_previous_placement_whatever_the_school(
    draft, send, codes, session_factory
):
    send(draft(1, PYRENE, periods=JANUARY, **SAME_POST))
    (found,) = _waiting(session_factory, early := draft(2, periods=_from("2027-02-19"), **SAME_POST))
    assert found[0] == "warn"
    told = found[1].replace("\u00a0", " ")
    assert told.startswith("9 jours après l’accueil précédent suivi ici par le même tuteur (même poste ?)")
    assert "de 30 jours ; 10 jours de carence" in told
    assert codes(early) == set()  # warned of, never blocked
    send(early)
    other = {**SAME_POST, "tutor": "other@host.example"}
    assert not _waiting(session_factory, draft(4, periods=_from("2027-02-19"), **other))


def test_the_last_day_of_waiting_is_the_last_one_warned_of(draft, send, session_factory):
    send(draft(1, periods=JANUARY, **SAME_POST))
    assert _waiting(session_factory, draft(2, periods=_from("2027-02-19"), **SAME_POST))
    assert not _waiting(session_factory, draft(3, periods=_from("2027-02-20"), **SAME_POST))


def test_the_same_pupil_in_the_same_entity_waits_too_and_a_withdrawn_convention_does_not_count(
    draft, send, session_factory
):
    host = {**HOST, "staff": 400}
    send(first := draft(1, pupil="Unique", host=host, periods=JANUARY))
    (found,) = _waiting(
        session_factory, again := draft(2, pupil="Unique", host=host, periods=_from("2027-02-11"))
    )
    assert "de l’élève ici (même poste ?)" in found[1].replace("\u00a0", " ")
    with session_factory() as session, session.begin():
        enter_tenant(session, by_uai(session, UAI).id)
        who = Actor("Secrétariat", "s@school.example", "establishment", "account")
        use_cases.withdraw(session, first[1], who, NOW)
    assert not _waiting(session_factory, again)


def test_the_sequences_of_the_cycle_are_counted(draft, send, session_factory):
    def warned(made, weeks):
        uai, convention_id = made
        with session_factory() as session:
            enter_tenant(session, by_uai(session, uai).id)
            row = session.get(Convention, convention_id)
            row.data = {**row.data, "student": {**row.data["student"], "cycle_weeks": weeks}}
            return [f.message for f in judging.findings(session, row) if f.where == "student.sequences_done"]

    months = ("2025-10", "2026-02", "2026-10")
    send_days = [[{"start": f"{month}-05", "end": f"{month}-09"}] for month in months]
    for rank, periods in enumerate(send_days):
        send(draft(rank + 1, pupil="Unique", periods=periods))
    fourth = draft(4, pupil="Unique")  # 1re: the cycle began in September 2025
    assert "4 séquences dans le cycle" in warned(fourth, 12)[0]
    assert warned(fourth, 13) == []
    assert warned(draft(5, pupil="Autre"), 12) == []


def test_a_withdrawn_convention_gives_its_place_back(draft, send, codes, session_factory):
    for number in (1, 2, 3):
        send(last := draft(number, host=HOST))
    waiting = draft(4, host=HOST)
    assert codes(waiting) == {"host-cap"}
    with session_factory() as session, session.begin():
        enter_tenant(session, by_uai(session, UAI).id)
        who = Actor("Secrétariat", "s@school.example", "establishment", "account")
        use_cases.withdraw(session, last[1], who, NOW)
    assert codes(waiting) == set()


def _both_at_once(send, first, second, monkeypatch):
    """Send two conventions together; each waits for the other just before it is counted."""
    meeting, plain, refused = threading.Barrier(2), caps.register, []

    def register(*arguments):
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=3)
        plain(*arguments)

    def go(made):
        try:
            send(made)
        except DomainError as error:
            refused.append(error.message)

    monkeypatch.setattr(caps, "register", register)
    threads = [threading.Thread(target=go, args=(made,)) for made in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


def _counted(session_factory, uais):
    total = 0
    for uai in uais:
        with session_factory() as session:
            enter_tenant(session, by_uai(session, uai).id)
            total += len(session.scalars(select(Placement).where(Placement.siren == HOST["siret"][:9])).all())
    return total


@pytest.mark.parametrize(("locked", "kept"), [(True, 3), (False, 4)])
def test_two_schools_cannot_both_take_the_last_place(draft, send, session_factory, monkeypatch, locked, kept):
    send(draft(1, host=HOST))
    send(draft(2, host=HOST))
    rivals = draft(3, UAI, host=HOST), draft(4, PYRENE, host=HOST)
    if not locked:  # the control: without the lock, the race is there
        monkeypatch.setattr(caps, "lock", lambda *_: None)
    refused = _both_at_once(send, *rivals, monkeypatch)
    assert len(refused) == 4 - kept
    assert _counted(session_factory, (UAI, PYRENE)) == kept


def test_counts_cross_schools_and_nothing_else_does(draft, send, session_factory):
    send(draft(1, host=HOST))
    with session_factory() as session:
        enter_tenant(session, by_uai(session, PYRENE).id)
        assert session.scalars(select(Placement)).all() == []
        monday = date(2027, 1, 11)
        other = draft(2, PYRENE, host=HOST)[1]
        row = session.get(Convention, other)
        assert caps._trainees(session, row, HOST["siret"][:9], [monday]) == 1
