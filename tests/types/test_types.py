"""Convention types as data: every sentence of the models is there, nothing unknown gets in."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pfmp_saas.core.json_data import InvalidData
from pfmp_saas.documents.content import Fields, Panel, Run
from pfmp_saas.types import blocks, loader, substitution
from pfmp_saas.types.compose import compose
from pfmp_saas.types.errors import InvalidType, UnknownType
from pfmp_saas.types.revisions.content import derived
from pfmp_saas.types.revisions.file import dumped, read, revision_schema
from pfmp_saas.types.schema import BLOCKS, type_schema
from tests.support.examples import SIGNERS, copy_of, example

ARTICLES = {"national-2016": 18, "agricole": 19, "lycee-pyrene": 21, "bts-stage": 1}


def test_an_unknown_type_is_refused_by_name():
    with pytest.raises(UnknownType, match="licence-pro"):
        loader.get_type("licence-pro")


@pytest.mark.parametrize("slug", loader.available())
def test_a_type_has_its_five_signers_its_articles_and_the_fifteen_mentions(slug):
    kind = loader.get_type(slug)
    assert tuple(signer.name for signer in kind.signers) == SIGNERS
    assert sorted(signer.rank for signer in kind.signers) == [1, 2, 3, 4, 5]
    assert kind.signing_order[-1] == "head"
    assert len(kind.articles) >= ARTICLES[slug]
    assert [mention.number for mention in kind.mentions] == list(range(1, 16))
    assert kind.accident_regime in {"general", "agricultural"}


@pytest.mark.parametrize("slug", loader.available())
def test_the_attestation_asks_for_all_that_d124_9_wants(slug):
    text = json.dumps([str(block) for block in loader.get_type(slug).attestation.blocks])
    for name in ("attestation.days", "attestation.gratification", "attestation.first_day", "host.siret"):
        assert name in text


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("header.json", "{host.phone}", "{host.secret}"),
        ("annexes.json", "{supervision}", "{supervision.__class__}"),
        ("articles.md", "La présente convention", "La {{ 7*7 }} convention"),
        ("attestation.json", "{host.siret}", "{host.siret"),
        ("type.json", "{tutor.name}", "{nobody.name}"),
        ("annexes.json", '"when": "finance.contributes"', '"when": "finance.gives"'),
    ],
)
def test_an_unknown_placeholder_or_a_stray_brace_is_refused_at_load(tmp_path, file, old, new):
    folder = copy_of("national-2016", tmp_path)
    loader.load(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidType):
        loader.load(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"articles": [16]', '"articles": [160]'),
        ('"required": ["objectives"]', '"required": ["never.printed"]'),
        ('"number": 15,', '"number": 16,'),
        ('"adult-hours"', '"adult-hour"'),
        ('"works": [10]', '"works": [100]'),
        ('"overridable": ["sunday"]', '"overridable": ["night"]'),
    ],
)
def test_a_mention_that_nothing_carries_or_a_rule_that_does_not_exist_is_refused_at_load(tmp_path, old, new):
    folder = copy_of("national-2016", tmp_path)
    text = (folder / "type.json").read_text(encoding="utf-8")
    assert old in text
    (folder / "type.json").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InvalidType):
        loader.load(folder)


def test_what_the_national_model_forgets_is_marked_as_ours():
    text = str(loader.get_type("national-2016"))
    for name in ("student.course_hours", "presence.night", "presence.sunday", "internal_rules"):
        field = text[text.index(f"value='{{{name}}}'") :]
        assert field.split(")")[0].endswith("origin='pfmp'")


@given(st.text())
def test_a_value_brings_no_mark_up_and_no_placeholder(value):
    found = substitution.runs("**{a}** fin", {"a": value}.__getitem__)
    assert found == ((Run(value, bold=True),) if value else ()) + (Run(" fin"),)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("student", ["une", "liste"]),
        ("student.birth_date", "2010-02-30"),
        ("student.first_name", 12),
        ("student.course_hours", "beaucoup"),
        ("periods", {"start": "2027-01-11"}),
        ("periods", [{"start": "2027-02-05", "end": "2027-01-11"}]),
        ("periods", ["2027-01-11"]),
        ("timetable", ["08:00"]),
        ("timetable.monday", [["08:00"]]),
        ("timetable.monday", [["25:00", "26:00"]]),
        ("days", {"demain": []}),
        ("works", ["99"]),
        ("works", "28"),
        ("objectives", [None]),
        ("finance.meals", -1),
        ("signers", ["quelqu’un"]),
        ("signers", [{"name": "Deuxième parent", "label": "Parent", "person": "X"}]),
    ],
)
def test_a_wrong_shape_is_refused_and_says_where(path, value):
    data = example("national-2016")
    *parents, last = path.split(".")
    place = data
    for parent in parents:
        place = place[parent]
    place[last] = value
    with pytest.raises(InvalidData) as refused:
        compose(loader.get_type("national-2016"), data)
    assert refused.value.path.startswith(path.split(".")[0])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=5,
)


@given(st.sampled_from(sorted(example("national-2016"))), JSON)
def test_any_json_in_any_place_composes_or_is_refused(key, value):
    data = example("national-2016") | {key: value}
    try:
        compose(loader.get_type("national-2016"), data)
    except InvalidData as error:
        assert error.reason


@pytest.mark.parametrize("slug", loader.available())
def test_nothing_given_prints_blank(slug):
    content = compose(loader.get_type(slug), {})
    assert [signer.name for signer in content.signers] == list(SIGNERS)
    assert {signer.person for signer in content.signers} == {""}


def test_a_second_guardian_and_a_second_tutor_are_more_signers():
    data = example("national-2016")
    data["signers"] = [
        {"name": "guardian_2", "label": "Le second représentant légal", "person": "Paul Fontaine"},
        {"name": "student", "label": "L’élève majeur", "person": "Léa Fontaine"},
    ]
    names = [(s.name, s.person) for s in compose(loader.get_type("national-2016"), data).signers]
    assert names[2] == ("student", "Léa Fontaine")
    assert names[5:] == [("guardian_2", "Paul Fontaine")]


@pytest.mark.parametrize(
    ("placement", "usual", "surplus", "refunded", "euros"),
    [
        (38, 20, "36 km", "36 km", "4,32 €"),
        (100, 5, "190 km", "80 km", "9,60 €"),
        (60, 20, "80 km", "80 km", "9,60 €"),
        (10, 25, "0 km", "0 km", "0,00 €"),
        (None, 25, "", "", ""),
    ],
)
def test_lycee_pyrene_refunds_the_surplus_distance_up_to_its_ceiling(
    placement, usual, surplus, refunded, euros
):
    data = example("lycee-pyrene")
    data["finance"] |= {"placement_km": placement, "usual_km": usual}
    printed = fields_of(compose(loader.get_type("lycee-pyrene"), data))
    assert printed["Surcoût aller-retour par jour :"] == surplus
    assert printed["Distance remboursée, plafonnée :"] == refunded
    assert printed["Remboursement par journée de stage, en véhicule particulier :"] == euros


def fields_of(content) -> dict[str, str]:
    """Every field of a content by its label, blanks plain."""
    found: dict[str, str] = {}

    def walk(blocks):
        for block in blocks:
            if isinstance(block, Fields):
                found.update({item.label: item.value.replace("\xa0", " ") for item in block.items})
            elif isinstance(block, Panel):
                walk(block.blocks)

    for part in content.parts:
        walk(part.blocks)
    return found


@pytest.mark.parametrize(
    ("hours", "days", "printed"),
    [
        ([["08:00", "12:00"], ["13:30", "16:30"]], {}, "20 jours (140 h de présence)"),
        ([["08:00", "12:00"]], {}, "11 jours (80 h de présence)"),
        ([], {}, ""),
        ([["08:00", "12:00"], ["13:30", "16:30"]], {"2027-01-11": []}, "19 jours (133 h de présence)"),
        ([["22:00", "05:30"]], {}, "21 jours (150 h de présence)"),
    ],
)
def test_a_day_is_seven_hours_consecutive_or_not(hours, days, printed):
    data = example("national-2016") | {"days": days}
    data["timetable"] = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), hours)
    assert fields_of(compose(loader.get_type("national-2016"), data))["Soit en nombre de jours* :"] == printed


@pytest.mark.parametrize(
    ("sent", "until"), [("2026-03-02", "02/03/2029"), ("2024-02-29", "28/02/2027"), (None, "")]
)
def test_a_derogation_is_valid_three_years_from_sending(sent, until):
    data = example("agricole")
    data["host"]["derogation_sent_on"] = sent
    assert fields_of(compose(loader.get_type("agricole"), data))["Valable jusqu’au :"] == until


def test_only_the_box_of_the_students_diploma_is_ticked():
    text = str(compose(loader.get_type("lycee-pyrene"), example("lycee-pyrene")).parts[0])
    ticked = [
        piece.split("'")[1] for piece in text.split("Run(text=") if "checked=True" in piece.split("Tick(")[0]
    ]
    assert "Bac Pro Carrosserie Peinture Auto" in ticked
    assert "CAP Maintenance Véhicules" not in ticked


@pytest.mark.parametrize(
    ("place", "flag", "days", "hours"),
    [("21", False, 19, 133), ("67", False, 19, 133), ("67", True, 18, 126)],
)
def test_a_public_holiday_of_the_host_s_place_is_a_day_off_unless_it_is_dated(place, flag, days, hours):
    kind, data = loader.get_type("national-2016"), example("national-2016")
    data["host"] = {**data["host"], "territory": place, "commune_good_friday": flag}
    data["periods"] = [
        {"start": "2027-03-15", "end": "2027-04-09"}
    ]  # Good Friday 26 March, Easter Monday 29 March
    label = "Soit en nombre de jours* :"
    assert fields_of(compose(kind, data))[label] == f"{days} jours ({hours} h de présence)"
    data["days"] = {"2027-03-29": [["08:00", "12:00"], ["13:30", "16:30"]]}
    assert fields_of(compose(kind, data))[label] == f"{days + 1} jours ({hours + 7} h de présence)"


@pytest.mark.parametrize("slug", loader.available())
def test_the_schema_of_types_says_what_a_type_is(slug):
    document = loader.packaged(slug)
    validator = Draft202012Validator(type_schema())
    Draft202012Validator.check_schema(type_schema())
    assert list(validator.iter_errors(document)) == []
    for wrong in (
        {"surprise": 1},
        {"header": [{"kind": "text"}]},
        {"header": [{"kind": "script", "text": "x"}]},
        {"format": "pfmp-type/1"},
    ):
        assert not validator.is_valid(document | wrong), wrong


def test_the_schema_knows_every_kind_of_block():
    assert set(BLOCKS) == set(blocks._KINDS)


def test_the_schema_of_a_school_s_type_is_read_alike_by_a_second_reader():
    Draft202012Validator.check_schema(revision_schema())
    validator = Draft202012Validator(revision_schema())
    good = dumped(derived("agricole"))
    assert validator.is_valid(good)
    for wrong in (
        {"articles": []},
        {"base_digest": "x"},
        {"own_fields": [{"name": "A"}]},
        {"signing_order": [1]},
    ):
        assert not validator.is_valid(good | wrong), wrong
        with pytest.raises(InvalidData):
            read(good | wrong)
