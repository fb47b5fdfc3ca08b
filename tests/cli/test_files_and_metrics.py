"""`potok files` and `potok metrics`, against a real server: a task makes a site and tells numbers of it."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from potok.cli.metrics import change, number, sparkline
from tests.cli.running_server import RunningServer

pytestmark = pytest.mark.slow

DAGS = {
    "site.py": """
from pathlib import Path
from potok import Files, dag, task

@task(metrics=["pages", "counts.*", "missing"])
def build(pages: int) -> dict:
    site = Path("out", f"site-{pages}")
    site.mkdir(parents=True, exist_ok=True)
    (site / "index.html").write_text(f"<h1>{pages} pages</h1>")
    return {"pages": pages, "counts": {"words": pages * 100}, "site": Files(site, title="The site")}

@task
def look(site: Files) -> int:
    return len(Path(site, "index.html").read_text())

@dag()
def site(pages: int = 2):
    look(build(pages)["site"])

site()
""",
}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with RunningServer(DAGS) as running:
        for pages in (2, 5):
            assert running.potok("trigger", "site", "--param", f"pages={pages}", "--wait").code == 0
        yield running


def test_the_link_that_is_printed_shows_the_files(server: RunningServer) -> None:
    found = json.loads(server.potok("files", "site", "--json").out)
    [site] = found["items"]
    assert (site["task_id"], site["title"], site["count"], site["state"]) == ("build", "The site", 1, "ready")
    told = server.potok("files", "site", "build").out
    [link] = [line.strip() for line in told.splitlines() if line.strip().startswith("http")]
    with urllib.request.urlopen(link) as page:
        assert page.read() == b"<h1>5 pages</h1>"
        assert page.headers["content-security-policy"].startswith("sandbox allow-scripts")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(link + "nope.html")
    assert "No result of the run names files" in server.potok("files", "site", "look").out
    assert server.potok("files", "site", "nope").code != 0


def test_the_numbers_of_the_runs_are_told_with_their_change(server: RunningServer) -> None:
    told = server.potok("metrics", "site").out
    assert "build  pages" in told and "+3 (+150.0 %)" in told and "▁█" in told
    found = json.loads(server.potok("metrics", "site", "--json").out)
    assert [(one["name"], one["values"]) for one in found["metrics"]] == [
        ("pages", [2, 5]),
        ("words", [200, 500]),
    ]
    assert "no number for the metric 'missing'" in server.potok("logs", "site", "build").out


def test_numbers_and_bars_for_people() -> None:
    assert [number(value) for value in (None, 12345.0, 0.123456789, 1e20)] == ["", "12,345", "0.123457", "1e+20"]
    assert [change(5, None), change(5, 5), change(6, 5), change(1, 0), change(-2, -1)] == [
        "", "=", "+1 (+20.0 %)", "+1", "-1 (-100.0 %)",
    ]  # fmt: skip
    assert sparkline([1, None, 2, 3]) == "▁ ▅█" and sparkline([7, 7]) == "▄▄" and sparkline([None]) == ""
    assert sparkline([-1e308, 1e308]) == "▁█"
