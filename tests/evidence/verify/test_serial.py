"""A certificate whose serial number no authority may give is refused, and nothing is written beside the verdict."""

import warnings
from datetime import timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding

from pfmp_saas.documents.sealing.authority import make_root
from pfmp_saas.evidence.verify.trust import load_roots, read_certificate
from tests.support.clock import NOW


@pytest.mark.parametrize("serial", [0, -5])
def test_a_serial_number_is_positive(serial):
    (root,) = load_roots(make_root("Racine", NOW - timedelta(days=1)).certificate_pem.encode())
    der = root.public_bytes(Encoding.DER)
    assert read_certificate(der) == root
    forged = asn1_x509.Certificate.load(der)
    forged["tbs_certificate"]["serial_number"] = serial
    with warnings.catch_warnings(), pytest.raises(ValueError, match="nombre positif"):
        warnings.simplefilter("error")
        read_certificate(forged.dump(force=True))
