"""Which line of the user's file is speaking: the first frame outside Potok. Reads frames, never source files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_roots: list[str] = []
_lines: dict[tuple[str, int], str] = {}


def user_location() -> str:
    """`file:line` of the innermost frame that is not ours; relative to the DAG folder while a DAG file is built."""
    frame = _user_frame()
    return file_line(frame.f_code.co_filename, frame.f_lineno) if frame is not None else ""


def file_line(filename: str, line: int) -> str:
    """`filename:line`, short when the file stands in the DAG folder."""
    found = _lines.get((filename, line))
    if found is None:
        found = _lines[filename, line] = f"{shown_path(filename)}:{line}"
    return found


def shown_path(filename: str) -> str:
    """`filename` relative to the DAG folder when it stands there."""
    for root in _roots:
        if filename.startswith(root):
            return filename[len(root) :]
    return filename


def module_home() -> tuple[str, dict[str, object]]:
    """File and namespace of the module whose top level runs now: the one that a definition belongs to.

    A factory in a helper defines DAGs for the file that calls it. Outside any module's top level: the calling file.
    """
    caller = _user_frame()
    frame = caller
    while frame is not None:
        if frame.f_code.co_name == "<module>" and not _is_ours(frame):
            return frame.f_code.co_filename, frame.f_globals
        frame = frame.f_back
    return (caller.f_code.co_filename, caller.f_globals) if caller is not None else ("", {})


@contextmanager
def below(root: str) -> Iterator[None]:
    """While it lasts, locations in the folder `root` are told relative to it."""
    _roots.insert(0, root.rstrip("/") + "/")
    _lines.clear()
    try:
        yield
    finally:
        del _roots[0]
        _lines.clear()


def _user_frame() -> FrameType | None:
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _is_ours(frame):
        frame = frame.f_back
    return frame


def _is_ours(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    if name == "__main__":
        name = getattr(frame.f_globals.get("__spec__"), "name", "")  # `python -m potok.…`
    return isinstance(name, str) and (name == "potok" or name.startswith("potok."))
