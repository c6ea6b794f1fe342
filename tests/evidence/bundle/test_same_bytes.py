"""The proof bundle of a convention is the same, byte for byte, however often it is asked for."""

import io
import zipfile
from datetime import timedelta

from pfmp_saas.signing.models import SignatureRequest
from pfmp_saas.signing.proof import proof_bundle


def test_a_bundle_asked_for_twice_is_the_same(around):
    identifier = around.signed()
    around.process.round()
    bundles = []
    for _ in range(2):
        with around.inside() as session:
            bundles.append(proof_bundle(session, session.get_one(SignatureRequest, identifier)))
        around.now += timedelta(days=40)
    assert bundles[0] == bundles[1]
    dates = {member.date_time for member in zipfile.ZipFile(io.BytesIO(bundles[0])).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}  # no instant of the machine
