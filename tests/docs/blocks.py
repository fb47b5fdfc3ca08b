"""Fenced blocks of a page, in order, with the marks that say how a test treats them. Reads text, runs nothing.

The first word after the fence is the language, the others are marks: `file=PATH` (write it), `exit=N` (how the last
command ends), `server` (leave it running), `again` (repeat until the output is as expected), `dag` (build it), `run`
(run it in process), `prelude` (stands before every such block, or every `sh` one, of its page), `skip=REASON`. A `text`
block right behind another one is what that one prints. A block in an HTML comment works the same, unseen.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
LANGUAGES = frozenset({"sh", "python", "text", "toml", "ini", "mermaid", "json", "cron"})
MARKS = frozenset({"file", "exit", "server", "again", "dag", "run", "prelude", "skip", "make", "stop"})

_OPENING = re.compile(r"^(?:```|<!-- )(sh|python|text|toml|ini|mermaid|json|cron)((?: [a-z]+(?:=\S+)?)*)$")


class Block(NamedTuple):
    """One block from `line` to `end`, its fences; `marks` maps a mark to its value ('' when it has none)."""

    page: Path
    line: int
    end: int
    language: str
    marks: dict[str, str]
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def exit_code(self) -> int:
        return int(self.marks.get("exit", "0"))


def blocks_of(page: Path) -> list[Block]:
    """Raises ValueError for a fence that is not closed or has no known language."""
    found: list[Block] = []
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        opening = _OPENING.match(line)
        if opening is None:
            if line.startswith("```"):
                raise ValueError(f"{page.name}:{number}: a fence without a known language: {line}")
            continue
        closing = "```" if line.startswith("```") else "-->"
        body: list[str] = []
        for end, inner in lines:  # noqa: B007 - the line of the closing fence
            if inner == closing:
                break
            body.append(inner)
        else:
            raise ValueError(f"{page.name}:{number}: the block is not closed")
        found.append(Block(page, number, end, opening[1], _marks(opening[2], page, number), "\n".join(body) + "\n"))
    return found


def _marks(words: str, page: Path, number: int) -> dict[str, str]:
    marks = {name: value for name, _, value in (word.partition("=") for word in words.split())}
    unknown = set(marks) - MARKS
    if unknown:
        raise ValueError(f"{page.name}:{number}: unknown marks {sorted(unknown)}")
    return marks


def prose(page: Path) -> str:
    """The page without its blocks and comments: what links and headings are looked for in."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    return re.sub(r"^<!--.*?-->$", "", text, flags=re.S | re.M)


def pages() -> list[Path]:
    """Every page that people write: the READMEs and docs/ without what is made from code and without the ADRs."""
    written = [path for path in (ROOT / "docs").rglob("*.md") if path.parts[-2] not in ("reference", "adr")]
    return [ROOT / "README.md", ROOT / "README.ru.md", *sorted(written)]
