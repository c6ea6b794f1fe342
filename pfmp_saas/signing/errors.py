"""What a signature may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError, Gone, NotFound


class RemindedToday(Conflict):
    """The school has reminded this person less than a day ago."""

    sentence = "Une relance est déjà partie à cette personne depuis moins de vingt-quatre heures : laissez-lui un jour."


class Closed(Conflict):
    """The request is complete, refused or withdrawn."""

    sentence = "Ce document n’est plus ouvert à la signature."


class Changed(Conflict):
    """The frozen document is not the one that was shown."""

    sentence = (
        "Ce document a changé depuis qu’il vous a été montré. Relisez la version actuelle avant de signer."
    )


class NoConsent(DomainError):
    """The box of consent is not ticked."""

    sentence = "Cochez cette case pour dire que vous consentez à signer."
    field = "consent"


class Questioned(Conflict):
    """The person said not to be the one who is to sign."""

    sentence = "Vous avez dit ne pas être la personne qui doit signer : dites d’abord que c’était une erreur."


class OtherSession(DomainError):
    """Somebody else is signed in on this device."""

    sentence = (
        "Un autre compte est ouvert sur cet appareil : dites que vous êtes bien la personne nommée ici."
    )
    field = "myself"


class SameAddress(DomainError):
    """The address is the one that is there."""

    sentence = "C’est déjà l’adresse à laquelle l’établissement écrit."
    field = "email"


class NotByAddress(Conflict):
    """The address of the school's own people is their account's."""

    sentence = "L’adresse d’une personne de l’établissement est celle de son compte : voyez « Équipe »."


class NoWords(DomainError):
    """A remark says nothing."""

    sentence = "Écrivez ce que l’établissement doit savoir."
    field = "words"


class NoReason(DomainError):
    """A refusal gives no reason."""

    sentence = "Dites pourquoi : l’établissement en a besoin pour corriger la convention."
    field = "reason"


class NothingChosen(DomainError):
    """No document is chosen."""

    sentence = "Cochez au moins un document à signer."
    field = "sign"


class DelegationOver(Conflict):
    """The deputy's delegation is over, or does not cover this document."""

    sentence = (
        "Votre délégation de signature ne couvre pas ce document aujourd’hui. L’établissement le reprend et le renvoie "
        "à qui peut le signer."
    )


class NotYours(NotFound):
    """The signature is no longer asked of this account."""

    sentence = "Cette signature n’est plus la vôtre."


class UnknownLink(NotFound):
    """No signing link has this secret."""

    sentence = (
        "Ce lien est inconnu : il a sans doute été coupé ou modifié par la messagerie. Ouvrez-le "
        "depuis le courriel d’origine, ou demandez-en un nouveau à l’établissement."
    )


class NoCode(DomainError):
    """The school asks for a code, and none was typed."""

    sentence = "Tapez le code reçu par courriel."
    field = "code"


class WrongCode(DomainError):
    """The code is not the one that was mailed."""

    sentence = "Ce n’est pas le code qui vous a été envoyé. Vérifiez le dernier courriel."
    field = "code"


class CodeOver(DomainError):
    """The code is too old, or was missed too often."""

    sentence = "Ce code ne sert plus. Demandez-en un autre."
    field = "code"


class NothingCarried(Conflict):
    """No signature given before would stand for the one that is asked."""

    sentence = "Aucune signature n’est reportée ici : la vôtre est demandée, ou donnée."


class StillOpen(Conflict):
    """A document that is open is not erased."""

    sentence = "Ce document est encore ouvert à la signature."


class Erased(Gone):
    """The document was erased at the end of its retention."""

    sentence = "Ce document a été effacé le {day}, au terme de sa conservation."


class NotComplete(Conflict):
    """The proof exists once all have signed."""

    sentence = "Le paquet de preuve existe quand toutes les signatures sont données."


class NoCheckpointYet(Conflict):
    """No checkpoint of the school’s log covers the document yet."""

    sentence = "Le paquet de preuve sera prêt dès que le journal de l’établissement aura son prochain relevé."


class PaperAnswered(Conflict):
    """The signer has answered already."""

    sentence = "{name} a déjà répondu : rien n’a été enregistré de nouveau."


class PaperNotYet(Conflict):
    """The signer’s turn has not come."""

    sentence = "Ce document se signe dans un ordre : ce n’est pas encore le tour de {name}."


class OwnSignature(DomainError):
    """Nobody vouches for oneself."""

    sentence = "Personne n’atteste sa propre signature : demandez-le à quelqu’un d’autre de l’établissement."
    field = "signer"


class OriginalNotSeen(DomainError):
    """The voucher has not said that the original was seen."""

    sentence = "Cochez cette case si vous avez vu l’original. Sans cela, rien n’est enregistré."
    field = "consent"


class NoPaperDay(DomainError):
    """The day of the paper signature is missing."""

    sentence = "Indiquez le jour de la signature, tel qu’il est écrit sur le papier."
    field = "signed_on"


class FuturePaperDay(DomainError):
    """The day of the paper signature is still to come."""

    sentence = "Ce jour n’est pas encore venu."
    field = "signed_on"


class PaperBeforeFreeze(DomainError):
    """The paper would have been signed before the document existed."""

    sentence = "Ce document a été figé le {opened} : il n’a pas pu être signé avant."
    field = "signed_on"
