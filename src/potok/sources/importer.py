"""Imports one DAG file in this very process, which exists for that alone: `python -m potok.sources.importer`.

The answer goes to a private descriptor as a length and MessagePack, so that whatever the file prints is nobody's
business. Never returns to the interpreter: threads that the file left behind end with the process.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import importlib.machinery
import os
import sys
import traceback
from pathlib import Path
from types import CodeType, TracebackType

from potok.authoring.location import shown_path
from potok.authoring.registry import build_file
from potok.model.errors import DagError, PotokError
from potok.sources.closure import Closure, data_files, loaded_files
from potok.sources.imported import FoundFailure, Imported

_TRACEBACK_MAX_CHARS = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m potok.sources.importer", description=__doc__)
    parser.add_argument("file", help="the DAG file, relative to the folder")
    parser.add_argument("--root", required=True, help="the DAG folder")
    parser.add_argument("--answer-fd", type=int, default=1, help="descriptor that the answer is written to")
    parser.add_argument("--stack-after", type=float, default=0.0, help="seconds until the stack is told on stderr")
    given = parser.parse_args()
    answer_fd = os.dup(given.answer_fd)  # not inherited by what the file starts
    if given.answer_fd > 2:
        os.close(given.answer_fd)
    else:
        os.dup2(os.open(os.devnull, os.O_WRONLY), given.answer_fd)
    if given.stack_after:
        faulthandler.dump_traceback_later(given.stack_after)
    sys.argv = [given.file]
    answer = import_file(Path(given.root), given.file)
    _send(answer_fd, answer)
    os._exit(0)


def import_file(root: Path, file: str) -> Imported:
    """The DAGs and the closure of `root/file`; a failure of any kind is part of the answer."""
    path = root / file
    sources = _watch_sources(root)
    opened = _watch_opened(root)
    closure = Closure(root, path)
    globs: tuple[str, ...] = ()
    try:
        built = build_file(path, root)
        globs = tuple(dict.fromkeys(pattern for dag in built.values() for pattern in dag.files))
        for found in (path, *loaded_files(root, sources)):
            closure.add(found)
        closure.files |= _data(root, path, globs)
        dags = tuple(dag.dag for dag in built.values())
        failure = None
    except BaseException as error:
        for found in (path, *loaded_files(root, sources)):
            closure.add(found)
        closure.files |= {found for found in map(Path, opened) if found.is_file()}
        dags, failure = (), _failure(error, root, file)
    return Imported(
        dags,
        {each.relative_to(root).as_posix(): sources.get(str(each), "") for each in sorted(closure.files)},
        tuple((Path(file).parent / pattern).as_posix() for pattern in globs),
        frozenset(closure.wanted),
        failure,
    )


def _data(root: Path, path: Path, globs: tuple[str, ...]) -> set[Path]:
    try:
        return data_files(root, path.parent, globs)
    except ValueError as error:
        raise DagError(str(error), location=path.relative_to(root).as_posix()) from None


def _watch_sources(root: Path) -> dict[str, str]:
    """From now on modules under `root` are compiled from their text, never from a cache, and remembered by hash.

    A cached `.pyc` is trusted by second and size, so an edit within the same second would go unseen.
    """
    sys.dont_write_bytecode = True
    seen: dict[str, str] = {}
    prefix = f"{root}/"
    cached = importlib.machinery.SourceFileLoader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        if not path.startswith(prefix):
            return cached(self, fullname)
        data = self.get_data(path)
        seen[path] = hashlib.sha256(data).hexdigest()
        return self.source_to_code(data, path)

    importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign, assignment]
    return seen


def _watch_opened(root: Path) -> set[str]:
    """From now on, files under `root` that are opened: what a broken file has read may be what is to be mended."""
    opened: set[str] = set()
    prefix = f"{root}/"

    def hear(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(prefix):
            opened.add(arguments[0])

    sys.addaudithook(hear)
    return opened


def _failure(error: BaseException, root: Path, file: str) -> FoundFailure:
    inside = _first_line_inside(error, root)
    if isinstance(error, DagError):
        return FoundFailure(error.sentence, _relative(error.location or inside or file, root))
    told = traceback.format_exception(type(error), error, _from_user_code(error.__traceback__, root))
    text = "".join(told)[-_TRACEBACK_MAX_CHARS:]
    if isinstance(error, SyntaxError):
        line = f"{_relative(error.filename or file, root)}:{error.lineno or 1}"
        return FoundFailure(f"this is not valid Python: {error.msg}", line, text)
    if isinstance(error, SystemExit):
        code = "" if error.code is None else f" ({error.code!r})"
        message = (
            f"the file ends the process while it is imported: sys.exit{code}; put it under if __name__ == '__main__'"
        )
        return FoundFailure(message, inside or file)
    if isinstance(error, ModuleNotFoundError) and error.name:
        hint = f"install it where the server runs, or put {error.name.partition('.')[0]}.py into the DAG folder"
        return FoundFailure(f"there is no module {error.name!r}: {hint}", inside or file, text)
    if isinstance(error, PotokError):
        return FoundFailure(str(error), inside or file)
    if isinstance(error, RecursionError):
        return FoundFailure("the import recurses without end", inside or file, text)
    return FoundFailure(f"{type(error).__name__}: {_sentence(error)}", inside or file, text)


def _first_line_inside(error: BaseException, root: Path) -> str:
    """`file:line` of the innermost frame of the user's code that the error went through."""
    lines = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in lines if frame.filename.startswith(f"{root}/")]
    return f"{_relative(inside[-1].filename, root)}:{inside[-1].lineno}" if inside else ""


def _from_user_code(trace: TracebackType | None, root: Path) -> TracebackType | None:
    """Without the frames of ours and of the import system above the file."""
    first = trace
    while first is not None and not first.tb_frame.f_code.co_filename.startswith(f"{root}/"):
        first = first.tb_next
    return first


def _relative(location: str, root: Path) -> str:
    return shown_path(location.removeprefix(f"{root}/"))


def _sentence(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "(its message cannot be shown)"


def _send(answer_fd: int, answer: Imported) -> None:
    import msgspec

    try:
        data = msgspec.msgpack.encode(answer)
    except Exception as error:  # a value from the file that slipped through: still a sentence for its author
        lost = FoundFailure(f"the DAGs of this file cannot be stored: {error}", next(iter(answer.files), ""))
        data = msgspec.msgpack.encode(Imported(files=answer.files, failure=lost))
    data = len(data).to_bytes(8, "big") + data
    while data:
        data = data[os.write(answer_fd, data) :]


if __name__ == "__main__":
    main()
