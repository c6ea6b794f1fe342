"""The flow is whole: every event is followed or is known to be followed by nothing, and the documentation says it."""

from pathlib import Path

import pytest

from pfmp_saas.cli.flow import page
from pfmp_saas.core import events
from pfmp_saas.core.events import AccidentDeclared, emit
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.workflows.flow import DUE, FLOW

TOP = Path(__file__).parents[2]


def test_the_documentation_is_printed_from_the_registry():
    assert (TOP / "docs" / "flow.md").read_text(encoding="utf-8") == page()


def test_every_event_has_its_step_and_every_due_thing_its_function():
    assert {step.event for step in FLOW} == set(events.kinds().values())
    assert len(FLOW) == len({step.event for step in FLOW})
    assert set(DUE) == set(DueKind)


def test_what_a_reaction_says_of_itself_is_one_sentence():
    functions = [each for step in FLOW for each in (*step.inside, *step.after)] + list(DUE.values())
    for function in functions:
        assert (function.__doc__ or "").strip().splitlines()[0].endswith("."), function


def test_an_event_in_a_process_that_follows_nothing_is_refused(monkeypatch):
    monkeypatch.setattr(events, "_INSIDE", {})
    with pytest.raises(LookupError, match="nothing would follow"):
        emit(None, AccidentDeclared(subject_id=None, at=None))
