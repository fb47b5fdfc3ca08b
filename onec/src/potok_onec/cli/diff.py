"""`potok-onec diff`: what changed between two versions."""

import sys
from pathlib import Path

from msgspec import json, to_builtins

from potok_onec.cli import main
from potok_onec.cli.opening import open_source, tell_trouble
from potok_onec.cli.texts import say
from potok_onec.difference import Change, Difference, compare

_SECTIONS = ("objects", "members", "methods", "signatures")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def run(before: Path, after: Path, *, as_json: bool, workers: int | None, cache: bool) -> int:
    """0 when both are the same, 1 when they differ, as diff(1) does."""
    one = open_source(before, workers=workers, cache=cache)
    two = open_source(after, workers=workers, cache=cache) if one is not None else None
    if one is None or two is None:
        return main.NOTHING
    if not one.projects or not two.projects:
        for reading in (one, two):
            tell_trouble(reading.report)
        return main.NOTHING
    found = compare(one, two)
    if as_json:
        facts = {section: to_builtins(getattr(found, section)) for section in _SECTIONS}
        sys.stdout.buffer.write(json.format(json.encode(facts), indent=2) + b"\n")
    else:
        _print(found)
    return main.IMPERFECT if found else main.OK


def _print(found: Difference) -> None:
    if not found:
        print(say("same"))
    for section in _SECTIONS:
        changes: list[Change] = getattr(found, section)
        if not changes:
            continue
        amounts = ", ".join(
            f"{say(how)} {sum(1 for change in changes if change.how == how)}"
            for how in _SIGNS
            if any(change.how == how for change in changes)
        )
        print(f"{say(section)}: {amounts}")
        for change in changes:
            print(f"  {_SIGNS[change.how]} {change.name}  {change.file}:{change.line}")
            if change.what == "signature":
                print(f"      {change.before}\n      {change.after}")
