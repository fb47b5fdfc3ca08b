"""Every command and every block of Python on the pages is carried out, and prints what the page shows."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, Block, blocks_of, pages
from tests.docs.workspace import Workspace

POTOK = Path(sys.executable).with_name("potok")

# What a page may not have carried out here, and why.
SKIPPED = {
    "root": "changes the machine: a system service, a package",
    "elsewhere": "belongs to another program (crontab, Celery), shown for comparison",
    "install": "installs into an environment of the reader's",
}


def _is_alive(block: Block) -> bool:
    return block.language in ("sh", "python", "toml") and "make" not in block.marks


def _of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in pages() if any(map(_is_alive, blocks_of(page)))], ids=_of)
def test_page_does_what_it_says(page: Path, request: pytest.FixtureRequest) -> None:
    text = page.read_text(encoding="utf-8")
    if "curl" in text and shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    url = request.getfixturevalue("postgres_url") if "postgresql://potok@db.example.org" in text else ""
    with Workspace(postgres_url=url) as workspace:
        workspace.carry_out([block for block in blocks_of(page) if "make" not in block.marks])


def test_every_skipped_block_has_a_reason() -> None:
    reasons = {
        block.marks["skip"]: block.place for page in pages() for block in blocks_of(page) if "skip" in block.marks
    }
    assert set(reasons) <= set(SKIPPED), reasons


def test_every_make_target_on_the_pages_exists() -> None:
    targets = {
        line.split("#")[0].strip()
        for page in pages()
        for block in blocks_of(page)
        if "make" in block.marks
        for line in block.text.splitlines()
        if line.startswith("make ")
    }
    assert {"make run", "make test"} <= targets
    for target in targets:
        words = [*target.split(), "--dry-run"]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{target}: {done.stderr}"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit_file_as_it_is(tmp_path: Path) -> None:
    [unit] = [block for block in blocks_of(ROOT / "docs" / "how-to" / "systemd.md") if block.language == "ini"]
    text = unit.text.replace("User=potok", "User=root").replace("/opt/potok/bin/potok", str(POTOK))
    path = tmp_path / "potok.service"
    path.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", path], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if path.name in line]
    assert done.returncode == 0 and not complaints, done.stderr
