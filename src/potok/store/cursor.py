"""Opaque cursors: the key of the last row of a page, so that rows inserted meanwhile move nothing."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec

from potok.model.errors import InvalidError

Key = TypeVar("Key", int, str)


def encode_cursor(key: int | str) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str, kind: type[Key]) -> Key:
    """The key inside. Raises InvalidError when `cursor` did not come from the same listing."""
    try:
        return msgspec.msgpack.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=kind)
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise InvalidError(f"The cursor {cursor[:40]!r} is not one of this listing: begin again without it.") from None
