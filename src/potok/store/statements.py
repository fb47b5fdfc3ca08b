"""SQL in named blocks (`-- name: xyz`), read once from files beside the code. Knows nothing of any dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_NAME = re.compile(r"^-- name: (\w+)$")
_BLOCK_REFERENCE = re.compile(r"\{(\w+)\}")
SHARED = Path(__file__).parent / "queries.sql"


def load_statements(*files: Path) -> Mapping[str, str]:
    """Statements by name from all `files`; `{name}` in a statement is an earlier block."""
    statements: dict[str, str] = {}
    for file in files:
        for name, lines in _blocks(file):
            text = " ".join(line.strip() for line in lines if line.strip() and not line.startswith("--"))
            assert name not in statements, f"{file}: {name} is there already"
            statements[name] = _BLOCK_REFERENCE.sub(lambda match: statements[match[1]], text)
    return statements


def _blocks(file: Path) -> list[tuple[str, list[str]]]:
    blocks: list[tuple[str, list[str]]] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if match := _NAME.match(line):
            blocks.append((match[1], []))
        elif blocks:
            blocks[-1][1].append(line)
    return blocks
