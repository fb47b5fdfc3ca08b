"""Secrets that must not be seen: their values are collected here and replaced by `***` in texts; written nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping

from potok.model.wire import Connection, GotConnection, GotVariable, WorkerReply

MASK = "***"
_SECRET_NAME = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|KEY", re.IGNORECASE)
# A declared secret of three letters is masked nowhere: it would blot out half of every line and hide nothing.
_VALUE_MIN_CHARS = 4
# The environment is only guessed to hold secrets, so `USE_TOKEN=enabled` must not mask the word.
_ENVIRONMENT_MIN_CHARS = 8


class Secrets:
    """The secret values that this process has seen; `mask` is free while there are none."""

    def __init__(self) -> None:
        self._values: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def add(self, *values: str) -> None:
        """Mask these from now on, each of their lines, and the form they take inside a URL."""
        before = len(self._values)
        for value in values:
            for line in value.splitlines():
                if len(line.strip()) >= _VALUE_MIN_CHARS:
                    self._values.update((line.strip(), _percent_encoded(line.strip())))
        if len(self._values) != before:
            longest_first = sorted(self._values, key=len, reverse=True)
            self._pattern = re.compile("|".join(re.escape(value) for value in longest_first))

    def add_environment(self, environment: Mapping[str, str]) -> None:
        """Mask the values of variables whose names speak of secrets."""
        self.add(
            *(
                value
                for name, value in environment.items()
                if len(value) >= _ENVIRONMENT_MIN_CHARS and _SECRET_NAME.search(name)
            )
        )

    def add_reply(self, reply: WorkerReply) -> None:
        """Mask what a connection or a secret variable brought into this process."""
        if isinstance(reply, GotConnection):
            self.add(*connection_secrets(reply.connection))
        elif isinstance(reply, GotVariable) and reply.secret:
            self.add(*_texts(reply.value))

    def mask(self, text: str) -> str:
        return self._pattern.sub(MASK, text) if self._pattern is not None else text


def connection_secrets(connection: Connection) -> list[str]:
    """The password, and what stands in `extra` under a name that speaks of secrets."""
    found = [connection.password] if connection.password else []
    for name, value in connection.extra.items():
        if _SECRET_NAME.search(name):
            found.extend(_texts(value))
    return found


def _texts(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return [] if value is None or isinstance(value, bool) else [str(value)]


def _percent_encoded(text: str) -> str:
    if text.isalnum():
        return text
    from urllib.parse import quote

    return quote(text, safe="")
