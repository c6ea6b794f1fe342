"""A school's own convention type: what it may change, what stays bound, what is refused."""

import html
import io
import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from pfmp_saas.conventions import queries, use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.errors import Conflict, DomainError
from pfmp_saas.types.errors import InvalidType
from pfmp_saas.types.loader import available, get_type
from pfmp_saas.types.mentions import missing
from pfmp_saas.types.revisions import edits
from pfmp_saas.types.revisions import use_cases as revisions
from pfmp_saas.types.revisions.bases import BaseType
from pfmp_saas.types.revisions.content import Piece, derived
from pfmp_saas.types.revisions.content import built as built_on
from pfmp_saas.types.revisions.differences import differences, spans
from pfmp_saas.types.revisions.file import dumped, read
from pfmp_saas.types.revisions.models import TypeRevision
from pfmp_saas.types.revisions.shortest import Effort
from tests.support.pages import HEAD, OFFICE, UAI

SIGNERS = ("student", "host_representative", "tutor", "referent", "head")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def built(content):
    return built_on(content, get_type(content.base))


@pytest.mark.parametrize("slug", available())
def test_a_derived_type_is_its_base_until_it_is_edited(slug):
    content = derived(slug)
    assert built(content) == get_type(slug)
    assert read(json.loads(json.dumps(dumped(content)))) == content
    assert differences(content, content, Effort()) == ()


def _edited(text_of_five):
    return edits.edited(5, "Article 5 - Gratification", text_of_five)(derived("national-2016"))


@pytest.mark.parametrize(
    ("text_of_five", "reason"),
    [
        ("{{ 7*7 }}", "article 5 : accolade isolée"),
        ("{% import os %}", "accolade isolée"),
        ("Bonjour {config.SECRET_KEY}", "accolade isolée|champ inconnu"),
        ("Bonjour {student.secret}", "article 5 : champ inconnu"),
        ("x" * 2_000_000, "article 5.*caractères au plus"),
        ("Texte\n\n# Article 6 - Faux\n\nTexte", "article 5.*titre"),
        ("   ", "article 5.*vide"),
    ],
)
def test_what_could_run_or_overflow_is_refused(text_of_five, reason):
    with pytest.raises(InvalidType, match=reason):
        built(_edited(text_of_five))


def test_an_article_that_alone_carries_a_mandatory_mention_stays():
    carriers = {number for mention in get_type("national-2016").mentions for number in mention.articles}
    alone = next(m.articles[0] for m in get_type("national-2016").mentions if len(m.articles) == 1)
    bare = built(edits.removed(alone)(derived("national-2016")))
    assert any("aucun article ne la porte" in fault for fault in missing(bare))
    free = next(number for number in range(1, 19) if number not in carriers)
    assert len(built(edits.removed(free)(derived("national-2016"))).articles) == 17


def test_articles_are_renumbered_and_mentions_follow():
    content = edits.added(1, "Règlement intérieur", "L’élève lit le règlement.")(derived("national-2016"))
    kind = built(content)
    assert [article.number for article in kind.articles] == list(range(1, 20))
    assert kind.articles[1].heading == "Article 2 - Règlement intérieur"
    assert kind.articles[2].heading == get_type("national-2016").articles[1].heading.replace(
        "Article 2", "Article 3"
    )
    moved = {m.number: m.articles for m in kind.mentions}
    base = {m.number: m.articles for m in get_type("national-2016").mentions}
    assert moved == {number: tuple(a + (a > 1) for a in articles) for number, articles in base.items()}


def test_differences_are_told_word_by_word():
    found = spans("La durée est de quatre semaines.", "La durée est de six semaines.", Effort())
    assert [(s.kind, s.text) for s in found] == [
        ("same", "La durée est de "), ("removed", "quatre"), ("added", "six"), ("same", " semaines."),
    ]  # fmt: skip


def test_only_the_edited_article_differs_even_when_others_move():
    base = derived("national-2016")
    after = edits.added(0, "Préambule", "Bienvenue.")(base)
    after = edits.edited(6, "Article 6 - Gratification", base.pieces[4].text + " Fin.")(after)
    found = differences(base, after, Effort())
    assert [(each.kind, each.title.split(" - ")[-1]) for each in found][:1] == [("added", "Préambule")]
    assert len(found) == 2
    assert found[1].spans[-1].text.strip() == "Fin."


def _file(**changes):
    """A good file of the national type, one key changed; one key a line."""
    content = {**dumped(derived("national-2016")), "letterhead": {}, **changes}
    return json.dumps(content, indent=1).encode()


def _bomb():
    """As the billion laughs: what JSON allows of it is depth."""
    return b'{"format": ' + b'{"a": ' * 900 + b"1" + b"}" * 900 + b"}"


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"{", "JSON invalide, ligne 1"),
        (b'{\n\n"format": }', "JSON invalide, ligne 3"),
        (b"\xff\xfe\x00", "pas une convention-type"),
        (b"[" * 100_000, "trop profond"),
        (b"[]", "cette liste n’est pas un objet"),
        (b"{}", "il manque « format »"),
        (b'{"format": "pfmp-revision/2", "format": "x"}', "donnée deux fois"),
        (_file(format="pfmp-type/9"), "Ligne 2, format : "),
        (_file(base="inconnu"), "inconnu"),
        (_file(base_digest="0" * 64), "pas connu ici : 0000"),
        (_file(version="1789"), "version : ce modèle"),
        (_file(articles=[{"title": 3, "text": ""}]), r"Ligne 8, articles\[0\].title : « 3 »"),
        (_file(articles=[{"title": "A", "text": "x" * 20_001}]), r"Ligne 9, articles\[0\].text"),
        (_file(articles=[{"title": "A", "text": "{{ 7*7 }}"}]), "article 1 : accolade isolée"),
        (
            _file(articles=[{"title": "A", "text": "{si pleine lune} Oui."}]),
            "condition inconnue « pleine lune »",
        ),
        (_file(articles=[{"title": "A", "text": "\ud800"}]), "Ligne 9"),
        (_file(annexes_off=["budget"]), "annexe inconnue « budget »"),
        (_file(blocking=["bidon"]), "code inconnu « bidon »"),
        (_file(signing_order=["head", "head"]), "ordre des signatures"),
        (_file(letterhead={"logo": "PHN2Zy8+"}), "letterhead.logo : ce n’est pas une image PNG"),
        (_file(own_fields=[{"name": "a.b", "label": "A", "kind": "text"}]), r"own_fields\[0\].name"),
        (_bomb(), "trop profond|dépasse|plus de 40 niveaux"),
        (b" " * 1_500_001, "dépasse 1 500 000 octets"),
    ],
)
def test_a_bad_file_is_refused_with_its_place_and_nothing_is_kept(signed_in, db, file, reason):
    data = {"file": (io.BytesIO(file), "type.json")}
    answer = signed_in(OFFICE).post(f"/ecole/{UAI}/convention-type/importer", data=data)
    assert answer.status_code == 422
    assert re.search(reason, html.unescape(answer.text), re.IGNORECASE)
    db.rollback()
    assert db.scalars(select(TypeRevision)).all() == []


def test_what_was_made_before_renders_byte_for_byte_as_before(db):
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    before = queries.preview_pdf(db, row)
    draft = revisions.derive(db, "national-2016", None)
    revisions.change(
        db, draft.id, edits.edited(5, "Article 5 - Gratification", "La gratification suit l’école.")
    )
    revisions.adopt(db, draft.id, on=date(2026, 10, 1), number="12", now=NOW)
    assert queries.preview_pdf(db, row) == before
    fresh = use_cases.create_draft(db, student_id=row.student_id, created_by=None, now=NOW)
    assert fresh.type_revision_id == draft.id
    assert fresh.data["school"]["board_date"] == "2026-10-01"
    use_cases.save(db, fresh.id, {**row.data, "school": row.data["school"]})
    bound = queries.preview_pdf(db, fresh)
    assert bound != before
    second = revisions.derive(db, "national-2016", None)
    revisions.change(db, second.id, edits.removed(1))
    revisions.adopt(db, second.id, on=date(2026, 11, 1), number="13", now=NOW)
    assert queries.preview_pdf(db, fresh) == bound
    assert [(each.number, each.state) for each in revisions.everyone(db)] == [(2, "adopted"), (1, "retired")]


def test_what_is_adopted_never_changes_even_by_hand(db):
    row = revisions.derive(db, "national-2016", None)
    revisions.adopt(db, row.id, on=date(2026, 10, 1), number="", now=NOW)
    with pytest.raises(Conflict, match="ne se modifie plus"):
        revisions.change(db, row.id, edits.removed(1))
    forbidden = (
        "set content = '{}'",
        "set state = 'draft'",
        "set number = 9",
        "set deliberation_number = 'x'",
    )
    for statement in (
        *(f"update type_revisions {change}" for change in forbidden),
        "delete from type_revisions",
    ):
        with pytest.raises(DBAPIError, match=r"never changes|permission denied"), db.begin_nested():
            db.execute(text(statement))


def test_a_revision_travels_to_another_school_as_one_file(db):
    row = revisions.derive(db, "national-2016", None)
    revisions.change(db, row.id, edits.edited(5, "Article 5 - Gratification", "Chez nous."))
    copy = revisions.take_in(db, json.dumps(row.content).encode(), None)
    assert (copy.digest, copy.state, copy.number) == (row.digest, "draft", 2)


def test_a_fault_leaves_the_draft_as_it_was(db):
    row = revisions.derive(db, "national-2016", None)
    before = row.digest
    with pytest.raises(DomainError, match="accolade"):
        revisions.change(db, row.id, edits.edited(5, "Article 5 - G", "{{ 7*7 }}"))
    assert row.digest == before


def test_too_many_articles_are_refused():
    pieces = tuple(Piece(f"Article {n} - x", "x") for n in range(1, 90))
    with pytest.raises(InvalidType, match="80 articles"):
        built(replace(derived("national-2016"), pieces=pieces))


def test_adopting_is_for_the_head_and_needs_a_past_date(signed_in, db):
    office, head, page = signed_in(OFFICE), signed_in(HEAD), f"/ecole/{UAI}/convention-type"
    one = office.post(page).location
    assert office.post(f"{one}/adopter", data={"on": "01/10/2026"}).status_code == 404
    for wrong in ("", "31/02/2026", "01/10/2190"):
        assert head.post(f"{one}/adopter", data={"on": wrong}).status_code == 422
    assert head.post(f"{one}/adopter", data={"on": "01/10/2026"}).status_code == 302
    assert head.post(f"{one}/adopter", data={"on": "01/10/2026"}).status_code == 409
    assert office.get(f"{one}/apercu.pdf").data.startswith(b"%PDF-")
    assert json.loads(office.get(f"{one}/export.json").data)["base"] == "national-2016"
    assert head.post(f"{one}/retirer").status_code == 302


def test_no_article_hides_behind_another_s_number():
    base = derived("national-2016")
    hidden = replace(base, pieces=(Piece("Article 1 - Cachée", "Clause.", 5), *base.pieces))
    with pytest.raises(InvalidType, match="même article du modèle"):
        built(hidden)
    twice = edits.added(18, "Divers", "Un.")(base)
    twice = edits.added(19, "Divers", "Deux.")(twice)
    assert [each.spans[0].text for each in differences(base, twice, Effort())] == ["Un.", "Deux."]


def test_a_title_of_the_school_s_own_keeps_the_numbers_it_cites():
    content = edits.added(18, "Rappel de l’article 5 du règlement", "Texte.")(derived("national-2016"))
    assert built(content).articles[18].heading == "Article 19 - Rappel de l’article 5 du règlement"


def test_an_article_that_does_not_exist_is_not_found(signed_in):
    office = signed_in(OFFICE)
    one = office.post(f"/ecole/{UAI}/convention-type").location
    for number in (0, 99):
        assert office.post(f"{one}/articles/{number}", data={"title": "x", "text": "y"}).status_code == 404


def test_one_revision_is_in_force_at_a_time(db):
    first, second = (revisions.derive(db, "national-2016", None) for _ in range(2))
    revisions.adopt(db, first.id, on=date(2026, 10, 1), number="", now=NOW)
    with pytest.raises(DBAPIError), db.begin_nested():
        db.execute(text("update type_revisions set state = 'adopted' where id = :id"), {"id": second.id})


def test_a_draft_on_a_model_that_nothing_kept_yet_can_be_read(db):
    content = derived("bts-stage")
    assert db.get(BaseType, content.base_digest) is None
    assert revisions.kind_of(db, revisions.open_draft(db, content, None)).articles


def test_another_model_s_file_is_refused_before_it_says_adopted(db):
    content = derived("agricole")
    with pytest.raises(DomainError, match="ne les changerait pas"):
        revisions.take_in(db, json.dumps(dumped(content)).encode(), None)
    row = revisions.open_draft(db, content, None)
    with pytest.raises(DomainError, match="ne les changerait pas"):
        revisions.adopt(
            db, row.id, on=date(2026, 9, 1), number="1", now=datetime(2026, 11, 23, 9, tzinfo=UTC)
        )
