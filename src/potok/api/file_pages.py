"""Files of results for browsers: sealed, expiring addresses, served so that hostile pages among them can do nothing.

`/files/<seal>/<run>/<task>/<number>/…`: the seal is the permission, no cookie is looked at. Each answer is a sandbox
with an origin of its own: its scripts run, but as a stranger's, who has neither the session nor what it can read.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.types import ASGIApp

from potok.api import result_folder
from potok.api.auth import FilesSeal
from potok.api.call import Server
from potok.api.file_answer import FileAnswer, Headers, OpenFile, PageAnswer
from potok.api.file_texts import Texts, page, texts_for
from potok.api.problem import ProblemError
from potok.api.result_folder import Entry
from potok.api.sending import NO_STORE
from potok.model.result_files import FilesRecord, FilesState

ROOT = "/files/"
# `self` is this server: without the session it answers a stranger's page nothing but other sealed files.
_SOURCES = "'self' 'unsafe-inline' data: blob:"
_POLICY = (
    f"sandbox allow-scripts allow-popups; default-src {_SOURCES}; script-src {_SOURCES} 'unsafe-eval'; "
    "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
# Pages of our own have no script at all; what they list may be saved.
_OWN_POLICY = (
    "sandbox allow-popups allow-downloads; default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ALWAYS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-robots-tag", b"noindex"),
    # A sandboxed page is a stranger even to its own files; who has the address has the right.
    (b"access-control-allow-origin", b"*"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_GUARDS: Headers = ((b"content-security-policy", _POLICY.encode()), *_ALWAYS)
_OWN_GUARDS: Headers = ((b"content-security-policy", _OWN_POLICY.encode()), *_ALWAYS, NO_STORE)


class _NotShownError(Exception):
    """Ends the request with a page that says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class FilePages:
    """Answers whatever is below `/files/`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._prefix = server.settings.path_prefix

    async def answer(self, request: Request, path: str, now: float) -> ASGIApp:
        """`path` is still percent-encoded. Raises ProblemError 405."""
        if request.method not in ("GET", "HEAD"):
            raise ProblemError(405, f"{request.method} is not possible here, only GET", headers={"Allow": "GET, HEAD"})
        texts = texts_for(request.headers.get("accept-language", ""))
        try:
            return await self._found(request, path, now, texts)
        except _NotShownError as told:
            return _own_page(told.status, page(texts.sorry, f"<p>{escape(told.sentence)}</p>", texts.language))

    async def _found(self, request: Request, path: str, now: float, texts: Texts) -> ASGIApp:
        seal, *named = path.removeprefix(ROOT).split("/", 4)
        if len(named) != 4 or not named[2].isascii() or not named[2].isdigit() or len(named[2]) > 6:
            raise _NotShownError(404, texts.nothing)
        files = FilesSeal(unquote(named[0]), unquote(named[1]), int(named[2]))
        if not files.fits(seal, self._server.settings.token):
            raise _NotShownError(404, texts.nothing)
        if FilesSeal.has_expired(seal, now):
            raise _NotShownError(410, texts.expired)
        record = await self._record(files, texts)
        parts = [unquote(part) for part in named[3].split("/")] if named[3] else []
        is_folder_address = not parts or parts[-1] == ""
        if is_folder_address:
            parts = parts[:-1]
        return await self._shown(request, record, parts, is_folder_address, texts)

    async def _record(self, files: FilesSeal, texts: Texts) -> FilesRecord:
        reader = self._server.reader
        run = await self._server.read(reader.run, files.run_id)
        row = None if run is None else await self._server.read(reader.result, run.record.run_key, files.task_id)
        if row is None or row.files is None or files.number >= len(row.files):
            raise _NotShownError(410, texts.no_result)
        record = row.files[files.number]
        settings = self._server.settings
        found = await asyncio.to_thread(result_folder.standing, record, settings.result_roots, settings.home)
        if found.state is not FilesState.READY:
            raise _NotShownError(
                403 if found.state is FilesState.REFUSED else 410, texts.standing(found.state, record.real)
            )
        return record

    async def _shown(
        self, request: Request, record: FilesRecord, parts: list[str], is_folder_address: bool, texts: Texts
    ) -> ASGIApp:
        home = self._server.settings.home
        if not record.is_folder and not parts:
            return _moved(quote(Path(record.real).name, safe=""))
        found = await asyncio.to_thread(result_folder.find, record, parts, home)
        if found is None:
            raise _NotShownError(404, texts.no_file("/".join(parts)))
        if not await asyncio.to_thread(found.is_dir):
            if is_folder_address:
                raise _NotShownError(404, texts.no_file("/".join(parts)))
            return await _file(request, found, parts, texts)
        if not is_folder_address:
            return _moved(f"{quote(parts[-1], safe='')}/")
        wanted = record.index if not parts else "index.html"
        index = (
            await asyncio.to_thread(result_folder.find, record, [*parts, *wanted.split("/")], home) if wanted else None
        )
        if index is None or await asyncio.to_thread(index.is_dir):
            return await _listing(found, record, parts, texts)
        if "/" in wanted:
            return _moved(quote(wanted))
        return await _file(request, index, [*parts, wanted], texts)


async def _file(request: Request, path: Path, parts: list[str], texts: Texts) -> ASGIApp:
    try:
        return FileAnswer(request, await asyncio.to_thread(OpenFile, path), _GUARDS)
    except OSError:
        raise _NotShownError(404, texts.no_file("/".join(parts))) from None


async def _listing(folder: Path, record: FilesRecord, parts: list[str], texts: Texts) -> PageAnswer:
    try:
        found, is_cut = await asyncio.to_thread(result_folder.entries, folder)
    except OSError:
        raise _NotShownError(404, texts.no_file("/".join(parts))) from None
    up = f'<tr><td><a href="../">{escape(texts.up)}</a></td><td></td><td></td></tr>' if parts else ""
    rows = "".join(_row(entry, texts) for entry in found)
    head = f"<tr><th>{texts.name}</th><th>{texts.size}</th><th>{texts.changed}</th></tr>"
    note = f"<p>{texts.cut(len(found))}</p>" if is_cut else "" if found else f"<p>{texts.empty}</p>"
    title = " / ".join([record.name, *parts])
    return _own_page(
        200, page(title, f"<table><thead>{head}</thead><tbody>{up}{rows}</tbody></table>{note}", texts.language)
    )


def _row(entry: Entry, texts: Texts) -> str:
    slash = "/" if entry.is_folder else ""
    # A name such as `javascript:x` is a file here, and no scheme: the dot in front says so.
    address = f"./{quote(entry.name, safe='')}{slash}"
    size = "" if entry.is_folder else texts.bytes(entry.size)
    changed = datetime.fromtimestamp(entry.modified_at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f'<tr><td><a href="{address}">{escape(entry.name)}{slash}</a></td><td>{size}</td><td>{changed}</td></tr>'


def _moved(address: str) -> PageAnswer:
    return PageAnswer(302, b"", ((b"location", f"./{address}".encode()), *_OWN_GUARDS))


def _own_page(status: int, html: str) -> PageAnswer:
    return PageAnswer(status, html.encode(), _OWN_GUARDS)
