"""Signature requests, their signers and the links that lead to the ceremony."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, and_, func, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pfmp_saas.core.database import Base, TenantOwned
from pfmp_saas.core.moves import Moving
from pfmp_saas.signing.states import (
    BATCH_ITEM_MOVES,
    REMARK_MOVES,
    REQUEST_MOVES,
    SIGNER_MOVES,
    Manner,
    SignerState,
)


class SignatureRequest(Moving, Base):
    """A frozen document and the signatures it awaits.

    ``subject_kind`` and ``subject_id`` name what is signed (``convention``, ``attestation``);
    ``frozen_hash`` is the SHA-256 of the certified revision, the one every signer is shown;
    ``timestamped`` says that it promises an authority's time on every signature and at its closing;
    ``in_order`` that each is invited when the one before has signed;
    ``replaces`` is the frozen hash of the version that this one corrects, ``replacement_reason`` why;
    ``state`` is one of :class:`pfmp_saas.signing.states.RequestState`;
    ``erased_at`` is when its people and its file were erased, at the end of its retention.
    """

    __moves__ = REQUEST_MOVES
    __tablename__ = "signature_requests"

    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID] = mapped_column(index=True)
    title: Mapped[str]
    evidence_subject: Mapped[str]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"))
    frozen_hash: Mapped[str]
    frozen_length: Mapped[int]
    timestamped: Mapped[bool] = mapped_column(default=False)
    in_order: Mapped[bool] = mapped_column(default=False)
    replaces: Mapped[str | None]
    replacement_reason: Mapped[str | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    signers: Mapped[list["Signer"]] = relationship(order_by="Signer.position", back_populates="request")


class Signer(Moving, Base):
    """One signature to give: a capacity, which is also the name of a field in the PDF.

    ``signed_at`` is the act, ``event_hash`` its event, ``sealed_at`` when the signature entered the document.
    ``reminded_at`` is when a reminder last left, ``opened_at`` when somebody first touched the page behind a link.
    ``replaced_at`` is when an amendment gave the place to another, ``readdressed_at`` when the school corrected the
    address: links made before it are dead. ``questioned_at`` is since when the person says not to be the one to sign.
    ``handed_at`` is when the office noted that a person without an address has a copy on paper, ``handed_by`` who noted.
    ``manner`` is electronic, paper or carried; ``email`` is empty for who can sign on paper only.
    ``code_hash`` is that of the code that was mailed, good until ``code_until`` and for a few ``code_tries``.
    ``carries_id`` is the signature given on an earlier version that stands for this one unless its signer opposes it, at
    ``objected_at``, or signs this version.
    """

    __moves__ = SIGNER_MOVES
    __tablename__ = "signers"
    __table_args__ = (UniqueConstraint("request_id", "field"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signature_requests.id"), index=True)
    position: Mapped[int]
    field: Mapped[str]
    capacity: Mapped[str]
    name: Mapped[str]
    email: Mapped[str] = mapped_column(index=True)
    signed_at: Mapped[datetime | None]
    event_hash: Mapped[str | None]
    sealed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal_reason: Mapped[str | None]
    reminded_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    readdressed_at: Mapped[datetime | None]
    questioned_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    handed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("accounts.id"))
    code_hash: Mapped[bytes | None]
    code_until: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    carries_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("signers.id"), index=True)
    objected_at: Mapped[datetime | None]
    manner: Mapped[str] = mapped_column(default=Manner.ELECTRONIC, server_default=Manner.ELECTRONIC)
    paper: Mapped["PaperSignature | None"] = relationship(back_populates="signer")
    request: Mapped[SignatureRequest] = relationship(back_populates="signers")
    carries: Mapped["Signer | None"] = relationship(remote_side="Signer.id", foreign_keys=[carries_id])

    @property
    def is_carrying(self) -> bool:
        """Tell whether a signature given before will stand for this one: nothing is asked of the signer."""
        unanswered = self.state == SignerState.INVITED
        return unanswered and self.carries_id is not None and self.objected_at is None


ASKED = and_(
    Signer.state == SignerState.INVITED, or_(Signer.carries_id.is_(None), Signer.objected_at.is_not(None))
)
"""A signature that is asked, and that none given before will stand for."""


class PaperSignature(TenantOwned, Base):
    """A signature given on paper: the person who saw the original and keeps it at the school, the day of signing, the scan.

    ``signed_on`` is the day written on the paper; ``voucher_capacity`` is the French office of who saw it.
    """

    __tablename__ = "paper_signatures"

    signer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signers.id"), unique=True)
    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signature_requests.id"), index=True)
    signed_on: Mapped[date]
    scan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_files.id"))
    scan_sha256: Mapped[str]
    voucher_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    voucher_name: Mapped[str]
    voucher_email: Mapped[str]
    voucher_capacity: Mapped[str]
    vouched_at: Mapped[datetime]
    signer: Mapped[Signer] = relationship(back_populates="paper")


class SignerRemark(Moving, Base):
    """What a signer says of what is asked: not the right person, a name misspelled, something to correct.

    ``kind`` is one of :class:`pfmp_saas.signing.states.RemarkKind`; ``about`` is who, or which field, ``words`` the rest.
    """

    __moves__ = REMARK_MOVES
    __tablename__ = "signer_remarks"

    signer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signers.id"), index=True)
    kind: Mapped[str]
    about: Mapped[str]
    words: Mapped[str]
    told_at: Mapped[datetime]
    answer: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[uuid.UUID | None]
    signer: Mapped[Signer] = relationship()


class SigningLink(TenantOwned, Base):
    """A link to the ceremony. Only the hash of its secret is stored; opening it changes nothing."""

    __tablename__ = "signing_links"

    signer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signers.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]


class SigningBatch(TenantOwned, Base):
    """What one person chose to sign together, signed in under his or her own account, with one consent."""

    __tablename__ = "signing_batches"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    consent_text: Mapped[str]
    opened_at: Mapped[datetime]
    items: Mapped[list["SigningBatchItem"]] = relationship(order_by="SigningBatchItem.position")


class SigningBatchItem(Moving, Base):
    """One document of a batch, with the hash that was shown; ``state`` is waiting, signed or skipped."""

    __moves__ = BATCH_ITEM_MOVES
    __tablename__ = "signing_batch_items"
    __table_args__ = (UniqueConstraint("batch_id", "signer_id"),)

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signing_batches.id"), index=True)
    signer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("signers.id"))
    position: Mapped[int]
    title: Mapped[str]
    shown_hash: Mapped[str]
    reason: Mapped[str | None]
    done_at: Mapped[datetime | None]
