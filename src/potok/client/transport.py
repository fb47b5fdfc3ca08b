"""One HTTP connection pool to a Potok server: sends, maps problems to errors. Knows no route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from potok.client.errors import RefusedError, UnreachableError
from potok.model.answers import Problem
from potok.model.errors import ConflictError, InvalidError, NotFoundError, PotokError, StoreError

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Query = Mapping[str, str | int | float | bool | None]

_ERRORS: dict[int, type[PotokError]] = {
    401: RefusedError,
    403: RefusedError,
    404: NotFoundError,
    409: ConflictError,
    413: InvalidError,
    415: InvalidError,
    422: InvalidError,
    429: RefusedError,
    503: StoreError,
}
# Below the server's own 5 s, so that a request never goes out on a connection that the server is just closing.
_KEEPALIVE_S = 4.0


class Transport:
    """Thread-safe. `timeout_s` bounds connecting and each silence of the server."""

    def __init__(self, url: str, token: str, timeout_s: float = 30.0) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self.timeout_s = timeout_s
        self._http: httpx.Client | None = None

    def close(self) -> None:
        if self._http is not None:
            self._http.close()
            self._http = None

    def get(self, path: str, type: type[T], query: Query | None = None, wait_s: float = 0.0) -> T:
        """`wait_s`: how much longer than usual the server may be silent."""
        return _decoded(self._sent("GET", path, query=query, wait_s=wait_s), type)

    def get_bytes(self, path: str, query: Query | None = None) -> bytes:
        return self._sent("GET", path, query=query).content

    def send(self, method: str, path: str, type: type[T], body: object = None) -> tuple[T, int]:
        """The decoded answer and its status code."""
        response = self._sent(method, path, body=body)
        return _decoded(response, type), response.status_code

    def order(self, method: str, path: str, body: object = None) -> None:
        """Send what has no answer but its success."""
        self._sent(method, path, body=body)

    @contextmanager
    def lines(self, path: str, query: Query | None = None, silence_s: float | None = None) -> Iterator[Iterator[str]]:
        """The lines of a streamed answer as they come; `silence_s` None waits for ever."""
        import httpx

        timeout = httpx.Timeout(self.timeout_s, read=silence_s)
        try:
            with self._client().stream("GET", _path(path), params=_query(query), timeout=timeout) as response:
                if response.status_code >= 400:
                    response.read()
                    raise _error(response)
                yield response.iter_lines()
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def _sent(
        self, method: str, path: str, *, query: Query | None = None, body: object = None, wait_s: float = 0.0
    ) -> httpx.Response:
        import httpx

        timeout = httpx.Timeout(self.timeout_s, read=self.timeout_s + wait_s)
        content = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json"} if content is not None else {}
        try:
            response = self._client().request(
                method, _path(path), params=_query(query), content=content, headers=headers, timeout=timeout
            )
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        if response.status_code >= 400:
            raise _error(response)
        return response

    def _client(self) -> httpx.Client:
        if self._http is None:
            import httpx

            url = httpx.URL(self.url)
            self._http = httpx.Client(
                base_url=self.url,
                headers={"Authorization": f"Bearer {self.token}", "Accept": "application/json"},
                limits=httpx.Limits(keepalive_expiry=_KEEPALIVE_S),
                # a proxy of the environment cannot reach this machine's loopback
                trust_env=url.host not in ("127.0.0.1", "localhost", "::1"),
                # reading the system's certificates takes longer than the request; plain http has no use for them
                verify=url.scheme != "http",
            )
        return self._http

    def _unreachable(self, error: Exception) -> UnreachableError:
        what = str(error) or type(error).__name__
        return UnreachableError(f"no Potok server answers at {self.url} ({what}); start one with `potok up`")


def _path(path: str) -> str:
    return f"/api/v1{path}"


def _query(query: Query | None) -> dict[str, str]:
    """Absent and empty values are left out; booleans are written as the API reads them."""
    plain = {name: value for name, value in (query or {}).items() if value is not None and value != ""}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in plain.items()}


def _decoded(response: httpx.Response, type: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=type)
    except msgspec.MsgspecError as error:
        raise UnreachableError(
            f"{response.url} does not answer as a Potok server of this version does ({error}); "
            "check POTOK_URL and `potok version`"
        ) from error


def _error(response: httpx.Response) -> PotokError:
    try:
        sentence = msgspec.json.decode(response.content, type=Problem).detail
    except msgspec.MsgspecError:
        sentence = f"the server answered {response.status_code} {response.reason_phrase} to {response.request.url.path}"
    return _ERRORS.get(response.status_code, PotokError)(sentence)
