"""Sends one file from disk: content type, ETag, ranges, block by block off the loop. Decides nothing about access."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

_BLOCK_BYTES = 256 * 1024
_TEXT = "; charset=utf-8"
_TYPES = {
    "html": f"text/html{_TEXT}", "htm": f"text/html{_TEXT}", "css": f"text/css{_TEXT}", "js": f"text/javascript{_TEXT}",
    "mjs": f"text/javascript{_TEXT}", "json": "application/json", "map": "application/json",
    "svg": f"image/svg+xml{_TEXT}", "xml": f"text/xml{_TEXT}", "txt": f"text/plain{_TEXT}", "log": f"text/plain{_TEXT}",
    "md": f"text/plain{_TEXT}", "csv": f"text/plain{_TEXT}", "tsv": f"text/plain{_TEXT}",
    "jsonl": f"text/plain{_TEXT}", "ndjson": f"text/plain{_TEXT}", "yaml": f"text/plain{_TEXT}",
    "yml": f"text/plain{_TEXT}", "toml": f"text/plain{_TEXT}", "bsl": f"text/plain{_TEXT}", "sql": f"text/plain{_TEXT}",
    "py": f"text/plain{_TEXT}", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "ico": "image/x-icon", "woff": "font/woff", "woff2": "font/woff2",
    "ttf": "font/ttf", "otf": "font/otf", "mp4": "video/mp4", "webm": "video/webm", "mp3": "audio/mpeg",
    "wasm": "application/wasm",
}  # fmt: skip
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")

Headers = tuple[tuple[bytes, bytes], ...]


class OpenFile:
    """A regular file that is open for reading. Its owner sends it or closes it."""

    def __init__(self, path: Path) -> None:
        """Blocks. Raises OSError, also for what is no regular file."""
        # Without O_NONBLOCK a pipe of that name would hold the thread up for ever.
        self.fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        told = os.fstat(self.fd)
        if not stat.S_ISREG(told.st_mode):
            os.close(self.fd)
            raise FileNotFoundError(path)
        self.name = path.name
        self.size = told.st_size
        self.etag = f'"{told.st_mtime_ns:x}-{told.st_size:x}"'

    @property
    def headers(self) -> Headers:
        """The type, and for what browsers do not show that it is to be saved."""
        media_type = _TYPES.get(self.name.rpartition(".")[2].lower())
        found = [(b"etag", self.etag.encode()), (b"accept-ranges", b"bytes"), (b"cache-control", b"private, no-cache")]
        found.append((b"content-type", (media_type or "application/octet-stream").encode()))
        if media_type is None:
            found.append((b"content-disposition", f"attachment; filename*=UTF-8''{quote(self.name, safe='')}".encode()))
        return tuple(found)

    def close(self) -> None:
        os.close(self.fd)


class PageAnswer:
    """A page of our own about files, or a way to another address."""

    def __init__(self, status: int, body: bytes, headers: Headers) -> None:
        self.status = status
        self._body = body
        self._headers = [
            *headers,
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body})


class FileAnswer:
    """The whole file or the part that is asked for; closes it."""

    def __init__(self, request: Request, file: OpenFile, headers: Headers) -> None:
        self._file = file
        self._head_only = request.method == "HEAD"
        self._headers = [*headers, *file.headers]
        self._start, self._end, self.status = 0, file.size, 200
        if file.etag in (tag.strip() for tag in request.headers.get("if-none-match", "").split(",")):
            self._end, self.status = 0, 304
        elif request.headers.get("if-range", file.etag) == file.etag:
            self._take_range(request.headers.get("range", ""))
        if self.status != 304:
            self._headers.append((b"content-length", b"%d" % (self._end - self._start)))

    def _take_range(self, asked: str) -> None:
        """One range; several at once, or what is no range, are answered by the whole file, as the standard allows."""
        found = _RANGE.fullmatch(asked.strip())
        if found is None or not (found[1] or found[2]):
            return
        size = self._file.size
        start = int(found[1]) if found[1] else max(0, size - int(found[2]))
        end = min(int(found[2]) + 1, size) if found[1] and found[2] else size
        if start >= size or start >= end:
            self._end, self.status = 0, 416
            self._headers.append((b"content-range", b"bytes */%d" % size))
            return
        self._start, self._end, self.status = start, end, 206
        self._headers.append((b"content-range", b"bytes %d-%d/%d" % (start, end - 1, size)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": self._headers})
            at = self._end if self._head_only else self._start
            while at < self._end and not gone.done():
                block = await asyncio.to_thread(os.pread, self._file.fd, min(_BLOCK_BYTES, self._end - at), at)
                if not block:
                    return  # it was cut meanwhile: the connection ends short, so that nobody takes it for whole
                at += len(block)
                await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            gone.cancel()
            self._file.close()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
