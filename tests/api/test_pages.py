"""The built pages as files: types, caching, compression, nothing outside the folder, nothing inline."""

import os
import re
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import PAGES_SCRIPT

pytestmark = pytest.mark.usefixtures("built_pages")


@pytest.mark.parametrize(
    "path", ["/", "/dags", "/dags/any/schedule", "/runs/any%2Frun", "/runs/a.b", "/workers", "/nope"]
)
async def test_every_address_of_a_page_is_the_document(http: httpx.AsyncClient, path: str) -> None:
    page = await http.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert b'<base href="/" />' in page.content
    assert page.headers["cache-control"] == "no-cache"


async def test_a_file_with_its_hash_in_its_name_is_kept_and_comes_packed(http: httpx.AsyncClient) -> None:
    answer = await http.get("/assets/index-abc123.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == PAGES_SCRIPT
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["vary"] == "accept-encoding"
    plain = await http.get("/assets/index-abc123.js", headers={"Accept-Encoding": "identity"})
    assert (plain.content, plain.headers.get("content-encoding")) == (PAGES_SCRIPT, None)
    again = await http.get("/assets/index-abc123.js", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_file_without_a_hash_is_asked_for_again(http: httpx.AsyncClient) -> None:
    answer = await http.get("/first-paint.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    ["/..%2Fsecret.js", "/../secret.js", "/%2e%2e/secret.js", "/assets/../../secret.js", "/assets/nope.js", "/nope.js"],
)
async def test_nothing_but_the_built_files_is_served(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 404
    assert answer.content != b"no"


async def test_before_a_build_the_answer_says_what_to_do(http: httpx.AsyncClient, built_pages: Path) -> None:
    (built_pages / "index.html").unlink()
    answer = await http.get("/")
    assert answer.status_code == 503
    assert "make ui" in answer.json()["detail"]


def test_the_document_of_the_source_holds_no_inline_script_style_or_handler() -> None:
    text = (Path(__file__).parents[2] / "ui" / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


async def test_a_build_under_a_running_server_is_served_at_once(http: httpx.AsyncClient, built_pages: Path) -> None:
    assert (await http.get("/assets/index-abc123.js")).status_code == 200
    for old in (built_pages / "assets").iterdir():
        old.unlink()
    (built_pages / "assets" / "index-def456.js").write_bytes(b"2;")
    os.utime(built_pages / "index.html", ns=(1, 1))
    assert (await http.get("/assets/index-abc123.js")).status_code == 404
    assert (await http.get("/assets/index-def456.js")).content == b"2;"
