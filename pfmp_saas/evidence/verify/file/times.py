"""The checks of time and trust in a PDF: its certificates, its timestamps, its closing for the long term."""

from datetime import UTC, datetime, timedelta

from pfmp_saas.evidence.verify.file.closing import validation_certificates
from pfmp_saas.evidence.verify.file.document import Signature
from pfmp_saas.evidence.verify.file.sealed_file import SealedFile, some_signatures
from pfmp_saas.evidence.verify.file.signature import read_token, signed_digest
from pfmp_saas.evidence.verify.report import Wrong
from pfmp_saas.evidence.verify.time.timestamp import Stamp, check_stamp, imprint_of, stamp_time
from pfmp_saas.evidence.verify.trust import check_trust

_CLAIM_SKEW = timedelta(minutes=5)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def certificates_trusted(file: SealedFile) -> str:
    """Check that each certificate goes back to a root that the reader gave."""
    if not file.roots:
        raise Wrong("aucune racine de confiance fournie (--trust)")
    some_signatures(file)
    tenant = file.document.statement.tenant
    for signature in file.document.certified:
        signed = file.signed[signature.field]
        check_trust(signed.path, file.roots, at=file.at(signature), now=file.given.now, tenant=tenant)
    return "tous les certificats remontent à la racine de confiance"


def times_stamped(file: SealedFile) -> str:
    """Check that a trusted authority gives each act’s time, in order, where the file says that one must."""
    some_signatures(file)
    stamps = [(act, file.signed[act.field].stamp) for act in file.document.acts]
    if not file.document.statement.timestamped and not any(stamp for _, stamp in stamps):
        return "dates données par le service, sans horodatage d’une autorité (PAdES B-B)"
    last, names = _LONG_AGO, set()
    for act, token in stamps:
        if token is None:
            raise Wrong(f"l’horodatage de la signature « {act.label} » manque")
        stamp = check_stamp(token, imprint_of(file.signed[act.field].signature), file.anchors, file.given.now)
        _check_order(act, stamp, last)
        last = stamp.at
        names.add(stamp.authority)
    return f"chaque signature est horodatée par {', '.join(sorted(names))} (PAdES B-T)"


def _check_order(act: Signature, stamp: Stamp, last: datetime) -> None:
    if act.at is None or stamp.at < act.at - _CLAIM_SKEW:
        raise Wrong(f"l’horodatage de « {act.label} » est antérieur à la signature")
    if stamp.at < last:
        raise Wrong(f"l’horodatage de « {act.label} » est antérieur à celui de la signature précédente")


def closed_for_the_long_term(file: SealedFile) -> str:
    """Check that a document timestamp closes the file over all the certificates, where the file says that one must."""
    closing = file.document.closing
    if closing is None and not file.document.statement.timestamped:
        return "document clos sans horodatage : aucune autorité n’était configurée quand il a été figé"
    if closing is None:
        raise Wrong("l’horodatage de clôture manque")
    pdf = file.document.pdf
    stamp = check_stamp(read_token(pdf, closing), signed_digest(pdf, closing), file.anchors, file.given.now)
    times = [stamp_time(signed.stamp) for signed in file.signed.values() if signed.stamp]
    if times and stamp.at < max(times):
        raise Wrong("l’horodatage de clôture est antérieur à une signature")
    stored = validation_certificates(file.document)
    if any(certificate not in stored for signed in file.signed.values() for certificate in signed.path):
        raise Wrong("les certificats gardés à la clôture ne sont pas ceux des signatures")
    when = stamp.at.strftime("%d/%m/%Y à %H:%M:%S UTC")
    return f"document clos le {when} par {stamp.authority}, avec les certificats de toutes les signatures"
