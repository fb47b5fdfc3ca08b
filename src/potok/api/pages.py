"""The web UI's files and the way in: built pages, login link, login by token. Shows no data by itself."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from html import escape
from pathlib import Path

import msgspec
from starlette.requests import Request

from potok.api.auth import Gate, login_code_is_valid
from potok.api.problem import ProblemError, from_validation
from potok.api.sending import NO_STORE, Answer
from potok.api.settings import ApiSettings

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
}
_LOGIN_BODY_MAX = 4 * 1024
# Names of built files hold a hash of their content: what a browser has is right for ever.
_KEEP = (b"cache-control", b"public, max-age=31536000, immutable")
_ASK_AGAIN = (b"cache-control", b"no-cache")


class LoginBody(msgspec.Struct, forbid_unknown_fields=True):
    token: str


class Asset(msgspec.Struct, frozen=True):
    """A built file. `packed`: its gzipped twin beside it, when the build made one. `keep`: its name holds its hash."""

    path: Path
    media_type: bytes
    etag: str
    packed: Path | None
    keep: bool


def assets() -> dict[str, Asset]:
    """All built files by their path below the folder; a name that is not here does not exist. Empty before a build."""
    document = FOLDER / "index.html"
    # A build in a checkout replaces the files under a running server.
    return _assets(FOLDER, document.stat().st_mtime_ns if document.is_file() else 0)


@lru_cache(maxsize=1)
def _assets(folder: Path, built_at_ns: int) -> dict[str, Asset]:
    found = (path for path in folder.rglob("*") if path.suffix in _TYPES and path.is_file())
    return {path.relative_to(folder).as_posix(): _asset(path) for path in found}


def _asset(path: Path) -> Asset:
    packed = path.with_name(f"{path.name}.gz")
    return Asset(
        path=path,
        media_type=_TYPES[path.suffix],
        etag=_etag(path.read_bytes()),
        packed=packed if packed.is_file() else None,
        keep=path.parent.name == "assets",
    )


class Pages:
    """Answers whatever is not the API."""

    def __init__(self, settings: ApiSettings, gate: Gate) -> None:
        self._settings = settings
        self._gate = gate

    async def answer(self, request: Request, path: str, now: float) -> Answer:
        """Raises ProblemError 404, 405 and what a login raises."""
        if path == "/login":
            return await self._login(request, now)
        if request.method not in ("GET", "HEAD"):
            raise ProblemError(405, f"{request.method} is not possible here, only GET", headers={"Allow": "GET, HEAD"})
        asset = assets().get(path.removeprefix("/"))
        if asset is not None and asset.media_type != _TYPES[".html"]:
            return _asset_answer(request, asset)
        if asset is None and not _is_page(path):
            raise ProblemError(404, "there is nothing here; the pages begin at /, the API at /api/v1")
        return self._index_answer(request)

    async def _login(self, request: Request, now: float) -> Answer:
        if request.method == "GET":
            return self._login_by_link(request, now)
        if request.method == "POST":
            return await self._login_by_token(request, now)
        raise ProblemError(405, f"{request.method} is not possible here", headers={"Allow": "GET, POST"})

    def _login_by_link(self, request: Request, now: float) -> Answer:
        code = request.query_params.get("code", "")
        home = f"{self._settings.path_prefix}/"
        if not login_code_is_valid(code, self._settings.token, now):
            self._gate.failed.count(request.client.host if request.client else "", now)
            return Answer(303, b"", headers=((b"location", f"{home}?expired=1".encode()), NO_STORE))
        cookie = self._gate.session_cookie(now, request.url.scheme == "https")
        headers = ((b"location", home.encode()), (b"set-cookie", cookie.encode()), NO_STORE)
        return Answer(303, b"", headers=headers)

    async def _login_by_token(self, request: Request, now: float) -> Answer:
        self._gate.check_origin(request)
        content = b""
        async for chunk in request.stream():
            content += chunk
            if len(content) > _LOGIN_BODY_MAX:
                raise ProblemError(413, "a login is a small JSON object with the token")
        try:
            given = msgspec.json.decode(content, type=LoginBody).token
        except msgspec.ValidationError as error:
            raise from_validation(error, "body") from None
        except msgspec.DecodeError:
            raise ProblemError(422, "body: is not valid JSON", field="body") from None
        if not self._gate.token_is_right(given.strip()):
            self._gate.failed.count(request.client.host if request.client else "", now)
            raise ProblemError(401, "the token is wrong; `potok token` shows the right one")
        cookie = self._gate.session_cookie(now, request.url.scheme == "https")
        return Answer(204, b"", headers=((b"set-cookie", cookie.encode()), NO_STORE))

    def _index_answer(self, request: Request) -> Answer:
        """index.html with the address that all others start from; the page itself tells unknown addresses apart."""
        document = assets().get("index.html")
        if document is None:
            raise ProblemError(503, "the pages are not built: run `make ui` in a checkout, or install the wheel")
        base = escape(f"{self._settings.path_prefix}/", quote=True).encode()
        index = document.path.read_bytes().replace(b"__BASE__", base)
        return _answer(request, index, _TYPES[".html"], _etag(index), (_ASK_AGAIN,))


def _is_page(path: str) -> bool:
    """An address of the pages: their first part names a section, or nothing that could be a file."""
    first, _, rest = path.removeprefix("/").partition("/")
    return first in ("", "dags", "runs", "workers") or (not rest and "." not in first)


def _asset_answer(request: Request, asset: Asset) -> Answer:
    headers: tuple[tuple[bytes, bytes], ...] = (_KEEP if asset.keep else _ASK_AGAIN,)
    path = asset.path
    if asset.packed is not None:
        headers = (*headers, (b"vary", b"accept-encoding"))
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = (*headers, (b"content-encoding", b"gzip"))
            path = asset.packed
    return _answer(request, path, asset.media_type, asset.etag, headers)


def _answer(
    request: Request, content: bytes | Path, media_type: bytes, etag: str, headers: tuple[tuple[bytes, bytes], ...]
) -> Answer:
    headers = ((b"etag", etag.encode()), *headers)
    if request.headers.get("if-none-match") == etag:
        return Answer(304, b"", headers=headers)
    # Read anew each time: the kernel's cache holds them, our memory need not.
    body = content if isinstance(content, bytes) else content.read_bytes()
    return Answer(200, body, media_type, headers)


def _etag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:20]}"'
