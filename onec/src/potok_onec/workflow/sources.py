"""Where the source of a configuration lies on this machine."""

from pathlib import Path

from potok_onec.configuration.cache import default_folder
from potok_onec.repository import RepositoryError, source_at


def source_folder(path: str, ref: str) -> Path:
    """The folder to read; a commit or another place is checked out first. Raises FileNotFoundError with a sentence."""
    try:
        return source_at(path, ref, default_folder())
    except RepositoryError as error:
        raise FileNotFoundError(str(error)) from None
