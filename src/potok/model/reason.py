"""Why something happened or does not happen yet: a code and its values. Sentences are made where people read them."""

from __future__ import annotations

import msgspec

ReasonValue = str | int | float | bool | None | tuple[str, ...]


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """`code` names the sentence in the catalogue; `values` fill it. Codes are stable: the UI translates them."""

    code: str
    values: dict[str, ReasonValue] = {}


class Sentence(msgspec.Struct, frozen=True):
    """A reason with its English sentence; other languages translate `code` and `values`."""

    code: str
    values: dict[str, object]
    text: str


def reason(code: str, **values: ReasonValue) -> Reason:
    return Reason(code, values)
