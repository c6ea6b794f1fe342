"""Addresses that a mail reaches exactly as they are written, wherever they are typed."""

import pytest

from pfmp_saas.core import reading
from pfmp_saas.core.addresses import reachable


@pytest.mark.parametrize("address", [
    "ana@x.example", "o'brien@x.example", "Ana.Roy+stage@X.example", "a@sous.domaine.example", "a@école.example", "a_b-c@x.example",
])  # fmt: skip
def test_what_a_mail_reaches_is_read_in_lower_case(address):
    assert reading.email(address) == address.lower()
    assert reachable(address)


@pytest.mark.parametrize("address", [
    "point..double@x.example", ".a@x.example", "a.@x.example", "é@x.example", "a@x", "a@x..example", "a b@x.example", "a@[127.0.0.1]",
    '"a b"@x.example', "a(commentaire)@x.example", "mailto:a@x.example", "a@x.example,b@x.example", "a\u200b@x.example",
    "a@x.example\u202e", "@x.example", "a@", "a", f"{'a' * 65}@x.example", f"a@{'b' * 250}.example",
])  # fmt: skip
def test_what_could_be_read_otherwise_is_refused(address):
    with pytest.raises(ValueError, match="adresse électronique"):
        reading.email(address)


def test_a_name_around_an_address_gives_the_address():
    assert reading.email("Mme Nom <Nom@X.example>") == "nom@x.example"
    assert reading.email("") is None
