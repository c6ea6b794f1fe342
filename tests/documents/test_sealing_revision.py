"""An act's revision, written without pyHanko's reader: to the byte what its incremental writer writes."""

from functools import cache
from io import BytesIO

import pytest

from pfmp_saas.documents.sealing import writer
from pfmp_saas.documents.sealing.appearance import form
from pfmp_saas.documents.sealing.objects import dictionary, name, reference
from pfmp_saas.documents.sealing.revision import Revision
from pfmp_saas.documents.sealing.values import SealingError
from tests.support.sealed_pdf import CAPACITIES, NOW, rendering, shown, stamped, world

FIELDS = list(CAPACITIES)


def by_pyhanko(pdf, field, signature, shape):
    """Fill a field by pyHanko's reader and writer."""
    update = writer.open_for_update(pdf)
    entry = next(e for e in update.catalogue["/AcroForm"]["/Fields"] if e.get_object()["/T"] == field)
    filled = entry.get_object()
    left, bottom, right, top = (float(side) for side in filled["/Rect"])
    font = update.catalogue["/AcroForm"]["/DR"]["/Font"].raw_get("/PFMP")
    filled[name("/V")] = update.add_object(signature)
    drawn = form(shape, right - left, top - bottom, font)
    filled[name("/AP")] = dictionary({"/N": update.add_object(drawn)})
    update.mark_update(entry.reference)
    output = BytesIO()
    update.write(output)
    return output.getvalue()


def by_us(pdf, field, signature, shape):
    """Fill a field by the act's own revision."""
    revision = Revision(pdf, field)
    left, bottom, right, top = revision.box
    revision.fill(signature, form(shape, right - left, top - bottom, reference(revision.font)))
    output = BytesIO()
    revision.write(output)
    return output.getvalue()


@cache
def identity(field):
    """One certificate: its length sets the room that is reserved."""
    return world().key(field)


def unfilled(field, *, stamp=False):
    """An unfilled signature that holds every kind of letter."""
    who = identity(field)
    return writer.signature_object(who, NOW, "Łukasz (Țepeș) \\ é", "Événement ; œ", "Foix", stamped=stamp)


@pytest.mark.parametrize(("step", "field"), list(enumerate(FIELDS)))
def test_each_act_is_what_pyhanko_would_write(same_ids, step, field):
    pdf = world().steps[step]
    ours = by_us(pdf, field, unfilled(field), shown(field, pdf))
    assert ours == by_pyhanko(pdf, field, unfilled(field), shown(field, pdf))
    assert ours.startswith(pdf)


@pytest.mark.parametrize("field", FIELDS)
def test_whatever_the_order_of_the_fields(same_ids, field):
    pdf = world().certified
    ours = by_us(pdf, field, unfilled(field), shown(field, pdf))
    assert ours == by_pyhanko(pdf, field, unfilled(field), shown(field, pdf))


@pytest.mark.parametrize(("step", "field"), list(enumerate(FIELDS)))
def test_with_an_authority_s_time_too(same_ids, step, field):
    pdf = stamped().steps[step]
    ours = by_us(pdf, field, unfilled(field, stamp=True), shown(field, pdf))
    assert ours == by_pyhanko(pdf, field, unfilled(field, stamp=True), shown(field, pdf))


def last_table(pdf):
    return pdf.rindex(b"\nxref\n") + 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf[:-1],
        lambda pdf: pdf.replace(b"%%EOF\n", b"%%EOF \n"),
        lambda pdf: pdf[: last_table(pdf)] + pdf[last_table(pdf) :].replace(b"/Prev ", b"/Prev 9", 1),
        lambda pdf: pdf[: last_table(pdf)] + pdf[last_table(pdf) :].replace(b"\n00000", b"\n00001", 1),
        lambda pdf: pdf.replace(b"/AcroForm ", b"/AcroFrom ", 1),
        lambda pdf: pdf.replace(b"/Fields [ ", b"/Fields [ 9999 0 R ", 1),
        lambda _pdf: rendering(),
    ],
)
def test_what_was_not_written_here_is_not_signed(spoil):
    """Each of these is a file that some reader would take: it is refused rather than read another way."""
    pdf = spoil(world().steps[2])
    with pytest.raises(SealingError):
        by_us(pdf, "student", unfilled("student"), shown("student", world().certified))
