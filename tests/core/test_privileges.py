"""What the runtime role may do: one file lists it all, and what it may not do is really tried.

The list is written by `PFMP_TEST_WRITE=1`: read the change before you commit it.
"""

import os
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from pfmp_saas.accounts import queries, use_cases, vault
from pfmp_saas.accounts.errors import WrongPassword, WrongPresent
from pfmp_saas.accounts.models import Account, SignInLink
from pfmp_saas.accounts.use_cases import LinkGone
from pfmp_saas.core import crossing
from tests.support.clock import NOW
from tests.support.pages import HEAD, OFFICE
from tests.support.privileges import privileges

FILE = Path(__file__).parents[1] / "data" / "privileges.txt"
ROLE = "pfmp_app"
PASSWORD = "demonstration-pfmp"
FORBIDDEN = [
    "select password_hash from accounts",
    "select * from accounts",
    "select 1 from accounts where password_hash is not null",
    "update accounts set operator = true",
    "update accounts set password_hash = null",
    "update accounts set email = 'x@y.example' where false",
    "update accounts set active = false",
    "insert into accounts (id, email, operator) values (gen_random_uuid(), 'x@y.example', true)",
    "insert into accounts (id, email, password_hash) values (gen_random_uuid(), 'x@y.example', 'x')",
    "delete from accounts where false",
    "select account_id from sign_in_links",
    "update sign_in_links set used_at = null",
    "delete from sign_in_links",
    "update account_sessions set account_id = (select id from accounts limit 1)",
    "update establishments set uai = '0000000A' where uai = '0211033J'",
    "update establishments set name = 'Autre'",
    "delete from establishments where false",
    "update establishment_settings set tenant_id = tenant_id",
    "delete from establishment_settings",
    "delete from tenant_authorities",
    "update tenant_authorities set wrapped_key = ''",
    "update tenant_authorities set certificate_pem = ''",
    "select wrapped_key from log_keys",
    "delete from log_keys",
    "update evidence_events set kind = 'x'",
    "delete from evidence_events where false",
    "truncate effects",
    "update log_nodes set hash = ''",
    "delete from log_heads",
    "delete from chain_heads",
    "update evidence_salts set event_id = event_id",
    "delete from evidence_salts",
    "insert into checkpoints select * from checkpoints",
    "update checkpoints set note = ''",
    "delete from checkpoints",
    "delete from stored_files where false",
    "delete from conventions where false",
    "delete from signature_requests where false",
    "delete from signers where false",
    "update alembic_version set version_num = '0001'",
    "alter table conventions disable row level security",
    "alter table conventions no force row level security",
    "drop policy tenant on conventions",
    "create policy all_of_it on conventions using (true)",
    "create function taken() returns int language sql as 'select 1'",
    "create table taken (id int)",
    "create view taken as select 1",
    "create temporary table accounts (id uuid)",
    "create function pg_temp.taken() returns int language sql as 'select 1'",
    "create schema taken",
    "alter function crossing_memberships(uuid) set search_path = public",
    "grant select on accounts to pfmp_checkpoint with grant option",
    "alter role pfmp_app bypassrls",
    "set role pfmp_owner",
    "set role pfmp_crossing",
    "set session authorization pfmp_owner",
    "copy accounts (id) to program 'cat'",
]
"""Each is good SQL that the administrator may run; the runtime role is denied it."""
DENIED = "42501"


def _state(engine, statement):
    """Return how PostgreSQL refuses a statement (its code), None when it takes it; nothing of it stays."""
    with engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except ProgrammingError as error:
            return error.orig.sqlstate
        finally:
            connection.rollback()
    return None


def _hash(operator, address):
    """Return the digest of a password, as its administrator reads it."""
    with operator.connect() as connection:
        return connection.scalar(select(Account.password_hash).where(Account.email == address))


def test_the_privileges_are_those_listed(operator):
    with operator.connect() as connection:
        found = "\n".join(privileges(connection, ROLE)) + "\n"
    if os.environ.get("PFMP_TEST_WRITE"):
        FILE.write_text(found, encoding="utf-8")
    assert found == FILE.read_text(encoding="utf-8")


def test_the_list_tells_of_every_kind_of_grant(operator):
    """Otherwise the test above would prove little: each is granted, seen, and undone."""
    seen = {
        "grant select (password_hash) on accounts to pfmp_app": "table accounts: insert",
        "grant delete on establishments to public": "table establishments: delete",
        "create sequence numbers; grant usage on numbers to pfmp_app": "sequence numbers: usage",
        "create function f() returns int language sql as 'select 1'; grant execute on function f() to public": "function f(): execute",
        "create schema more; grant create on schema more to pfmp_app": "schema more: create",
        "grant pfmp_owner to pfmp_app": "member pfmp_owner: member",
        "grant execute on function pg_read_file(text) to pfmp_app": "in the catalogue function pg_read_file(text): execute",
        "alter default privileges grant select on tables to pfmp_app": "of what is to come r: select",
        "alter table hosts owner to pfmp_app": "owner hosts: owner",
    }
    for statement, line in seen.items():
        with operator.connect() as connection:
            before = set(privileges(connection, ROLE))
            connection.execute(text(statement))
            assert any(each.startswith(line) for each in set(privileges(connection, ROLE)) - before), (
                statement
            )
            connection.rollback()


@pytest.mark.attack
def test_what_the_runtime_role_must_not_do_is_denied_it(seeded, session_factory, operator):
    runtime = session_factory.kw["bind"]
    answers = {each: (_state(runtime, each), _state(operator, each)) for each in FORBIDDEN}
    assert {each: codes for each, codes in answers.items() if codes != (DENIED, None)} == {}


def test_a_password_is_compared_where_it_is_kept_and_never_comes_out(db, operator):
    account, stored = queries.by_email(db, HEAD), _hash(operator, HEAD)
    recipe = vault.password_recipe(db, account.id)
    assert recipe == stored[: stored.rindex("$") + 1]
    assert vault.password_is(db, account.id, stored)
    assert not vault.password_is(db, account.id, recipe)
    assert use_cases.sign_in(db, HEAD, PASSWORD).id == account.id
    for address, typed in (
        (HEAD, "autre chose"),
        ("nul@x.example", PASSWORD),
        ("k.benali@garage-ducs.example", ""),
    ):
        with pytest.raises(WrongPassword):
            use_cases.sign_in(db, address, typed)


def test_a_password_is_replaced_by_who_knows_it_alone(db, operator):
    account, stored = queries.by_email(db, HEAD), _hash(operator, HEAD)
    new = "quatre mots sans lien"
    for present in (None, "", stored[: stored.rindex("$") + 1], _hash(operator, OFFICE)):
        with pytest.raises(WrongPresent):
            use_cases.set_password(db, account, new, present=present)
    with pytest.raises(WrongPresent):
        use_cases.check_present(db, account.id, "autre chose")
    present = use_cases.check_present(db, account.id, PASSWORD)
    use_cases.set_password(db, account, new, present=present)
    db.commit()
    assert use_cases.sign_in(db, HEAD, new).id == account.id
    assert _hash(operator, OFFICE) != _hash(operator, HEAD) != stored


def test_a_sign_in_link_is_found_by_its_secret_and_used_once(db, session_factory, operator):
    account = queries.by_email(db, HEAD)
    token = use_cases.make_link(db, account, NOW, next_path="/compte")
    db.commit()
    assert use_cases.peek_link(db, token, NOW).account_id == account.id
    with session_factory() as other:  # both looked while it was unused
        assert use_cases.use_link(other, token, NOW)[1] == "/compte"
        other.commit()
    assert not vault.use_sign_in_link(db, use_cases.token_hash(token), NOW)
    with pytest.raises(LinkGone):
        use_cases.use_link(db, token, NOW)
    assert vault.sign_in_link(db, b"") is None
    with operator.connect() as connection:
        assert connection.scalars(select(SignInLink.used_at)).all() == [NOW]


@pytest.mark.attack
def test_a_function_that_borrows_a_role_reads_no_table_of_its_caller(db, operator, session_factory):
    """Who could make temporary objects would otherwise put a table of that name before the real one."""
    account = queries.by_email(db, HEAD)
    true = crossing.memberships(db, account.id)
    db.rollback()
    with operator.begin() as connection:
        name = connection.scalar(text("select current_database()"))
        connection.execute(text(f'grant temporary on database "{name}" to {ROLE}'))
        borrowed = connection.execute(
            text(
                "select pg_get_userbyid(proowner), proconfig from pg_proc where prosecdef and pronamespace = 'public'::regnamespace"
            )
        ).all()
    with session_factory() as session:
        session.execute(text("create temporary table memberships as select * from memberships"))
        session.execute(text("grant all on pg_temp.memberships to public"))
        assert session.scalar(text("select count(*) from memberships")) == 0  # the caller's own, empty
        assert crossing.memberships(session, account.id) == true
    assert len(borrowed) > 10
    assert {(owner, *config) for owner, config in borrowed} == {
        ("pfmp_crossing", "search_path=pg_catalog, public, pg_temp")
    }
