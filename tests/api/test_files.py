"""Files of results over HTTP: sealed addresses, nothing beside what a result names, hostile pages without any right."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import msgspec
import pytest

from potok.api.app import PotokApp, create_app
from potok.api.auth import FilesSeal
from potok.api.settings import ApiSettings
from potok.authoring.files import Files
from potok.model.result_files import FilesRecord
from potok.model.state import TaskState
from potok.store.protocol import Store
from potok.worker.result_files import record_of
from tests.api.conftest import TOKEN, client_of
from tests.api.scheduler import QuietScheduler

HOSTILE = "<script>fetch('/api/v1/runs')</script>"


@pytest.fixture
def workspace(potok_home: Path) -> Path:
    folder = (potok_home / "ws").resolve()
    folder.mkdir()
    return folder


@pytest.fixture
def site(workspace: Path) -> Path:
    folder = workspace / "out" / "site-1a2b"
    (folder / "ru").mkdir(parents=True)
    (folder / "index.html").write_text(f"<h1>Все</h1>{HOSTILE}", encoding="utf-8")
    (folder / "ru" / "a b#1.html").write_text("<p>стр</p>", encoding="utf-8")
    (folder / "data.bin").write_bytes(bytes(range(256)) * 4096)
    (folder / ".env").write_text("SECRET=1")
    (workspace / "secret.txt").write_text("secret")
    (folder / "out.txt").symlink_to(workspace / "secret.txt")
    (folder / "dotted").symlink_to(".env")
    return folder


@pytest.fixture
def settings(potok_home: Path, workspace: Path) -> ApiSettings:
    return ApiSettings(token=TOKEN, home=potok_home.resolve() / "home", result_roots=(workspace,))


class Named:
    """A run whose task names `files`; asks for them without any session."""

    def __init__(self, app: PotokApp, scheduler: QuietScheduler, prefix: str = "") -> None:
        self.app, self.scheduler, self.prefix = app, scheduler, prefix
        self.run_id = ""

    def name(self, *files: Files) -> None:
        run = self.scheduler.new_run("ml_pipeline", run_id=f"night/run é {time.monotonic_ns()}")
        self.run_id = run.record.run_id
        self.put(*(record_of(one) for one in files))

    def put(self, *records: FilesRecord) -> None:
        attempt = self.scheduler.begin_attempt(self.run_id, "evaluate")
        self.scheduler.end_attempt(self.run_id, attempt, TaskState.SUCCESS)
        self.scheduler.put_result(self.run_id, attempt, b"{}", files=records)

    def address(self, path: str = "", *, number: int = 0, valid_s: float = 60.0, token: str = TOKEN) -> str:
        seal = FilesSeal(self.run_id, "evaluate", number).make(token, time.time() + valid_s)
        return f"{self.prefix}/files/{seal}/{quote(self.run_id, safe='')}/evaluate/{number}/{path}"

    async def get(self, path: str = "", *, headers: dict[str, str] | None = None, **of: object) -> httpx.Response:
        async with client_of(self.app) as stranger:
            return await stranger.get(self.address(path, **of), headers=headers)  # type: ignore[arg-type]


@pytest.fixture
def named(app: PotokApp, scheduler: QuietScheduler, site: Path) -> Iterator[Named]:
    named = Named(app, scheduler)
    named.name(Files(site, title="Сайт <b>"))
    yield named
    app.close()


async def test_the_way_from_a_run_to_its_files(http: httpx.AsyncClient, named: Named, site: Path) -> None:
    run = quote(named.run_id, safe="")
    [listed] = (await http.get(f"/api/v1/runs/{run}/files")).json()["items"]
    assert (listed["title"], listed["count"], listed["state"]) == ("Сайт <b>", 4, "ready")
    assert listed["open"] == f"/api/v1/runs/{run}/tasks/evaluate/files/0"
    there = await http.get(listed["open"])
    assert there.status_code == 303
    async with client_of(named.app) as stranger:
        assert (await stranger.get(listed["open"])).status_code == 401
        for address in (there.headers["location"], listed["link"]):
            page = await stranger.get(address)
            assert page.status_code == 200 and page.text.startswith("<h1>Все</h1>")
            assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_every_answer_is_a_sandbox_without_a_way_to_the_session(named: Named) -> None:
    for path in ("", "ru/a%20b%231.html", "data.bin", "ru/", "nope", "ru"):
        answer = await named.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("sandbox ") and "allow-same-origin" not in policy and "allow-forms" not in policy
        assert "allow-top-navigation" not in policy and "allow-popups-to-escape-sandbox" not in policy
        assert "form-action 'none'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        # a browser refuses a sandboxed page that asks for an opener policy
        assert "cross-origin-opener-policy" not in answer.headers


async def test_names_inside_are_served_as_they_are_written(named: Named) -> None:
    assert (await named.get("ru/a%20b%231.html")).text == "<p>стр</p>"
    moved = await named.get("ru")
    assert (moved.status_code, moved.headers["location"]) == (302, "./ru/")
    listing = (await named.get("ru/")).text
    assert 'href="./a%20b%231.html"' in listing and "a b#1.html" in listing


@pytest.mark.parametrize(
    "path",
    [
        "../secret.txt", "..%2Fsecret.txt", "%2e%2e/secret.txt", "ru/../../secret.txt", "ru%2F..%2F..%2Fsecret.txt",
        "..%5Csecret.txt", "/etc/passwd", "%2Fetc%2Fpasswd", ".env", "%2eenv", "ru/../.env", "out.txt", "dotted",
        "index.html%00", "index.html/", "data.bin/x", "", "nope", "a" * 5000, "%ff%fe",
    ],
)  # fmt: skip
async def test_nothing_beside_the_files_is_served(named: Named, path: str, site: Path) -> None:
    if path == "":
        (site / "index.html").unlink()
        (site / "index.html").symlink_to("/etc/hostname")
    answer = await named.get(path)
    assert answer.status_code in (404, 410), path
    assert "secret" not in answer.text.replace("secret.txt", "") and "SECRET" not in answer.text
    assert "root:" not in answer.text


async def test_a_listing_shows_no_hidden_name_and_no_html_of_a_name(named: Named, site: Path) -> None:
    (site / "index.html").unlink()
    (site / "<img src=x onerror=alert(1)>.txt").write_text("x")
    (site / "javascript:alert(1)").write_text("x")
    named.name(Files(site, title="</title><script>alert(1)</script>"))
    page = await named.get(headers={"Accept-Language": "ru"})
    assert page.status_code == 200 and ".env" not in page.text
    assert "<img" not in page.text and "<script" not in page.text
    assert 'href="./javascript%3Aalert%281%29"' in page.text
    assert "<th>Размер</th>" in page.text and "1,0 МБ" in page.text
    assert re.findall(r'href="\./([^"]+)"', page.text)[0] == "ru/"
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_link_works_only_as_long_as_its_seal_and_only_for_its_files(named: Named, site: Path) -> None:
    expired = await named.get(valid_s=-1)
    assert expired.status_code == 410 and "expired" in expired.text
    assert (await named.get(token="another")).status_code == 404
    other = FilesSeal(named.run_id, "evaluate", 1).make(TOKEN, time.time() + 60)
    first = named.address()
    async with client_of(named.app) as stranger:
        assert (await stranger.get(re.sub(r"^/files/[^/]+", f"/files/{other}", first))).status_code == 404
        longer = re.sub(r"^/files/\d+", "/files/99999999999", first)
        assert (await stranger.get(longer)).status_code == 404
        for address in (
            "/files/",
            "/files/x",
            "/files/a/b/c/d/e",
            "/files/a/b/c/9999999999/",
            first.replace("/0/", "/-1/"),
        ):
            assert (await stranger.get(address)).status_code == 404
        assert (await stranger.post(first)).status_code == 405


async def test_a_session_is_no_right_to_an_unsealed_address(http: httpx.AsyncClient, named: Named) -> None:
    assert (await http.get(f"/files/0.0/{quote(named.run_id, safe='')}/evaluate/0/")).status_code == 404


async def test_an_old_run_shows_its_own_output_or_says_that_it_is_gone(
    http: httpx.AsyncClient, named: Named, workspace: Path, site: Path
) -> None:
    latest = workspace / "latest"
    latest.symlink_to(site)
    named.name(Files(latest))
    newer = workspace / "newer"
    newer.mkdir()
    (newer / "index.html").write_text("newer")
    latest.unlink()
    latest.symlink_to(newer)
    assert "Все" in (await named.get()).text
    (site / "index.html").write_text("written over")
    over = await named.get()
    assert over.status_code == 410 and "written over since" in over.text
    site.rename(workspace / "moved")
    gone = await named.get(headers={"Accept-Language": "ru-RU"})
    assert gone.status_code == 410 and "больше нет" in gone.text
    site.symlink_to(newer)
    assert (await named.get()).status_code == 410
    [listed] = (await http.get(f"/api/v1/runs/{quote(named.run_id, safe='')}/files")).json()["items"]
    assert (listed["state"], listed["link"]) == ("gone", "") and "is gone" in listed["problem"]
    opened = await http.get(listed["open"])
    assert opened.status_code == 410 and "is gone" in opened.json()["detail"]


async def test_what_lies_outside_of_the_roots_or_in_the_home_is_refused(
    http: httpx.AsyncClient, named: Named, tmp_path: Path, potok_home: Path, workspace: Path
) -> None:
    outside, home = tmp_path / "elsewhere", potok_home / "home" / "x"
    for folder in (outside, home):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("not for eyes")
    named.name(*(Files(folder) for folder in (outside, home)))
    for number in range(2):
        answer = await named.get(number=number)
        assert answer.status_code == 403 and "result_roots" in answer.text and "not for eyes" not in answer.text
        where = f"/api/v1/runs/{quote(named.run_id, safe='')}/tasks/evaluate/files/{number}"
        assert (await http.get(where)).status_code == 403


async def test_a_hidden_store_of_outputs_is_shown_but_nothing_hidden_in_it(named: Named, workspace: Path) -> None:
    store = workspace / ".store" / "docs-1a2b"
    store.mkdir(parents=True)
    (store / "index.html").write_text("the site")
    (store / ".secret").write_text("no")
    (workspace / "docs").symlink_to(store)
    named.name(Files(workspace / "docs"))
    assert (await named.get()).text == "the site"
    assert (await named.get(".secret")).status_code == 404


async def test_the_home_inside_of_a_folder_is_not_shown(
    scheduler: QuietScheduler, store: Store, workspace: Path
) -> None:
    home = workspace / "kept"
    home.mkdir()
    (home / "token").write_text(TOKEN)
    app = create_app(scheduler, store, ApiSettings(token=TOKEN, home=home, result_roots=(workspace,)))
    named = Named(app, scheduler)
    named.name(Files(workspace, index=""))
    assert (await named.get("kept/token")).status_code == 404
    assert (await named.get("kept/")).status_code == 404
    app.close()


async def test_one_file_is_shown_by_its_name(http: httpx.AsyncClient, named: Named, workspace: Path) -> None:
    report = workspace / "отчёт 1.csv"
    report.write_text("a;b")
    named.name(Files(report))
    moved = await named.get()
    assert (moved.status_code, moved.headers["location"]) == (302, f"./{quote(report.name)}")
    shown = await named.get(quote(report.name))
    assert (shown.text, shown.headers["content-type"]) == ("a;b", "text/plain; charset=utf-8")
    assert (await named.get("secret.txt")).status_code == 404
    [listed] = (await http.get(f"/api/v1/runs/{quote(named.run_id, safe='')}/files")).json()["items"]
    assert listed["link"].endswith(quote(report.name)) and not listed["is_folder"]


async def test_parts_of_a_large_file_and_what_is_known_already(named: Named, site: Path) -> None:
    data = (site / "data.bin").read_bytes()
    whole = await named.get("data.bin")
    assert whole.content == data and whole.headers["content-length"] == str(len(data))
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''data.bin"
    for asked, part in (("bytes=0-9", data[:10]), ("bytes=-3", data[-3:]), ("bytes=1048000-", data[1048000:])):
        answer = await named.get("data.bin", headers={"Range": asked})
        assert (answer.status_code, answer.content) == (206, part)
        assert answer.headers["content-range"].endswith(f"/{len(data)}")
    beyond = await named.get("data.bin", headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    for odd in ("bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=9-1x"):
        assert (await named.get("data.bin", headers={"Range": odd})).status_code == 200
    same = await named.get("data.bin", headers={"If-None-Match": f'"x", {whole.headers["etag"]}'})
    assert (same.status_code, same.content) == (304, b"")
    stale = await named.get("data.bin", headers={"Range": "bytes=0-9", "If-Range": '"old"'})
    assert (stale.status_code, len(stale.content)) == (200, len(data))


async def test_a_pipe_beside_the_files_holds_nothing_up(named: Named, site: Path) -> None:
    os.mkfifo(site / "pipe.html")
    assert (await named.get("pipe.html")).status_code == 404


async def test_behind_a_prefix_every_address_has_it(
    scheduler: QuietScheduler, store: Store, settings: ApiSettings, site: Path
) -> None:
    app = create_app(scheduler, store, msgspec.structs.replace(settings, path_prefix="/potok"))
    named = Named(app, scheduler, "/potok")
    named.name(Files(site))
    assert (await named.get()).status_code == 200
    async with client_of(app) as http:
        http.headers["Authorization"] = f"Bearer {TOKEN}"
        [listed] = (await http.get(f"/potok/api/v1/runs/{quote(named.run_id, safe='')}/files")).json()["items"]
        assert listed["open"].startswith("/potok/api/v1/runs/") and listed["link"].startswith("/potok/files/")
        assert (await http.get(listed["open"])).headers["location"].startswith("/potok/files/")
    app.close()


async def test_a_result_that_names_none_or_is_gone_is_told(http: httpx.AsyncClient, named: Named) -> None:
    run = quote(named.run_id, safe="")
    assert (await http.get(f"/api/v1/runs/{run}/tasks/evaluate/files/1")).status_code == 404
    assert (await http.get(f"/api/v1/runs/{run}/tasks/cleanup/files/0")).status_code == 404
    assert (await http.get("/api/v1/runs/nope/files")).status_code == 404
    gone = await named.get(number=1)
    assert gone.status_code == 410 and "run again" in gone.text
