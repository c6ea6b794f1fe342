"""Nobody gains a role by being typed into a form, and the head's office is the head's or the platform's to hand over."""

from uuid import UUID

import pytest
from sqlalchemy import select, text

from pfmp_saas.accounts import forms, queries, roles
from pfmp_saas.accounts.errors import AlreadyHead, NotGiven
from pfmp_saas.accounts.models import Membership
from pfmp_saas.conventions import use_cases as conventions
from pfmp_saas.conventions.errors import NoHead, NotReferent
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.database import enter_tenant
from pfmp_saas.core.mail import OutgoingMail
from pfmp_saas.core.roles import GIVEN_BY_SCHOOL, STAFF, Role
from pfmp_saas.evidence.administration import GIVEN, TAKEN, journal, role_faults
from pfmp_saas.signing.queries import request_of
from pfmp_saas.tenants.queries import by_uai
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE, TEACHER, UAI

DDFPT, OPERATOR = "ddfpt@lp-eiffel.example", "exploitation@pfmp.example"
TEAM, SUCCESSOR = f"/ecole/{UAI}/equipe", "nadia.haddad@lp-eiffel.example"
NEXT = {"head_name": "Nadia Haddad", "head_email": SUCCESSOR}


def _staff(db):
    db.rollback()
    rows = db.execute(
        select(Membership.role, Membership.account_id).where(
            Membership.role.in_([role.value for role in STAFF])
        )
    )
    return sorted(map(tuple, rows))


def _mails(db, kind):
    return sorted(db.scalars(select(OutgoingMail.recipient).where(OutgoingMail.kind == kind)))


def _edit(operator, statement):
    """Edit the database as its administrator, once nobody reads it."""
    with operator.begin() as connection:
        connection.execute(text(statement))


def _sent(db, seeded, draft, **changes):
    if changes:
        conventions.save(db, draft.id, changes)
    return conventions.send(db, draft.id, kek=seeded.key_encryption_key, base_url=seeded.base_url, now=NOW)


@pytest.mark.attack
def test_the_ddfpt_neither_becomes_the_head_nor_unseats_her(signed_in, db):
    ddfpt, before = signed_in(DDFPT), _staff(db)
    head = queries.head(db)
    taken = [
        ddfpt.post(f"{TEAM}/chef", data={"head_name": "Jean-Luc Faivre", "head_email": DDFPT}),
        ddfpt.post(TEAM, data={"name": "Jean-Luc Faivre", "email": DDFPT, "role": "head"}),
        ddfpt.post(f"{TEAM}/{head.account_id}/head/retirer"),
        ddfpt.post(f"/ecole/{UAI}/reglages", data={"head_name": "Jean-Luc Faivre", "head_email": DDFPT}),
    ]
    assert [answer.status_code for answer in taken] == [404, 422, 404, 302]
    assert _staff(db) == before
    db.rollback()
    assert (queries.head(db).name, queries.head(db).email) == ("Hélène Maréchal", HEAD)


@pytest.mark.attack
def test_an_address_typed_as_the_head_s_signs_nothing(db, seeded, draft):
    stranger = {"school": {**draft.data["school"], "head": {"name": "Jean-Luc Faivre", "email": DDFPT}}}
    row = _sent(db, seeded, draft, **stranger)
    signer = next(each for each in request_of(db, "convention", row.id).signers if each.field == "head")
    assert (signer.name, signer.email) == ("Hélène Maréchal", HEAD)
    assert row.data["school"]["head"] == {"name": "Hélène Maréchal", "email": HEAD}


@pytest.mark.attack
@pytest.mark.parametrize("address", ["inconnu@ailleurs.example", DDFPT, "ancien.chef@lp-eiffel.example"])
def test_a_convention_gives_no_staff_role_to_the_address_it_holds(address, db, seeded, draft):
    before = _staff(db)
    with pytest.raises(NotReferent):
        _sent(db, seeded, draft, referent={"name": "Quelqu’un", "email": address, "pupils_followed": 1})
    assert _staff(db) == before


def test_sending_gives_no_staff_role_and_takes_the_school_s_own_names(db, seeded, draft):
    before = _staff(db)
    row = _sent(db, seeded, draft, referent={**draft.data["referent"], "name": "M. le Proviseur"})
    db.commit()
    assert _staff(db) == before
    assert row.data["referent"]["name"] == queries.referents(db)[row.data["referent"]["email"]]


def test_the_head_hands_over_and_both_are_told(signed_in, db, seeded, draft):
    head = signed_in(HEAD)
    assert head.post(f"{TEAM}/chef", data={**NEXT, "head_email": "nadia"}).status_code == 422
    assert head.post(f"{TEAM}/chef", data={**NEXT, "head_email": HEAD.upper()}).status_code == 409
    assert head.post(f"{TEAM}/chef", data=NEXT).status_code == 302
    db.rollback()
    assert (queries.head(db).name, queries.head(db).email) == ("Nadia Haddad", SUCCESSOR)
    assert _mails(db, "head-changed") == sorted([HEAD, SUCCESSOR])
    last = journal(db)[:2]
    assert [(each.kind, each.role, each.member) for each in last] == [
        (GIVEN, Role.HEAD, f"Nadia Haddad <{SUCCESSOR}>"),
        (TAKEN, Role.HEAD, f"Hélène Maréchal <{HEAD}>"),
    ]
    assert {each.by for each in last} == {f"Hélène Maréchal <{HEAD}>"}
    assert "/connexion" in head.get(f"/ecole/{UAI}/a-signer").location  # her session ended with her office
    assert signed_in(HEAD).get(f"/ecole/{UAI}/a-signer").status_code == 404
    signers = request_of(db, "convention", _sent(db, seeded, draft).id).signers
    assert next(each.email for each in signers if each.field == "head") == SUCCESSOR


def test_the_platform_changes_a_head_and_a_school_without_one_sends_nothing(
    signed_in, db, seeded, draft, operator
):
    school = by_uai(db, UAI)
    page = f"/plateforme/etablissements/{school.id}/chef"
    assert signed_in(HEAD).post(page, data=NEXT).status_code == 404
    platform = signed_in(OPERATOR)
    nowhere = f"/plateforme/etablissements/{UUID(int=0)}"
    assert platform.post(f"{nowhere}/chef", data=NEXT).status_code == 404
    assert platform.post(f"{nowhere}/reessayer").status_code == 404
    assert "Hélène Maréchal" in platform.get(page).text
    assert platform.post(page, data={**NEXT, "head_name": ""}).status_code == 422
    assert platform.post(page, data=NEXT).status_code == 302
    db.rollback()
    assert queries.head(db).email == SUCCESSOR
    assert journal(db)[0].capacity == "operator"
    _edit(operator, "delete from memberships where role = 'head'")
    db.rollback()
    with pytest.raises(NoHead):
        _sent(db, seeded, draft)


@pytest.mark.attack
def test_the_office_opens_accesses_for_teachers_only(signed_in, db):
    office, new = signed_in(OFFICE), {"name": "Nina Blanc", "email": "nina@lp-eiffel.example"}
    assert office.post(TEAM, data={**new, "role": "ddfpt"}).status_code == 422
    assert office.post(TEAM, data={**new, "role": "referent"}).status_code == 302
    db.rollback()
    assert queries.referents(db)[new["email"]] == "Nina Blanc"
    assert office.get(f"/ecole/{UAI}/journal").status_code == 404
    assert "Nina Blanc" in signed_in(DDFPT).get(f"/ecole/{UAI}/journal").text
    assert signed_in(TEACHER).get(TEAM).status_code == 404


@pytest.mark.attack
def test_roles_outside_those_of_a_school_are_given_by_no_form(db):
    giving = roles.Giving(None, "https://pfmp.example", NOW)
    for role in set(Role) - set(GIVEN_BY_SCHOOL):
        with pytest.raises(NotGiven):
            roles.add_member(db, forms.Member("x@y.example", "X", role), giving)
    with pytest.raises(AlreadyHead):
        roles.change_head(db, forms.Member(HEAD, "Hélène Maréchal", Role.HEAD), giving)


@pytest.mark.attack
def test_a_school_shows_no_name_that_another_recorded(signed_in, db):
    new = {"name": "Mme X", "email": "isabelle@partout.example", "role": "referent"}
    assert signed_in(HEAD).post(TEAM, data=new).status_code == 302
    db.rollback()
    ours = db.info["tenant"]
    for uai in db.scalars(text("select uai from establishments where uai <> :uai"), {"uai": UAI}).all():
        enter_tenant(db, by_uai(db, uai).id)
        roles.give(
            db, forms.Member(new["email"], f"Isabelle {uai}", Role.REFERENT), roles.Giving(None, "", NOW)
        )
        assert queries.referents(db)[new["email"]] == f"Isabelle {uai}"
    enter_tenant(db, ours)
    assert queries.referents(db)[new["email"]] == "Mme X"
    assert not db.scalar(text("select count(*) from accounts where name <> '' and not operator"))


@pytest.mark.attack
@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("update memberships set role = 'head' where role = 'ddfpt'", "role-unknown"),
        ("update memberships set name = 'Autre' where role = 'head'", "role-person"),
        ("delete from memberships where role = 'secretariat'", "role-missing"),
        (
            "update accounts set email = 'autre@x.example' where email = 'ddfpt@lp-eiffel.example'",
            "role-person",
        ),
    ],
)
def test_audit_sees_a_role_that_nobody_gave(edit, code, db, operator):
    assert list(role_faults(db, UAI)) == []
    db.rollback()
    _edit(operator, "drop index ix_memberships_one_head")
    _edit(operator, edit)
    db.rollback()
    db.expire_all()
    assert code in {fault.code for fault in role_faults(db, UAI)}


def test_drafts_show_the_teachers_to_choose_from(signed_in, db, draft):
    page = signed_in(OFFICE).get(f"/ecole/{UAI}/conventions/{draft.id}/etape/encadrement").text
    assert 'name="referent.email"' in page
    assert 'name="referent.name"' not in page
    for email, name in queries.referents(db).items():
        assert f'<option value="{email}"' in page
        assert name in page
    assert db.get(Convention, draft.id).state == "draft"
