"""The least HTTP client: one kept-open socket, one send a request. A measure shall show the server, not its client."""

from __future__ import annotations

import socket
from collections.abc import Mapping

import msgspec

_RECEIVE_BYTES = 65_536


class WireError(Exception):
    """The server closed the connection or answered with an error."""


class Wire:
    """A keep-alive connection to `host:port`. Not for several threads."""

    def __init__(self, host: str, port: int, token: str, timeout_s: float = 120.0) -> None:
        self._address = (host, port)
        self._token = token
        self._timeout_s = timeout_s
        self._socket: socket.socket | None = None

    def encode(self, method: str, path: str, body: Mapping[str, object] | None = None) -> bytes:
        """A request as bytes, ready for `send`."""
        data = b"" if body is None else msgspec.json.encode(body)
        kind = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._address[0]}:{self._address[1]}\r\n"
            f"Authorization: Bearer {self._token}\r\n{kind}\r\n"
        )
        return head.encode() + data

    def send(self, request: bytes) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(self._address, self._timeout_s)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)

    def receive(self) -> tuple[int, bytes]:
        """Status and body of the next answer. Raises WireError when the server hung up."""
        head, rest = self._head()
        lines = head.split(b"\r\n")
        status = int(lines[0].split()[1])
        fields = dict(line.lower().split(b": ", 1) for line in lines[1:])
        if fields.get(b"transfer-encoding") == b"chunked":
            return status, self._chunks(rest)
        return status, self._exactly(rest, int(fields.get(b"content-length", b"0")))

    def call(self, method: str, path: str, body: Mapping[str, object] | None = None) -> bytes:
        """One request and its body; raises WireError for an answer of 400 and more."""
        request = self.encode(method, path, body)
        fresh = self._socket is None
        try:
            self.send(request)
            status, data = self.receive()
        except (WireError, ConnectionError):
            self.close()
            if fresh:
                raise
            # A server drops a connection that was idle for long; nothing of this request was read then.
            self.send(request)
            status, data = self.receive()
        if status >= 400:
            raise WireError(f"{method} {path}: {status} {data.decode(errors='replace')[:500]}")
        return data

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _head(self) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, rest = data.partition(b"\r\n\r\n")
        return head, rest

    def _exactly(self, data: bytes, length: int) -> bytes:
        parts = [data]
        left = length - len(data)
        while left > 0:
            parts.append(self._more())
            left -= len(parts[-1])
        return b"".join(parts)

    def _chunks(self, data: bytes) -> bytes:
        body = b""
        while True:
            while b"\r\n" not in data:
                data += self._more()
            size_text, _, data = data.partition(b"\r\n")
            size = int(size_text, 16)
            while len(data) < size + 2:
                data += self._more()
            body, data = body + data[:size], data[size + 2 :]
            if size == 0:
                return body

    def _more(self) -> bytes:
        if self._socket is None:
            raise WireError("not connected")
        data = self._socket.recv(_RECEIVE_BYTES)
        if not data:
            raise WireError("the server closed the connection")
        return data
