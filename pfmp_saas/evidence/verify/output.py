"""A report as people and scripts read it: French text, plain JSON values."""

from pfmp_saas.evidence.verify.report import CarriedSeen, PaperSeen, Report, SignerSeen


def as_dict(report: Report) -> dict[str, object]:
    """Return the report as plain JSON values; times are ISO 8601 in UTC."""
    return {
        "ok": report.ok,
        "source": report.source,
        "checks": [
            {
                "name": check.name,
                "ok": check.ok,
                "result": "ok" if check.ok else "failed",
                "reason": check.reason,
            }
            for check in report.checks
        ],
        "signatures": [_signer(signer) for signer in report.signers],
        "fingerprint": report.fingerprint,
        "frozen_hash": report.frozen_hash,
        "school": report.school,
        "uai": report.uai,
        "subject": report.subject,
        "kind": report.kind,
    }


def _signer(signer: SignerSeen) -> dict[str, object]:
    return {
        "field": signer.field,
        "name": signer.name,
        "capacity": signer.capacity,
        "school": signer.school,
        "uai": signer.uai,
        "at": signer.at.isoformat() if signer.at else None,
        "certificate_sha256": signer.certificate_sha256,
        "intact": signer.intact,
        "manner": "paper" if signer.paper else "carried" if signer.carried else "electronic",
        "paper": _paper_values(signer.paper) if signer.paper else None,
        "carried": _carried_values(signer.carried) if signer.carried else None,
    }


def _carried_values(carried: CarriedSeen) -> dict[str, object]:
    return {
        "signer": carried.signer,
        "capacity": carried.capacity,
        "signed_on": carried.signed_on.isoformat(),
        "version": carried.version,
        "act": carried.act,
    }


def _paper_values(paper: PaperSeen) -> dict[str, object]:
    return {
        "signer": paper.signer,
        "capacity": paper.capacity,
        "signed_on": paper.signed_on.isoformat(),
        "scan_sha256": paper.scan_sha256,
    }


def as_text(report: Report) -> str:
    """Return the report as a person reads it."""
    subject = "Paquet de preuve" if report.source == "bundle" else "Document"
    verdict = f"{subject} intact et complet." if report.ok else f"{subject.upper()} NON CONFORME."
    lines = [verdict]
    lines += [f"  {'oui' if check.ok else 'NON'}  {check.name} : {check.reason}" for check in report.checks]
    if report.signers:
        lines.append("Signatures :")
    for signer in report.signers:
        when = signer.at.strftime("le %d/%m/%Y à %H:%M:%S UTC") if signer.at else "à une date illisible"
        lines.append(f"  {signer.sentence}, {when}{'' if signer.intact else ' (ALTÉRÉE)'}")
    lines.append(f"Empreinte SHA-256 du fichier : {report.fingerprint}")
    return "\n".join(_printable(line) for line in lines)


def _printable(line: str) -> str:
    """Return a line without control characters: a hostile file must not steer the terminal."""
    return "".join(letter if letter.isprintable() or letter in "\u00a0\u202f" else "�" for letter in line)
