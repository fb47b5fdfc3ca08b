"""Where sources come from: the commit, the address and the licence, read from the files of the checkout."""

import re
from configparser import ConfigParser, Error
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

UNKNOWN: Final = "unknown"
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_LICENCE_NAMES: Final = re.compile(r"(?:licen[sc]e|copying|лицензия)(?:[.-].*)?\Z", re.IGNORECASE)
_README_NAMES: Final = re.compile(r"readme(?:\..*)?\Z", re.IGNORECASE)
# A licence is told by its own words, the more special ones first.
_LICENCES: Final = (
    ("CC0-1.0", r"CC0 1\.0|creativecommons\.org/publicdomain/zero"),
    ("CC-BY-SA-4.0", r"Attribution-ShareAlike 4\.0|CC[ -]BY-SA 4|licenses/by-sa/4"),
    ("CC-BY-NC-4.0", r"Attribution-NonCommercial 4\.0|CC[ -]BY-NC 4|licenses/by-nc/4"),
    ("CC-BY-4.0", r"Attribution 4\.0|CC[ -]BY 4|licenses/by/4|С указанием авторства.{0,20}4\.0"),
    ("AGPL-3.0", r"GNU AFFERO GENERAL PUBLIC LICENSE"),
    ("LGPL-3.0", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3|LGPL[ -]?v?3"),
    ("LGPL-2.1", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1"),
    ("GPL-3.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 3|GPL[ -]?v?3"),
    ("GPL-2.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 2"),
    ("MPL-2.0", r"Mozilla Public License.{0,40}2\.0"),
    ("EPL-2.0", r"Eclipse Public License.{0,20}2\.0"),
    ("Apache-2.0", r"Apache License,?\s+(?:Version|v\.?)\s*2|Apache[ -]2\.0"),
    ("BSD-3-Clause", r"Redistribution and use in source and binary.*Neither the name"),
    ("BSD-2-Clause", r"Redistribution and use in source and binary"),
    ("Unlicense", r"free and unencumbered software released into the public domain"),
    ("MIT", r"MIT License|Permission is hereby granted, free of charge"),
)
_HEAD_CHARS: Final = 8000
_LEVELS_MAX: Final = 12


class Origin(Struct, frozen=True):
    """`licence_from` is the file that told, `option` or empty."""

    source: str
    commit: str
    licence: str
    licence_from: str = ""


def origin_of(source: Path, *, licence: str = "", address: str = "") -> Origin:
    """Of a folder with sources; a checkout may begin above it. Nothing is run. What is given is not looked for."""
    folder = source if source.is_dir() else source.parent
    top, git = _checkout(folder.resolve())
    address = address or (_address(git) if git else "")
    commit = _commit(git) if git else ""
    told = (licence, "option") if licence else _licence(folder.resolve(), top)
    return Origin(address or (top or folder.resolve()).name, commit or UNKNOWN, *told)


def _checkout(folder: Path) -> tuple[Path | None, Path | None]:
    """The top folder of the checkout and its .git folder; a worktree's .git is a file that names it."""
    for top in [folder, *folder.parents][:_LEVELS_MAX]:
        git = top / ".git"
        if git.is_dir():
            return top, git
        if git.is_file():
            named = _read(git).partition("gitdir:")[2].strip()
            if named:
                return top, (top / named).resolve()
    return None, None


def _commit(git: Path) -> str:
    head = _read(git / "HEAD").strip()
    if _COMMIT.match(head):
        return head
    name = head.partition("ref:")[2].strip()
    if not name or ".." in name:
        return ""
    common = _common(git)
    for place in (git / name, common / name):
        found = _read(place).strip()
        if _COMMIT.match(found):
            return found
    for line in _read(common / "packed-refs").splitlines():
        digest, _, packed = line.partition(" ")
        if packed == name and _COMMIT.match(digest):
            return digest
    return ""


def _common(git: Path) -> Path:
    """Worktrees share the references of the first checkout."""
    shared = _read(git / "commondir").strip()
    return (git / shared).resolve() if shared else git


def _address(git: Path) -> str:
    """Of the remote `origin`, without a user's name and password; a folder of this machine is nobody's address."""
    config = ConfigParser(strict=False, interpolation=None, allow_no_value=True)
    try:
        config.read_string(_read(_common(git) / "config"))
        url = config.get('remote "origin"', "url", fallback="") or ""
    except Error:
        return ""
    parts = urlsplit(url)
    if parts.scheme in ("http", "https", "ssh", "git") and parts.hostname:
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit((parts.scheme, f"{parts.hostname}{port}", parts.path, "", ""))
    host, colon, path = url.rpartition("@")[2].partition(":")
    return f"ssh://{host}/{path}" if colon and "/" not in host and len(host) > 1 and not parts.netloc else ""


def _licence(folder: Path, top: Path | None) -> tuple[str, str]:
    """From the folder up to the top of the checkout: a file of its own first, then what the README says."""
    folders = [folder]
    if top is not None:
        folders += [each for each in folder.parents if each == top or top in each.parents]
    for names in (_LICENCE_NAMES, _README_NAMES):
        for each in folders:
            for path in _named(each, names):
                found = licence_of(_read(path)[:_HEAD_CHARS])
                if found:
                    return found, path.name
    return UNKNOWN, ""


def _named(folder: Path, names: re.Pattern[str]) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if names.match(path.name) and path.is_file())
    except OSError:
        return []


def licence_of(text: str) -> str:
    """The SPDX name of a licence by its words; empty when they are of none that is known here."""
    return next((name for name, words in _LICENCES if re.search(words, text, re.IGNORECASE | re.DOTALL)), "")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
