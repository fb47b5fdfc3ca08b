"""The first web page and the way into it: static files, login link, login by token. Shows no data by itself."""

from __future__ import annotations

import hashlib
from functools import cache
from html import escape
from pathlib import Path

import msgspec
from starlette.requests import Request

from potok.api.auth import Gate, login_code_is_valid
from potok.api.problem import ProblemError, from_validation
from potok.api.sending import NO_STORE, Answer
from potok.api.settings import ApiSettings

FOLDER = Path(__file__).parent / "page"
_TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
}
_LOGIN_BODY_MAX = 4 * 1024


class LoginBody(msgspec.Struct, forbid_unknown_fields=True):
    token: str


class Asset(msgspec.Struct, frozen=True):
    """A file of the page; `etag` changes with its content."""

    data: bytes
    media_type: bytes
    etag: str


@cache
def assets() -> dict[str, Asset]:
    """All files of the page by name, read once; a name that is not here does not exist."""
    return {
        path.name: Asset(data, _TYPES[path.suffix], _etag(data))
        for path in FOLDER.iterdir()
        if path.suffix in _TYPES and (data := path.read_bytes()) is not None
    }


class Pages:
    """Answers whatever is not the API."""

    def __init__(self, settings: ApiSettings, gate: Gate) -> None:
        self._settings = settings
        self._gate = gate
        self._index: Asset | None = None

    async def answer(self, request: Request, path: str, now: float) -> Answer:
        """Raises ProblemError 404, 405 and what a login raises."""
        if path == "/login":
            return await self._login(request, now)
        if request.method not in ("GET", "HEAD"):
            raise ProblemError(405, f"{request.method} is not possible here, only GET", headers={"Allow": "GET, HEAD"})
        if path.startswith("/page/"):
            asset = assets().get(path.removeprefix("/page/"))
            if asset is None or asset.media_type == _TYPES[".html"]:
                raise ProblemError(404, "the page has no such file")
            return _asset_answer(request, asset)
        if path == "/" or path.startswith(("/runs/", "/dags/")):
            return _asset_answer(request, self._index_page())
        raise ProblemError(404, "there is nothing here; the page is at /, the API at /api/v1")

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

    def _index_page(self) -> Asset:
        """index.html with the prefix that its addresses start from."""
        if self._index is None:
            plain = assets()["index.html"]
            data = plain.data.replace(b"__PREFIX__", escape(self._settings.path_prefix, quote=True).encode())
            self._index = Asset(data, plain.media_type, _etag(data))
        return self._index


def _asset_answer(request: Request, asset: Asset) -> Answer:
    headers = ((b"etag", asset.etag.encode()), (b"cache-control", b"no-cache"))
    if request.headers.get("if-none-match") == asset.etag:
        return Answer(304, b"", headers=headers)
    return Answer(200, asset.data, asset.media_type, headers)


def _etag(data: bytes) -> str:
    return f'"{hashlib.sha256(data).hexdigest()[:20]}"'
