"""Any Unicode text in any text field of the convention's form: refused by name or stored, and what is stored is what is shown."""

import unicodedata

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from pfmp_saas.conventions import forms, judging, queries, use_cases
from pfmp_saas.conventions.models import Convention
from pfmp_saas.core.text import hidden
from pfmp_saas.types.loader import get_type

TEXTS = {"text", "tel", "textarea", "lines", "email"}
FIELDS = [
    (step, field) for step in forms.STEPS.values() for field in step.fields if field.kind in TEXTS and field.path != "works"
]  # fmt: skip
ODD = st.text(max_size=40) | st.text(
    st.sampled_from("aé'’- \N{NO-BREAK SPACE}\u202f\u200b\u202e\ufeff\n\r\t\x00\v\u2028•\uf0b7İıœ李Жe\u0301\ud800@.<>&{}*\\"), max_size=20
)  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(place=st.sampled_from(FIELDS), text=ODD)
def test_any_text_is_refused_by_name_or_stored_shown_and_printed(place, text, db, app):
    step, field = place
    row = db.scalars(select(Convention).where(Convention.state == "draft")).one()
    with app.test_request_context():
        texts = forms.step_form(step, row.data, (), formdata=None).texts() | {field.path: text}
        form = forms.step_form(step, row.data, (), formdata=MultiDict(texts))
        values = forms.read(form, step, row.data)
        if form[field.path].errors:
            assert form[field.path].errors[0].strip()
            return
        use_cases.save(db, row.id, forms.merge(row.data, {field.path: values[field.path]}))
        db.expire_all()
        shown = forms.step_form(step, row.data, (), formdata=None)[field.path].text
        again = forms.step_form(step, row.data, (), formdata=MultiDict(texts | {field.path: shown}))
        assert forms.read(again, step, row.data)[field.path] == values[field.path]
    assert unicodedata.is_normalized("NFC", shown)
    assert not list(hidden(shown))
    codes = {each.code for each in judging.findings(db, row) if each.where.startswith(field.path)}
    lacking = set(shown) - get_type("national-2016").profile.printable - {"\n"}
    assert not lacking or "text-unprintable" in codes or not shown
    assert queries.preview_pdf(db, row).startswith(b"%PDF")
    db.rollback()
