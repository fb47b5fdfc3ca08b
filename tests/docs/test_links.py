"""Every link on the pages leads somewhere: to a file of the repository, and to a heading that is there."""

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, pages, prose

LINKING = [*pages(), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "examples" / "README.md"]
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", LINKING, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for link in _LINK.findall(prose(page)):
        if link.startswith(("https://", "mailto:")):
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.is_relative_to(ROOT) or not target.exists() or (anchor and anchor not in _anchors(target)):
            broken.append(link)
    assert not broken


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = (link.partition("#")[0] for link in _LINK.findall(prose(page)) if "://" not in link)
        waiting += [(page.parent / link).resolve() for link in links if link]
    lost = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").rglob("*.md")} - {
        page.relative_to(ROOT).as_posix() for page in seen if page.is_relative_to(ROOT)
    }
    assert not lost


def test_no_page_is_about_the_machine_it_was_written_on() -> None:
    found = [page.name for page in pages() if re.search(r"/work/|/tmp/(?!rehearsal)|/root/", page.read_text())]
    assert not found
