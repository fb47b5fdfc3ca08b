"""Who may talk to the server: token, one-click link, browser session. Stateless: all is derived from the token.

Whoever holds the admin token (or a session made with it) is `admin`; a new token ends all links and sessions.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import OrderedDict

import msgspec
from starlette.requests import Request

from potok.api.problem import ProblemError
from potok.api.settings import LOOPBACK_HOSTS, ApiSettings

ADMIN = "admin"
LINK_VALID_S = 3600.0
# A day's work with a site that was opened in the morning.
FILES_LINK_VALID_S = 12 * 3600.0
SESSION_VALID_S = 30 * 86_400.0
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "x-potok-csrf"

_FAILURES_MAX = 10
_FAILURES_WINDOW_S = 60.0
_CALLERS_MAX = 1024


def login_link(base_url: str, token: str, now: float, valid_s: float = LINK_VALID_S) -> str:
    """A link that opens a browser session; it works until `now + valid_s`. `base_url` includes a path prefix."""
    return f"{base_url.rstrip('/')}/login?code={_sealed(token, 'login', now + valid_s)}"


def login_code_is_valid(code: str, token: str, now: float) -> bool:
    return _is_sealed(code, token, "login", now)


def session_value(token: str, now: float) -> str:
    """The value of the session cookie; any process that knows the token accepts it."""
    return _sealed(token, "session", now + SESSION_VALID_S)


def session_is_valid(value: str, token: str, now: float) -> bool:
    return _is_sealed(value, token, "session", now)


def cookie_name(token: str) -> str:
    """Cookies are shared by all ports of a host: servers side by side need names of their own."""
    return f"potok_{_mac(token, 'cookie', '')[:8]}"


class FilesSeal(msgspec.Struct, frozen=True):
    """The right to see certain files of one result, for a while and without a session, as a part of an address."""

    run_id: str
    task_id: str
    number: int

    def make(self, token: str, expires_at: float) -> str:
        return _sealed(token, self._purpose, expires_at)

    def fits(self, seal: str, token: str) -> bool:
        """Whether it was made by us for these files, however long ago."""
        return _is_sealed(seal, token, self._purpose, 0.0)

    @staticmethod
    def has_expired(seal: str, now: float) -> bool:
        """Of one that fits."""
        return now > int(seal.partition(".")[0])

    @property
    def _purpose(self) -> str:
        """As JSON, so that no ids of other files can spell the same text."""
        return f"files {msgspec.json.encode((self.run_id, self.task_id, self.number)).decode()}"


def _sealed(token: str, purpose: str, expires_at: float) -> str:
    expiry = str(int(expires_at))
    return f"{expiry}.{_mac(token, purpose, expiry)}"


def _is_sealed(value: str, token: str, purpose: str, now: float) -> bool:
    expiry, _, mac = value.partition(".")
    if not (expiry.isascii() and expiry.isdigit() and len(expiry) <= 12):
        return False
    return hmac.compare_digest(mac.encode(), _mac(token, purpose, expiry).encode()) and now <= int(expiry)


def _mac(token: str, purpose: str, text: str) -> str:
    return hmac.new(token.encode(), f"potok {purpose} {text}".encode(), hashlib.sha256).hexdigest()


class FailedLogins:
    """Counts wrong tokens and codes by caller; bounded, in memory. A right token is never held up."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[float]] = OrderedDict()

    def count(self, caller: str, now: float) -> None:
        """Raises ProblemError 429 once the caller failed too often in the last minute."""
        recent = [at for at in self._failures.pop(caller, []) if now - at < _FAILURES_WINDOW_S]
        self._failures[caller] = [*recent[-_FAILURES_MAX:], now]
        if len(self._failures) > _CALLERS_MAX:
            self._failures.popitem(last=False)
        if len(recent) >= _FAILURES_MAX:
            wait_s = max(1, int(_FAILURES_WINDOW_S - (now - recent[0])))
            raise ProblemError(
                429,
                f"too many wrong tokens from {caller}; try again in {wait_s} s",
                headers={"Retry-After": str(wait_s)},
            )


class Gate:
    """Decides whether a request may pass, and who sends it."""

    def __init__(self, settings: ApiSettings, failed: FailedLogins | None = None) -> None:
        self._token = settings.token.encode()
        self._settings = settings
        self._cookie = cookie_name(settings.token)
        self._hosts = LOOPBACK_HOSTS | {host.lower() for host in settings.allowed_hosts}
        self._any_host = "*" in settings.allowed_hosts
        self.failed = failed or FailedLogins()

    def check_host(self, request: Request) -> None:
        """A page of another site that resolves its name to our address (DNS rebinding) ends here."""
        host = _host_name(request.headers.get("host", ""))
        if not self._any_host and host not in self._hosts:
            raise ProblemError(
                403, f"this server does not answer to the host name {host!r}; allow it in potok.toml (allowed_hosts)"
            )

    def actor(self, request: Request, now: float) -> str:
        """The caller's name for the audit; raises ProblemError 401, 403 or 429."""
        authorization = request.headers.get("authorization")
        if authorization is not None:
            scheme, _, given = authorization.partition(" ")
            if scheme.lower() == "bearer" and self.token_is_right(given.strip()):
                return ADMIN
            self.failed.count(caller(request), now)
            raise _unauthorized("the token is wrong; `potok token` shows the right one")
        session = request.cookies.get(self._cookie)
        if session is None or not session_is_valid(session, self._settings.token, now):
            raise _unauthorized(
                "send the header `Authorization: Bearer <token>` (`potok token` shows it), or open the login link"
            )
        if request.method not in SAFE_METHODS:
            self._check_same_site(request)
        return ADMIN

    def token_is_right(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), self._token)

    def session_cookie(self, now: float, secure: bool) -> str:
        """The Set-Cookie header of a new session."""
        value = session_value(self._settings.token, now)
        path = self._settings.path_prefix or "/"
        flags = "; Secure" if secure else ""
        return f"{self._cookie}={value}; Path={path}; Max-Age={int(SESSION_VALID_S)}; HttpOnly; SameSite=Strict{flags}"

    def check_origin(self, request: Request) -> None:
        """The browser says that the page which sends this is ours; raises ProblemError 403."""
        origin = request.headers.get("origin", "")
        host = request.headers.get("host", "")
        if not origin or origin.partition("://")[2].lower() != host.lower():
            raise ProblemError(403, "the request comes from another site; open Potok's own page")

    def _check_same_site(self, request: Request) -> None:
        if request.headers.get(CSRF_HEADER) != "1":
            raise ProblemError(403, "a browser session needs the header X-Potok-CSRF: 1 to change anything")
        self.check_origin(request)


def _unauthorized(detail: str) -> ProblemError:
    return ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer realm="potok"'})


def caller(request: Request) -> str:
    """Whose failures are counted together."""
    return request.client.host if request.client else "a local socket"


def _host_name(host: str) -> str:
    """`[::1]:80` is `::1`, `Localhost:80` is `localhost`."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()
