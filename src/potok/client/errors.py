"""What the client raises beside the errors of `potok.model.errors`."""

from __future__ import annotations

from potok.model.errors import PotokError


class UnreachableError(PotokError):
    """No server answers at that address, or none is recorded in the home."""


class RefusedError(PotokError):
    """The server does not accept the token, or does not allow this caller the action."""


class TaskFailedError(PotokError):
    """The awaited run ended without success; the message is its verdict. `run_id` and `state` tell more."""

    def __init__(self, message: str, *, run_id: str, state: str) -> None:
        super().__init__(message)
        self.run_id = run_id
        self.state = state
