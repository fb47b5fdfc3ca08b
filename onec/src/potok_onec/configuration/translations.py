"""Reads texts of EDT translation projects: .lstr and .nstr files, `key=text` a line, the language in the name."""

import re
from pathlib import PurePosixPath
from typing import Final

_LANGUAGE: Final = re.compile(r"_([A-Za-z]{2,3}(?:_[A-Za-z]+)?)$")
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
# A key ends at the first = or : that is not escaped.
_PAIR: Final = re.compile(r"((?:\\.|[^=:\\])*)[=:](.*)", re.DOTALL)


def read(path: str, data: bytes) -> tuple[str, dict[str, str]]:
    """The language and the texts by key. A .tlx file holds settings of the language and has none."""
    name = PurePosixPath(path)
    found = _LANGUAGE.search(name.stem)
    language = found.group(1) if found else ""
    if name.suffix == ".tlx":
        return language, {}
    texts: dict[str, str] = {}
    for line in _joined(data.decode("utf-8-sig", "replace")):
        match = _PAIR.match(line)
        if match:
            texts[_plain(match.group(1).strip())] = _plain(match.group(2).strip())
    return language, texts


def _joined(text: str) -> list[str]:
    """Logical lines: a backslash at the end joins the next one; # and ! begin comments."""
    lines: list[str] = []
    pending = ""
    for line in text.splitlines():
        stripped = line.lstrip()
        if not pending and (not stripped or stripped[0] in "#!"):
            continue
        pending += stripped
        if (len(pending) - len(pending.rstrip("\\"))) % 2:
            pending = pending[:-1]
            continue
        lines.append(pending)
        pending = ""
    if pending:
        lines.append(pending)
    return lines


def _plain(text: str) -> str:
    def decoded(match: re.Match[str]) -> str:
        code = match.group(1)
        return chr(int(code[1:], 16)) if len(code) == 5 else _CONTROLS.get(code, code)

    return _ESCAPE.sub(decoded, text)
