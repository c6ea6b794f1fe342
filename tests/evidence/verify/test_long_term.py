"""Long-term validation (ETSI EN 319 102-1) by pyHanko's AdES engine, when the acts' certificates have long expired."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.policy_decl import PdfSignatureValidationSpec, SignatureValidationSpec
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.context import ValidationTimingInfo as Timing
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from pfmp_saas.documents.sealing.authority import make_root, make_tenant_authority
from pfmp_saas.documents.sealing.close import close
from tests.support.sealed_pdf import CAPACITIES, NOW, SCHOOL, UAI, certificates_of, stamped, stamper

YEARS_LATER = NOW + timedelta(days=4000)


pytestmark = pytest.mark.usefixtures("quiet")


def judged(pdf, when):
    """The engine's word on each act, by field; nothing is fetched, the roots are pinned."""
    roots = [
        *load_certs_from_pemder_data(stamped().world.trust[0]),
        *load_certs_from_pemder_data(stamped().tsa.root_pem),
    ]
    rule = RevocationCheckingRule.CHECK_IF_DECLARED
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots),
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(rule, rule)),
    )
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(cert_validation_policy=policy))
    timing = Timing(validation_time=when, best_signature_time=when, point_in_time_validation=False)
    acts = [
        each
        for each in PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
        if each.field_name in CAPACITIES
    ]

    async def all_of():
        return {
            each.field_name: (await ades_lta_validation(each, spec, timing)).ades_subindic for each in acts
        }

    return asyncio.run(all_of())


@pytest.mark.parametrize(
    "after", [timedelta(minutes=20), timedelta(days=200), timedelta(days=3660), timedelta(days=5000)]
)
def test_every_act_passes_on_the_day_and_years_later(after):
    assert judged(stamped().final, NOW + after) == dict.fromkeys(CAPACITIES, AdESPassed.OK)


def test_the_acts_certificates_have_expired_by_then():
    ends = [path[0].not_valid_after_utc for path in certificates_of(stamped().final)]
    assert max(ends) < YEARS_LATER


def test_without_the_lists_kept_at_the_closing_it_does_not_pass():
    """The negative control: the same file closed with certificates only."""
    open_file = stamped().steps[-2]
    seen = {each for step in certificates_of(open_file) for each in step}
    bare = close(open_file, list(seen), [], stamper(stamped().tsa, NOW + timedelta(minutes=10)))
    assert AdESPassed.OK not in judged(bare, YEARS_LATER).values()


def test_before_the_closing_it_does_not_pass_years_later():
    assert AdESPassed.OK not in judged(stamped().steps[-2], YEARS_LATER).values()


def test_a_changed_byte_does_not_pass():
    pdf = stamped().final
    place = pdf.index(b"/Type /Page")
    changed = pdf[:place] + pdf[place : place + 40].replace(b"/Page", b"/Pagf", 1) + pdf[place + 40 :]
    assert AdESPassed.OK not in judged(changed, YEARS_LATER).values()


def test_the_root_gives_its_list_with_the_authority_it_issues():
    root = make_root("PFMP", NOW)
    authority = make_tenant_authority(root, SCHOOL, UAI, NOW)
    kept = x509.load_pem_x509_crl(authority.root_list_pem.encode())
    issuer = x509.load_pem_x509_certificate(root.certificate_pem.encode())
    certificate = x509.load_pem_x509_certificate(authority.certificate_pem.encode())
    assert kept.is_signature_valid(issuer.public_key())
    assert kept.get_revoked_certificate_by_serial_number(certificate.serial_number) is None
    assert kept.next_update_utc >= certificate.not_valid_after_utc - timedelta(minutes=10)
    assert kept.public_bytes(Encoding.DER)
