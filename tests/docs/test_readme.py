"""The Russian README is in step with the English one, and both begin with what a newcomer needs."""

import re
from pathlib import Path

from tests.docs.blocks import ROOT, blocks_of, prose

ENGLISH, RUSSIAN = ROOT / "README.md", ROOT / "README.ru.md"
PICTURE_BYTES_MAX = 200_000
# the one that moves has a dozen frames
MOVING_BYTES_MAX = 2_000_000


def _headings(page: Path) -> list[str]:
    return re.findall(r"^(#+) ", prose(page), flags=re.M)


def _links(page: Path) -> list[str]:
    links = re.findall(r"\]\(([^)]+)\)", prose(page))
    return sorted(link for link in links if not link.startswith("README"))


def _codes(page: Path) -> list[str]:
    return sorted(set(re.findall(r"`([^`\n]+)`", prose(page))))


def test_both_readmes_have_the_same_sections() -> None:
    assert _headings(ENGLISH) == _headings(RUSSIAN)


def test_both_readmes_show_the_same_blocks() -> None:
    english, russian = (
        [(block.language, block.marks, block.text) for block in blocks_of(page)] for page in (ENGLISH, RUSSIAN)
    )
    assert english == russian


def test_both_readmes_name_the_same_commands_and_lead_to_the_same_pages() -> None:
    assert _codes(ENGLISH) == _codes(RUSSIAN)
    assert _links(ENGLISH) == _links(RUSSIAN)


def test_tables_of_both_readmes_have_the_same_rows() -> None:
    english, russian = (len(re.findall(r"^\|", prose(page), flags=re.M)) for page in (ENGLISH, RUSSIAN))
    assert english == russian


def test_the_example_dag_of_the_readme_stays_short() -> None:
    example = next(block for block in blocks_of(ENGLISH) if block.language == "python")
    assert len([line for line in example.text.splitlines() if line.strip()]) <= 20


def test_pictures_are_png_and_light() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.read_bytes().startswith(b"\x89PNG"), picture.name
        most = MOVING_BYTES_MAX if b"acTL" in picture.read_bytes()[:100] else PICTURE_BYTES_MAX
        assert picture.stat().st_size <= most, f"{picture.name} weighs more than {most // 1000} KB"
