"""Secrets at rest: connections and secret variables are sealed with a key that never enters the database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from potok.model.errors import StoreError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KEY_FILE = "secret.key"
KEY_VARIABLE = "POTOK_SECRET_KEY"


class Vault:
    """Seals and opens with Fernet (AES-128-CBC + HMAC). The key is POTOK_SECRET_KEY or `secret.key` (0600) in the home.

    Nothing is loaded or created before the first use: a server without secrets pays nothing.
    """

    def __init__(self, home: Path) -> None:
        self._file = home / KEY_FILE
        self._fernet: Fernet | None = None

    def seal(self, data: bytes) -> bytes:
        return self._key(create=True).encrypt(data)

    def open(self, sealed: bytes) -> bytes:
        """The data; raises StoreError when the key is missing or another one."""
        from cryptography.fernet import InvalidToken

        try:
            return self._key(create=False).decrypt(sealed)
        except InvalidToken as error:
            raise StoreError(f"a secret cannot be opened: {self._file} is not the key it was sealed with") from error

    def _key(self, *, create: bool) -> Fernet:
        if self._fernet is None:
            from cryptography.fernet import Fernet

            text = os.environ.get(KEY_VARIABLE, "").encode() or self._read(create=create)
            try:
                self._fernet = Fernet(text)
            except ValueError as error:
                raise StoreError(f"{KEY_VARIABLE} or {self._file} does not hold a key of 32 base64 bytes") from error
        return self._fernet

    def _read(self, *, create: bool) -> bytes:
        if self._file.exists():
            return self._file.read_bytes().strip()
        if not create:
            raise StoreError(f"the key of the secrets is missing: put back {self._file} or set {KEY_VARIABLE}")
        from cryptography.fernet import Fernet

        key = Fernet.generate_key()
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
        return key
