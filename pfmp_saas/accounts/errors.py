"""What an account may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError, NotFound


class OwnRemoval(DomainError):
    """Nobody takes away one’s own role."""

    sentence = "Vous ne pouvez pas vous retirer vous-même."


class NotGiven(DomainError):
    """The school gives no such role by itself."""

    sentence = "Cette fonction ne se donne pas ici."


class AlreadyHead(Conflict):
    """The person is the head in office already."""

    sentence = "Cette personne est déjà le chef d’établissement en fonction."


class WrongPassword(DomainError):
    """The address or the password is unknown."""

    sentence = (
        "Adresse ou mot de passe inconnus. Vérifiez l’adresse, ou demandez un lien de connexion par courriel."
    )
    field = "password"


class WrongPresent(DomainError):
    """The present password is not the one typed."""

    sentence = "Ce n’est pas votre mot de passe actuel. Oublié ? Sortez, puis demandez un lien de connexion."
    field = "present"


class WrongAnswer(DomainError):
    """No second factor of the account gave this answer, or it was given before."""

    sentence = (
        "Cette réponse n’est pas la bonne, ou a déjà servi. Attendez le code suivant, ou essayez autrement."
    )
    field = "code"


class WrongPasskey(DomainError):
    """The browser's passkey cannot be kept."""

    sentence = "Cette clé d’accès n’a pas pu être enregistrée. Recommencez, ou prenez une application."


class TooMany(DomainError):
    """The account has as many second factors of a kind as it may."""

    sentence = "Vous en avez déjà beaucoup : retirez-en un d’abord."


class StillRequired(DomainError):
    """The last second factor stays where one is required."""

    sentence = (
        "Une double authentification est exigée de vous : ajoutez un autre moyen avant de retirer celui-ci."
    )


class UnknownLink(NotFound):
    """No sign-in link has this secret."""

    sentence = "Ce lien est inconnu : il a peut-être été coupé ou modifié par la messagerie."


class NotDeputy(DomainError):
    """Whoever is chosen is no deputy of the school."""

    sentence = "Choisissez un adjoint : donnez-lui d’abord cet accès dans l’équipe."
    field = "deputy"


class WrongDates(DomainError):
    """The delegation ends before it begins, or is over before it is given."""

    sentence = "La délégation finit avant de commencer, ou est déjà passée."
    field = "ends_on"


class Overlapping(DomainError):
    """Another delegation on the same documents is in force during these days."""

    sentence = "Une autre délégation couvre déjà ces documents pendant ces jours : mettez-y fin d’abord."
    field = "starts_on"


class DelegationOver(Conflict):
    """The delegation has ended."""

    sentence = "Cette délégation a déjà pris fin."
