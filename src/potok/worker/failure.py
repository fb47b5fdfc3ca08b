"""From what user code raised to an ErrorInfo: a sentence, the class names, the user's own line. Never raises itself."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType

from potok.authoring.runtime import TaskCancelled, TaskTimeout
from potok.model.errors import DagError, PotokError
from potok.model.run import ErrorInfo

MESSAGE_MAX_CHARS = 8 * 1024
TRACEBACK_MAX_CHARS = 32 * 1024
_OUR_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_names: dict[type[BaseException], tuple[str, ...]] = {}


class TaskError(PotokError):
    """The attempt fails for a reason that is ours to tell; `kind` is what a Retry policy and a person see."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def class_names(kind: type[BaseException]) -> tuple[str, ...]:
    """The class and its bases, each short and qualified, nearest first."""
    known = _names.get(kind)
    if known is None:
        found: dict[str, None] = {}
        for base in kind.__mro__[:-1]:
            found[base.__name__] = None
            if base.__module__ != "builtins":
                found[f"{base.__module__}.{base.__qualname__}"] = None
        known = _names[kind] = tuple(found)
    return known


def describe(error: BaseException, bundle_dir: str, fallback_location: str) -> ErrorInfo:
    """What to tell of an error. Locations are relative to the bundle; the traceback begins with the user's frame."""
    if isinstance(error, TaskError):
        return ErrorInfo(error.kind, str(error), (error.kind,), fallback_location)
    if isinstance(error, DagError):
        return ErrorInfo("DagError", error.sentence, class_names(DagError), error.location or fallback_location)
    frames = _user_frames(error.__traceback__)
    location = _location(error, bundle_dir) or fallback_location
    names = class_names(type(error))
    if isinstance(error, TaskTimeout):
        names = (*names, "TimeoutError")
    text = "" if isinstance(error, PotokError) and frames is None else _traceback(error, frames, bundle_dir)
    return ErrorInfo(type(error).__name__, _message(error), names, location, text)


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        code = "" if error.code is None else repr(error.code)
        hint = "; return from the function to succeed" if error.code in (None, 0) else ""
        return f"called sys.exit({code}){hint}"
    if isinstance(error, KeyboardInterrupt):
        return "raised KeyboardInterrupt"
    if isinstance(error, TaskCancelled):
        return "was asked to end and did"
    try:
        text = str(error)
    except Exception:
        text = f"<{type(error).__name__} whose text cannot be made>"
    return shorten(text, MESSAGE_MAX_CHARS)


def shorten(text: str, limit: int) -> str:
    """At most about `limit` characters; of a longer text the beginning and, more of it, the end."""
    if len(text) <= limit:
        return text
    return f"{text[: limit // 4]}\n… {len(text) - limit} characters left out …\n{text[-(limit - limit // 4) :]}"


def _user_frames(frame: TracebackType | None) -> TracebackType | None:
    while frame is not None and frame.tb_frame.f_code.co_filename.startswith(_OUR_FOLDER):
        frame = frame.tb_next
    return frame


def _location(error: BaseException, bundle_dir: str) -> str:
    prefix = bundle_dir + "/"
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith(prefix):
        return f"{error.filename.removeprefix(prefix)}:{error.lineno}"
    found = ""
    frame = error.__traceback__
    while frame is not None:
        name = frame.tb_frame.f_code.co_filename
        if name.startswith(prefix):
            found = f"{name.removeprefix(prefix)}:{frame.tb_lineno}"
        frame = frame.tb_next
    return found


def _traceback(error: BaseException, frames: TracebackType | None, bundle_dir: str) -> str:
    try:
        told = traceback.TracebackException(type(error), error, frames)
        while told.stack and told.stack[-1].filename.startswith(_OUR_FOLDER):
            told.stack.pop()  # where we raised it is no news to the author
        text = "".join(told.format())
    except Exception:
        return f"{type(error).__name__}: its traceback cannot be made ({sys.exc_info()[1]!r})"
    return shorten(text.replace(bundle_dir + "/", ""), TRACEBACK_MAX_CHARS)
