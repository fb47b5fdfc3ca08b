"""Where the worker and the authoring API meet: importing a DAG file, finding its functions, the ways a task ends.

Never imports the rest of the authoring API: a worker that runs plain functions loads this file alone.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import PurePosixPath
from types import ModuleType

import msgspec

from potok.model.errors import DagError

_MODULE_PREFIX = "potok_dag_"


class Skip(Exception):  # noqa: N818 - it is an ending, not an error
    """Ends a task as skipped; raised by `skip(reason)`."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class TaskCancelled(BaseException):
    """Raised in the main thread of a task that is asked to end. A BaseException: `except Exception` lets it pass."""


class TaskTimeout(BaseException):
    """Raised in the main thread of a task at its deadline."""


class AttemptFacts(msgspec.Struct, frozen=True):
    """What a context may know of the attempt itself."""

    attempt_id: int
    try_number: int
    max_tries: int


def module_name(file: str) -> str:
    """The name a DAG file's module has in every process, so that qualified names of its classes agree everywhere.

    Never the bare stem: a DAG file called `json.py` or `pandas.py` must not take the library's place.
    """
    path = PurePosixPath(file)
    dotted = "__".join((*path.parts[:-1], path.stem))
    return _MODULE_PREFIX + "".join(letter if letter.isalnum() else "_" for letter in dotted)


def import_dag_file(bundle_dir: str, file: str) -> ModuleType:
    """Import a DAG file once in this process; it finds its neighbours before installed packages, after the stdlib.

    Raises what the file raises (SystemExit included), or DagError when it cannot be read as Python.
    """
    name = module_name(file)
    path = f"{bundle_dir}/{file}"
    known = sys.modules.get(name)
    if known is not None and known.__file__ == path:
        return known
    _add_to_path(bundle_dir, str(PurePosixPath(path).parent))
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise DagError("this is not a Python file, so it has no functions to call", location=file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except FileNotFoundError as error:
        sys.modules.pop(name, None)
        if error.filename == path:
            message = "the file is not in the bundle; trigger a new run, which takes the code as it is now"
            raise DagError(message, location=file) from None
        raise
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def _add_to_path(*folders: str) -> None:
    """Before the first site-packages: a neighbour called `queue.py` must not break the standard library."""
    place = next((i for i, entry in enumerate(sys.path) if entry.endswith("-packages")), len(sys.path))
    for folder in reversed(dict.fromkeys(folders)):
        if folder not in sys.path:
            sys.path.insert(place, folder)


def resolve_callable(module: ModuleType | None, qualname: str, *, file: str = "") -> object:
    """The plain callable behind `name`, `Class.name` or `package.module:name`; a decorated task gives its `.function`.

    Raises DagError when nothing callable stands there.
    """
    path = qualname
    found: object = module
    if ":" in qualname:
        package, path = qualname.split(":", 1)
        try:
            found = importlib.import_module(package)
        except ModuleNotFoundError as error:
            raise DagError(f"{qualname!r} cannot be imported: {error}", location=file or None) from None
    for part in path.split("."):
        found = getattr(found, part, None)
    function = getattr(found, "function", found)
    if not callable(function):
        raise DagError(f"there is no function {qualname!r} in this file any more", location=file or None)
    return function
