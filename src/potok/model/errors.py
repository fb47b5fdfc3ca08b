"""Errors that a user or an operator can cause: one sentence that says what, where and how to mend it."""

from __future__ import annotations


class PotokError(Exception):
    """Base of every error whose message is meant for people. It is shown without a traceback."""


class DagError(PotokError):
    """A DAG file says something that cannot be run. `location` is `file:line` where it is known."""

    def __init__(self, message: str, *, location: str | None = None) -> None:
        super().__init__(f"{location}: {message}" if location else message)
        self.location = location
        self.sentence = message


class NotFoundError(PotokError):
    """A DAG, run, task or other thing that was asked for does not exist."""


class ConflictError(PotokError):
    """The thing exists, but its state does not allow what was asked."""


class InvalidError(PotokError):
    """The request is understood and wrong: bad params, a bad date, an unknown state.

    `field` is the path of the wrong value where it is known, such as `body.params.day`.
    """

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class StoreError(PotokError):
    """The database cannot be used: it is locked, full, newer than the code, or out of reach."""
