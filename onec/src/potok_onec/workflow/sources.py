"""Where the source of a configuration lies on this machine, fetched when it is elsewhere."""

from pathlib import Path

from potok_onec.configuration.cache import default_folder
from potok_onec.repository import RepositoryError, source_at


def source_folder(path: str, ref: str) -> Path:
    """The folder to read for a path or the address of a repository and, with `ref`, for that commit, branch or tag.

    Raises ConnectionError when the repository did not answer, which may mend itself; RepositoryError for what will not.
    """
    try:
        return source_at(path, ref, default_folder())
    except RepositoryError as error:
        if error.code == "not-fetched":
            raise ConnectionError(str(error)) from None
        raise
