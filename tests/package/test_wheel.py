"""What `pip install .` gives: a wheel with the whole web UI in it, which its server serves."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = "potok/api/static/"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [ROOT / ".venv/bin/uv", "build", "--quiet", "--wheel", "--out-dir", folder, ROOT],
        check=True, env={name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"},
    )  # fmt: skip
    (found,) = folder.glob("potok-*.whl")
    return found


@pytest.fixture(scope="module")
def url(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the unpacked wheel; nothing of the checkout is imported."""
    site, work = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("work")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    (work / "dags").mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POTOK_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "potok", "up", "--json", "--port", "0"],
        cwd=work, env={**environment, "PYTHONPATH": str(site)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["url"]
    finally:
        server.terminate()
        server.communicate(timeout=30)


def test_the_wheel_has_the_pages_and_their_packed_twins(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = [name.removeprefix(STATIC) for name in packed.namelist() if name.startswith(STATIC)]
    assert {"index.html", "first-paint.js", "mark.svg"} <= set(names)
    scripts = [name for name in names if name.endswith(".js") and name.startswith("assets/")]
    assert scripts
    assert all(f"{name}.gz" in names for name in scripts)


def test_the_server_of_the_wheel_serves_the_page_and_all_that_it_names(url: str) -> None:
    answer = httpx.get(f"{url}/")
    assert answer.status_code == 200
    assert '<base href="/"' in answer.text
    named = re.findall(r'(?:src|href)="\./([^"]+)"', answer.text)
    assert len(named) >= 4
    for name in named:
        found = httpx.get(f"{url}/{name}")
        assert found.status_code == 200, name
        assert "content-security-policy" in found.headers


def test_scripts_come_packed_and_may_be_kept(url: str) -> None:
    page = httpx.get(f"{url}/").text
    found = re.search(r'src="\./(assets/[^"]+\.js)"', page)
    assert found is not None
    answer = httpx.get(f"{url}/{found[1]}")
    assert answer.headers["content-encoding"] == "gzip"
    assert "immutable" in answer.headers["cache-control"]
