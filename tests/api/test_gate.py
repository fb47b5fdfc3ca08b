"""Who may pass: tokens, sessions, foreign pages, foreign host names, limits."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from potok.api import auth
from potok.api.app import PotokApp, create_app
from potok.api.settings import ApiSettings
from potok.store.protocol import Store
from tests.api.conftest import TOKEN, client_of
from tests.api.scheduler import QuietScheduler

ORIGIN = "http://127.0.0.1:8080"
CSRF = {"X-Potok-CSRF": "1", "Origin": ORIGIN}


@asynccontextmanager
async def signed_in(app: PotokApp) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        answer = await client.get(auth.login_link(ORIGIN, TOKEN, time.time()))
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "HttpOnly" in answer.headers["set-cookie"] and "SameSite=Strict" in answer.headers["set-cookie"]
        yield client


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer ", "Basic " + TOKEN, "Bearer é", TOKEN])
async def test_without_the_right_token_everything_of_the_api_is_401(app: PotokApp, authorization: str | None) -> None:
    headers = {b"Authorization": authorization.encode()} if authorization else {}
    async with client_of(app) as client:
        for method, path in (
            ("GET", "/dags"),
            ("POST", "/dags/ml_pipeline/runs"),
            ("GET", "/nothing"),
            ("GET", "/events"),
        ):
            answer = await client.request(method, f"/api/v1{path}", headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert TOKEN not in answer.text


async def test_a_session_reads_at_once_and_writes_with_the_csrf_header_from_our_own_page(app: PotokApp) -> None:
    async with signed_in(app) as client:
        url = "/api/v1/dags/ml_pipeline/runs"
        assert (await client.get("/api/v1/dags")).status_code == 200
        assert (await client.post(url)).status_code == 403
        assert (await client.post(url, headers={"X-Potok-CSRF": "1"})).status_code == 403
        assert (await client.post(url, headers={"Origin": ORIGIN})).status_code == 403
        assert (await client.post(url, headers={**CSRF, "Origin": "https://evil.example"})).status_code == 403
        assert (await client.post(url, headers={**CSRF, "Origin": "null"})).status_code == 403
        assert (await client.post(url, headers=CSRF)).status_code == 201


async def test_a_session_survives_a_restart_and_ends_with_the_token(
    app: PotokApp, scheduler: QuietScheduler, store: Store, settings: ApiSettings
) -> None:
    async with signed_in(app) as client:
        cookies = client.cookies
    async with client_of(create_app(scheduler, store, settings)) as client:
        client.cookies = cookies
        assert (await client.get("/api/v1/dags")).status_code == 200
    changed = msgspec.structs.replace(settings, token="another")
    async with client_of(create_app(scheduler, store, changed)) as client:
        client.cookies = cookies
        assert (await client.get("/api/v1/dags")).status_code == 401


async def test_a_login_link_expires_and_cannot_be_forged(app: PotokApp) -> None:
    now = time.time()
    old = auth.login_link(ORIGIN, TOKEN, now - auth.LINK_VALID_S - 5)
    other = auth.login_link(ORIGIN, "another token", now)
    session = f"/login?code={auth.session_value(TOKEN, now)}"
    later = auth.login_link(ORIGIN, TOKEN, now).replace("code=1", "code=2", 1)
    async with client_of(app) as client:
        for link in (old, other, session, later, "/login", "/login?code=", "/login?code=9.9", "/login?code=%C2%B2.a"):
            answer = await client.get(link)
            assert (answer.status_code, answer.headers["location"]) == (303, "/?expired=1"), link
            assert "set-cookie" not in answer.headers


def test_a_code_of_the_link_is_no_session_and_the_reverse() -> None:
    now = time.time()
    code = urlsplit(auth.login_link(ORIGIN, TOKEN, now)).query.removeprefix("code=")
    assert auth.login_code_is_valid(code, TOKEN, now)
    assert not auth.session_is_valid(code, TOKEN, now)
    assert not auth.login_code_is_valid(auth.session_value(TOKEN, now), TOKEN, now)
    assert not auth.session_is_valid(auth.session_value(TOKEN, now - auth.SESSION_VALID_S - 1), TOKEN, now)


async def test_a_person_may_sign_in_with_the_token_on_our_own_page(app: PotokApp) -> None:
    async with client_of(app) as client:
        wrong = await client.post("/login", json={"token": "no"}, headers={"Origin": ORIGIN})
        assert wrong.status_code == 401
        foreign = await client.post("/login", json={"token": TOKEN}, headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert (await client.post("/login", content=b"x", headers={"Origin": ORIGIN})).status_code == 422
        assert (await client.post("/login", content=b"x" * 5000, headers={"Origin": ORIGIN})).status_code == 413
        right = await client.post("/login", json={"token": f" {TOKEN}\n"}, headers={"Origin": ORIGIN})
        assert right.status_code == 204
        assert (await client.get("/api/v1/dags")).status_code == 200


async def test_guessing_tokens_is_slowed_down_and_the_right_one_still_works(app: PotokApp) -> None:
    async with client_of(app) as client:
        codes = [
            (await client.get("/api/v1/dags", headers={"Authorization": f"Bearer guess{n}"})).status_code
            for n in range(15)
        ]
        assert codes[:10] == [401] * 10
        assert codes[10:] == [429] * 5
        limited = await client.get("/login?code=1.2")
        assert (limited.status_code, limited.headers["retry-after"].isdigit()) == (429, True)
        right = await client.get("/api/v1/dags", headers={"Authorization": f"Bearer {TOKEN}"})
        assert right.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[::2]:80"])
async def test_a_foreign_host_name_is_refused_everywhere(app: PotokApp, host: str) -> None:
    async with client_of(app) as client:
        for path in ("/", "/healthz", "/api/v1/dags", "/login", "/assets/index-abc123.js"):
            answer = await client.get(path, headers={"Host": host, "Authorization": f"Bearer {TOKEN}"})
            assert answer.status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "[::1]:8080", "potok.example:443"])
async def test_loopback_and_allowed_host_names_pass(
    scheduler: QuietScheduler, store: Store, settings: ApiSettings, host: str
) -> None:
    allowing = msgspec.structs.replace(settings, allowed_hosts=("Potok.example",))
    async with client_of(create_app(scheduler, store, allowing)) as client:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


async def test_probes_are_open_on_loopback_and_need_the_token_elsewhere(
    http: httpx.AsyncClient, app: PotokApp, scheduler: QuietScheduler, store: Store, settings: ApiSettings
) -> None:
    async with client_of(app) as client:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 200
    closed = create_app(scheduler, store, msgspec.structs.replace(settings, open_probes=False))
    async with client_of(closed) as client:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(path)).status_code == 401
            assert (await client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200


@pytest.mark.usefixtures("built_pages")
async def test_every_answer_carries_the_security_headers(http: httpx.AsyncClient) -> None:
    for path in (
        "/",
        "/assets/index-abc123.js",
        "/api/v1/dags",
        "/api/v1/nothing",
        "/healthz",
        "/nothing",
        "/login?code=x",
    ):
        answer = await http.get(path)
        csp = answer.headers["content-security-policy"]
        assert "default-src 'none'" in csp and "frame-ancestors 'none'" in csp and "unsafe" not in csp, path
        assert answer.headers["x-content-type-options"] == "nosniff"
        if path.startswith("/api"):
            assert answer.headers["cache-control"] == "no-store"


async def test_wrong_methods_are_405_and_say_which_are_right(http: httpx.AsyncClient) -> None:
    answer = await http.delete("/api/v1/dags/ml_pipeline/runs")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert (await http.post("/api/v1/dags")).status_code == 405
    assert (await http.post("/")).status_code == 405
    assert (await http.put("/login")).status_code == 405


async def test_a_body_over_the_limit_is_413_and_no_json_is_415_or_422(http: httpx.AsyncClient) -> None:
    url = "/api/v1/dags/ml_pipeline/runs"
    json_type = {"Content-Type": "application/json"}
    large = b'{"note":"' + b"x" * 1024 * 1024 + b'"}'

    async def chunks():  # type: ignore[no-untyped-def]
        for _ in range(20):
            yield b" " * 65_536

    assert (await http.post(url, content=large, headers=json_type)).status_code == 413
    assert (await http.post(url, content=chunks(), headers=json_type)).status_code == 413
    assert (await http.post(url, content=b"a=1", headers={"Content-Type": "text/plain"})).status_code == 415
    for content in (b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'"text"'):
        assert (await http.post(url, content=content, headers=json_type)).status_code == 422, content[:10]


@pytest.mark.usefixtures("built_pages")
async def test_a_page_behind_a_prefix_is_served_under_it(
    scheduler: QuietScheduler, store: Store, settings: ApiSettings
) -> None:
    prefixed = create_app(scheduler, store, msgspec.structs.replace(settings, path_prefix="/potok"))
    async with client_of(prefixed) as client:
        assert b'<base href="/potok/" />' in (await client.get("/potok/")).content
        link = auth.login_link(f"{ORIGIN}/potok", TOKEN, time.time())
        answer = await client.get(link)
        assert answer.headers["location"] == "/potok/"
        assert "Path=/potok;" in answer.headers["set-cookie"]
        assert (await client.get("/potok/api/v1/dags")).status_code == 200
