"""What an account may be refused for."""

from pfmp_saas.core.errors import DomainError, NotFound


class OwnRemoval(DomainError):
    """Nobody takes away one’s own role."""

    sentence = "Vous ne pouvez pas vous retirer vous-même."


class WrongPassword(DomainError):
    """The address or the password is unknown."""

    sentence = (
        "Adresse ou mot de passe inconnus. Vérifiez l’adresse, ou demandez un lien de connexion par courriel."
    )
    field = "password"


class UnknownLink(NotFound):
    """No sign-in link has this secret."""

    sentence = "Ce lien est inconnu : il a peut-être été coupé ou modifié par la messagerie."
