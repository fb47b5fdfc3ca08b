"""What the tidiness tests look at: source files, functions, lengths. Reads files, imports none of them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 500
EXCEPTIONS = ROOT / "tests" / "arch" / "tidy_exceptions.txt"

# Only what a person writes: the lock file and the pages made from code are long by nature.
WRITTEN = (".py", ".sql", ".js", ".ts", ".tsx", ".css", ".html", ".toml", ".yaml", ".yml", ".sh", ".md")
GENERATED = ("docs/reference/", "ui/src/api/schema.gen.ts")


class Length(NamedTuple):
    """One thing with its number of lines; `name` is `path` for a file and `path::qualified.name` for a function."""

    name: str
    lines: int


def written_files() -> list[Path]:
    """Every file of ours that git knows or would take, as absolute paths."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    names = sorted(set(listing.stdout.splitlines()))
    ours = [name for name in names if name.endswith(WRITTEN) and not name.startswith(GENERATED)]
    return [path for path in (ROOT / name for name in ours) if path.is_file()]


def python_files(*folders: str) -> list[Path]:
    """Our Python files below the given top-level folders."""
    return [path for path in written_files() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in folders]


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def function_lengths(path: Path) -> Iterator[Length]:
    """Each function with its lines, decorators and docstring not counted: prose may be as long as it needs."""
    yield from _functions(tree(path), f"{shown(path)}::")


def _functions(node: ast.AST, prefix: str) -> Iterator[Length]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if not isinstance(child, ast.ClassDef):
                yield Length(prefix + child.name, _lines(child))
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        assert first.end_lineno is not None
        lines -= first.end_lineno - first.lineno + 1
    return lines


def file_lengths(path: Path) -> Length:
    return Length(shown(path), path.read_text(encoding="utf-8").count("\n"))


def allowed() -> dict[str, int]:
    """The ratchet: `name lines` a row. A row may only shrink, and goes when the thing fits."""
    rows = (row.split("#")[0].split() for row in EXCEPTIONS.read_text(encoding="utf-8").splitlines())
    return {row[0]: int(row[1]) for row in rows if row}


def complaints(lengths: list[Length], limit: int, exceptions: dict[str, int]) -> list[str]:
    """What is too long and not excused, or has shrunk below its excuse."""
    found = []
    for name, lines in lengths:
        excused = exceptions.get(name)
        if excused is None and lines > limit:
            found.append(f"{name} has {lines} lines, at most {limit} are allowed: split it by the questions it answers")
        elif excused is not None and lines > excused:
            found.append(f"{name} grew from {excused} to {lines} lines")
        elif excused is not None and lines < excused:
            cure = f"write {lines} in its row" if lines > limit else "take its row out"
            found.append(f"{name} shrank from {excused} to {lines} lines: {cure} of {shown(EXCEPTIONS)}")
    return found
