"""Every example of the readmes and docs that is marked to run does run, in a folder with generated sources."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from potok_onec.testing import generate

ROOT = Path(__file__).parents[1]
_BLOCK = re.compile(r"<!-- run -->\n```(\w+)\n(.*?)```", re.DOTALL)
_HEADING = re.compile(r"^#+ ", re.MULTILINE)


def _blocks() -> list[object]:
    pages = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
    return [
        pytest.param(match.group(1), match.group(2), id=f"{page.relative_to(ROOT)}:{number}")
        for page in pages
        for number, match in enumerate(_BLOCK.finditer(page.read_text(encoding="utf-8")), 1)
    ]


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`sources` is an EDT project, `dump` the same as a Designer dump."""
    folder = tmp_path_factory.mktemp("workshop")
    generate(folder / "sources", layout="edt")
    generate(folder / "dump", layout="designer")
    return folder


@pytest.mark.parametrize(("language", "text"), _blocks())
def test_example_runs(language: str, text: str, workshop: Path) -> None:
    folder = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "POTOK_ONEC_CACHE": str(workshop / ".cache")}
    commands = [[sys.executable, "-c", text]]
    if language == "console":
        commands = [shlex.split(line[2:]) for line in text.splitlines() if line.startswith("$ ")]
    assert commands
    for command in commands:
        done = subprocess.run(command, cwd=workshop, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_both_readmes_say_the_same() -> None:
    english, russian = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ru.md"))
    assert len(_HEADING.findall(english)) == len(_HEADING.findall(russian))
    assert [language for language, _ in _BLOCK.findall(english)] == [
        language for language, _ in _BLOCK.findall(russian)
    ]


def test_every_public_name_is_documented() -> None:
    from potok_onec import configuration

    text = "\n".join(page.read_text(encoding="utf-8") for page in ROOT.glob("docs/*.md"))
    main = {"Project", "MetadataObject", "Member", "Module", "Method", "Query", "Problem", "Rights", "Form", "Template"}
    assert main <= set(configuration.__all__)
    assert not [name for name in main if f"`{name}`" not in text]
