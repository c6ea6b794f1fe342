"""States of an import of files."""

from enum import StrEnum

from pfmp_saas.core.moves import Moves


class ImportState(StrEnum):
    """Waiting for the person who looks at its dry run, written, or taken back."""

    WAITING = "waiting"
    DONE = "done"
    UNDONE = "undone"


def _refusal(state: str) -> str:
    return {
        ImportState.DONE: "Ces fichiers sont déjà importés.",
        ImportState.UNDONE: "Cet import a déjà été annulé.",
    }.get(ImportState(state), "Ces fichiers ne sont pas encore importés.")


IMPORT_MOVES = Moves(
    {
        (ImportState.WAITING, "import"): ImportState.DONE,
        (ImportState.DONE, "undo"): ImportState.UNDONE,
    },
    _refusal,
)
