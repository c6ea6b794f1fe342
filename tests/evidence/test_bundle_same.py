"""The proof bundle of a convention is the same, byte for byte, however often it is asked for."""

import io
import time
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
        time.sleep(2.1)  # a ZIP member's time has a resolution of two seconds
    assert bundles[0] == bundles[1]
    dates = {member.date_time for member in zipfile.ZipFile(io.BytesIO(bundles[0])).infolist()}
    assert len(dates) == 1
