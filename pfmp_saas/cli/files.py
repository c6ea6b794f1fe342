"""Reading the files that commands are given."""

from pathlib import Path

from pfmp_saas.core.console import BadInput
from pfmp_saas.core.json_data import InvalidData, loads

LARGEST = 5_000_000  # bytes; a convention is a few kilobytes


def read_json(file: Path) -> object:
    """Return the JSON value of a file in UTF-8. Raises BadInput with the reason in one line."""
    content = read_bytes(file, LARGEST)
    try:
        return loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} : le fichier n’est pas en UTF-8") from error
    except InvalidData as error:
        raise BadInput(f"{file} : {error}") from error


def read_bytes(file: Path, largest: int) -> bytes:
    """Return a file's bytes, ``largest`` at most. Raises BadInput with the reason in one line."""
    try:
        with file.open("rb") as stream:
            content = stream.read(largest + 1)
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} : {getattr(error, 'strerror', None) or error}") from error
    if len(content) > largest:
        raise BadInput(f"{file} : fichier de plus de {largest // 1_000_000} Mo")
    return content
