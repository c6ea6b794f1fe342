"""What a convention may be refused for."""

from pfmp_saas.core.errors import Conflict, DomainError


class NotDraft(Conflict):
    """A convention that was sent is no longer edited."""

    sentence = "Cette convention est déjà partie en signature : elle ne se modifie plus."


class Blocked(DomainError):
    """Findings of the law or of the type block the sending."""

    sentence = "La convention ne peut pas partir : {count} point(s) à corriger d’abord."


class NoCorrection(DomainError):
    """A correction changes nothing, or does not say why."""

    sentence = "Dites ce qui est corrigé et pourquoi, et changez au moins une chose."
    field = "reason"


class SignersMissing(DomainError):
    """A signer has no name or no address."""

    sentence = "Le nom ou l’adresse électronique manque pour : {who}. Sans eux, personne ne peut signer."


class NoHead(DomainError):
    """Nobody heads the school in the service: no one could sign for it."""

    sentence = (
        "L’établissement n’a pas de chef d’établissement en fonction dans le service : personne ne peut signer pour lui. "
        "Écrivez à l’exploitant de la plateforme."
    )


class NotReferent(DomainError):
    """The referent named by the convention holds no such role in the school."""

    sentence = (
        "{email} n’est pas enseignant référent de l’établissement : choisissez un enseignant de la liste, "
        "ou ouvrez-lui d’abord un accès sous « Équipe »."
    )


class NoOverride(DomainError):
    """The law allows no derogation on this point."""

    sentence = "La loi ne permet aucune dérogation sur ce point : il faut corriger la convention."


class NoMotive(DomainError):
    """The derogation gives no reason, or one that is too long."""

    sentence = "Motivez la dérogation (10 à {longest} caractères)."
    field = "reason"


class FullOfFilters(Conflict):
    """A member keeps as many filters as one may."""

    sentence = "Vous gardez déjà douze filtres : supprimez-en un d’abord."
