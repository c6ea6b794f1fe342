"""What an amendment may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NotSigned(Conflict):
    """Only a signed convention is amended."""

    sentence = "Un avenant modifie une convention signée ; celle-ci ne l’est pas."


class AlreadyOpen(Conflict):
    """One amendment at a time is drafted or in signature."""

    sentence = "Un avenant de cette convention est déjà en préparation ou en signature : terminez-le d’abord."


class NotDraft(Conflict):
    """An amendment that was sent is no longer edited."""

    sentence = "Cet avenant est déjà parti en signature : il ne se modifie plus."


class NothingChanged(DomainError):
    """The amendment changes nothing."""

    sentence = "Rien ne change encore : modifiez au moins un élément de la convention."


class Blocked(DomainError):
    """Findings of the law or of the type block the sending."""

    sentence = "L’avenant ne peut pas partir : {count} point(s) à corriger d’abord."


class Stale(Conflict):
    """The convention is no longer the one that the draft began with."""

    sentence = "La convention a changé depuis que ce brouillon est ouvert : abandonnez-le et recommencez."


class NoReason(DomainError):
    """The amendment gives no reason."""

    sentence = "Dites pourquoi, sans aucun détail de santé : ce texte est imprimé."
    field = "reason"


class InSignature(Conflict):
    """What is attested must be what was agreed: an amendment that is in signature comes first."""

    sentence = "Un avenant de cette convention est en signature : l’attestation se signe quand il est signé, refusé ou retiré."
