"""What an attestation may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class TooEarly(DomainError):
    """An attestation is signed on the last day at the earliest (education code, D124-9)."""

    sentence = "L’attestation se signe le dernier jour de la période, le {day}."


class NegativeFigures(DomainError):
    """A number of days or an amount is below zero."""

    sentence = "Un nombre de jours ou un montant ne peut pas être négatif."
    field = "effective_days"


class MoreThanTheDates(DomainError):
    """More days are attested than there are between the dates of the placement."""

    sentence = "La période compte {dates} jours en tout, du premier au dernier : pas davantage de présence."
    field = "effective_days"


class MoreThanPlanned(DomainError):
    """More days are attested than the hours plan, and nobody says why."""

    sentence = (
        "Les horaires de la convention prévoient {planned} jours : dites pourquoi il y en a eu davantage."
    )
    field = "reason"


class OtherGratification(DomainError):
    """The euros are not those of the days at the convention's rate, and nobody says why."""

    sentence = "Gratification : {wanted}. Corrigez le montant, ou dites pourquoi il diffère."
    field = "reason"


class AlreadyAttested(Conflict):
    """The host has attested what was done: nothing is left to amend."""

    sentence = (
        "L’attestation de cette période est déjà préparée ou signée : un avenant ne peut plus la changer."
    )
