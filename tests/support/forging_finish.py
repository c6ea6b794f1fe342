"""Ways to have another file than the one that the log saw finished: the school's own keys in hand."""

from dataclasses import replace
from datetime import timedelta

from pfmp_saas.documents.sealing.names import EVENT_REASON
from pfmp_saas.evidence.events import read_event, stored
from tests.support.bundled import leaf, school
from tests.support.forging_bundle import canonical_events
from tests.support.sealed_pdf import CAPACITIES, NOW, sign
from tests.support.tampering import FINAL_FIELD


def finish_of(**changed):
    """Rewrite the last event, and a log that holds it: what the operator does who wants another file to be the finished one."""

    def made():
        event = read_event(canonical_events()[-1])
        last = stored(replace(event, **{key: value(event) for key, value in changed.items()}))
        return relogged((*school().events[:-1], last))

    return made


def finished_twice():
    first, again = school().events[-1], read_event(canonical_events()[-1])
    second = stored(replace(again, sequence=again.sequence + 1, previous_hash=first.hash))
    return relogged((*school().events, second))


def relogged(events):
    """Return a bundle of these events, at the end of a log that the true key signs."""
    before = school().leaves
    leaves = (*before, *(leaf(event) for event in events))
    indices = tuple(range(len(before), len(leaves)))
    return replace(school(), events=tuple(events), indices=indices, leaves=leaves).bundle


def other_bytes_signed_alike():
    """The last act signed once more: another file, each of its signatures good, its events the same."""
    base, events = school().world, school().events
    before = school().pdf[: school().pdf.rfind(b"%%EOF", 0, len(school().pdf) - 10) + 6]
    at = NOW + timedelta(minutes=len(CAPACITIES), microseconds=250_000)
    pdf = sign(base, FINAL_FIELD, before, at, None, EVENT_REASON + events[-2].hash)
    assert pdf != school().pdf
    return school().with_pieces(pdf=pdf)
