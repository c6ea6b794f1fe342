"""The one table from each event to its reactions, and from each kind of due thing to its function.

`docs/flow.md` is printed from here (`pfmp flow`). A reaction ``inside`` belongs to the transaction of the event: it
does what the next page must show. A reaction ``after`` is the worker's, from the outbox, in a transaction of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from sqlalchemy.orm import Session

from pfmp_saas.core import events
from pfmp_saas.core.events import Event
from pfmp_saas.deadlines.kinds import DueKind
from pfmp_saas.deadlines.models import DueItem
from pfmp_saas.evidence import administration, school
from pfmp_saas.workflows import (
    after_accident,
    after_amendment,
    after_difficulty,
    after_half,
    after_import,
    after_refusal,
    after_remark,
    after_sending,
    after_signature,
    after_withdrawal,
    copies,
    during_placement,
    last_day,
    receipts,
    retention,
    sealing,
)
from pfmp_saas.workflows.context import Around

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Step:
    """The reactions to one event, in order: in its transaction (``inside``), then by the worker (``after``)."""

    event: type[Event]
    inside: tuple[Callable[..., None], ...]
    after: tuple[Callable[..., None], ...]


def on(
    event: type[E],
    *,
    inside: Sequence[Callable[[Session, E], None]] = (),
    after: Sequence[Callable[[Session, E, Around], None]] = (),
) -> Step:
    """Return the step of an event, its reactions checked by type."""
    return Step(event, tuple(inside), tuple(after))


FLOW: tuple[Step, ...] = (
    on(events.SigningOpened, after=[after_sending.plan_reminders]),
    on(events.ConventionSent, after=[after_sending.remember_host]),
    on(events.SignatureGiven, after=[receipts.acknowledge]),
    on(events.HostHalfAnswered, after=[after_half.tell_office]),
    on(events.SignerReaddressed, inside=[after_remark.open_to_address]),
    on(events.SignerRemarked, after=[after_remark.tell_office]),
    on(events.SignerCalled, after=[after_sending.invite_next]),
    on(
        events.SigningCompleted,
        inside=[after_signature.complete],
        after=[after_sending.stop_reminders, copies.plan, retention.plan],
    ),
    on(events.ConventionDiscarded, inside=[retention.forget_draft]),
    on(events.ConventionSigned, after=[last_day.expect, during_placement.expect]),
    on(
        events.AmendmentSigned,
        inside=[after_amendment.change_convention],
        after=[after_amendment.tell_outgoing, last_day.follow_amendment, during_placement.follow_amendment],
    ),
    on(events.AttestationSigned, after=[last_day.stop_asking]),
    on(
        events.SigningRefused,
        inside=[after_refusal.refuse],
        after=[
            after_sending.stop_reminders,
            after_refusal.tell_school,
            after_refusal.tell_signers,
            retention.plan,
        ],
    ),
    on(
        events.SigningWithdrawn,
        inside=[after_withdrawal.withdraw],
        after=[after_sending.stop_reminders, after_refusal.tell_signers, retention.plan],
    ),
    on(events.SigningReplaced, after=[after_sending.stop_reminders, retention.plan]),
    on(events.AccidentRecorded, after=[after_accident.notify_and_plan]),
    on(events.AccidentDeclared, after=[after_accident.stop_reminders]),
    on(events.AccidentWithdrawn, after=[after_accident.stop_reminders]),
    on(events.EvaluationAlarmed, inside=[after_difficulty.take_alarm]),
    on(events.DifficultyTold, after=[after_difficulty.tell_and_plan]),
    on(events.DifficultySettled, after=[after_difficulty.stop_reminders]),
    on(events.SchoolFilesHeld, after=[after_import.plan]),
    on(events.RoleGiven, inside=[administration.role_given]),
    on(events.RoleTaken, inside=[administration.role_taken]),
    on(events.DelegationGiven, inside=[school.delegated]),
    on(events.DelegationEnded, inside=[school.delegation_ended]),
    on(events.SecondFactorReset, inside=[administration.factor_reset]),
    on(events.SchoolOpened, inside=[school.opened]),
    on(events.SettingsChanged, inside=[school.changed]),
    on(events.RevisionAdopted, inside=[school.adopted]),
    on(events.RevisionRetired, inside=[school.retired]),
    on(events.FollowupRecorded, after=[during_placement.stop_reminders]),
)

DUE: Mapping[DueKind, Callable[[Session, DueItem, Around], None]] = MappingProxyType(
    {
        DueKind.UNSIGNED: after_sending.remind_signers,
        DueKind.SEAL: sealing.seal,
        DueKind.CARRY: sealing.carry,
        DueKind.CLOSE: sealing.close,
        DueKind.SIGN: sealing.sign_batch_item,
        DueKind.SEND: sealing.send_item,
        DueKind.COPIES: copies.send_or_wait,
        DueKind.ATTESTATION: last_day.ask_attestation,
        DueKind.EVALUATION: last_day.ask_evaluation,
        DueKind.ACCIDENT: after_accident.remind,
        DueKind.FOLLOWUP: during_placement.remind_referent,
        DueKind.RENEWAL: during_placement.remind_renewal,
        DueKind.DIFFICULTY: after_difficulty.remind,
        DueKind.FORGET: after_import.forget,
        DueKind.RETENTION: retention.end,
    }
)


def install() -> None:
    """Connect the table to :mod:`core.events`; a composition calls it once, before any event is emitted."""
    events.follow({step.event: step.inside for step in FLOW}, {step.event for step in FLOW if step.after})
