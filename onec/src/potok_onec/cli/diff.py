"""`potok-onec diff`: what changed between two versions, and who is affected."""

import sys
from functools import partial
from pathlib import Path

from msgspec import json, to_builtins

from potok_onec.affected import Affected, User, affected
from potok_onec.cli import main
from potok_onec.cli.opening import bring, complain, open_source, tell_trouble
from potok_onec.cli.texts import say
from potok_onec.configuration import read
from potok_onec.difference import Change, Difference, compare

_SECTIONS = ("objects", "members", "methods", "signatures")
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def run(
    before: str, after: str, *, repository: Path | None, users_max: int, as_json: bool, workers: int | None, cache: bool
) -> int:
    """0 when both are the same, 1 when they differ, as diff(1) does."""
    folders = _brought(before, after, repository)
    if folders is None:
        return main.NOTHING
    one = open_source(folders[0], workers=workers, cache=cache)
    two = open_source(folders[1], workers=workers, cache=cache) if one is not None else None
    if one is None or two is None:
        return main.NOTHING
    if not one.projects or not two.projects:
        for reading in (one, two):
            tell_trouble(reading.report)
        return main.NOTHING
    found = compare(one, two)
    again = [partial(read, folder, workers=workers, cache=cache) for folder in folders]
    users = affected(found, *again, users_max=users_max)
    if as_json:
        facts = {section: to_builtins(getattr(found, section)) for section in _SECTIONS}
        facts["affected"] = [{**to_builtins(one), "objects": sorted(one.objects)} for one in users]
        sys.stdout.buffer.write(json.format(json.encode(facts), indent=2) + b"\n")
    else:
        _print(found)
        _print_affected(users)
    return main.IMPERFECT if found else main.OK


def _brought(before: str, after: str, repository: Path | None) -> tuple[Path, Path] | None:
    """A and B are refs of one repository, or folders and addresses that may each have `@REF` behind them."""
    from potok_onec.repository import split_ref

    found = []
    for written in (before, after):
        source, ref = (str(repository), written) if repository is not None else split_ref(written)
        folder = bring(source, ref)
        if folder is None:
            return None
        found.append(folder)
    if found[0] == found[1] and repository is None and before != after:
        complain(say("same-folder", path=found[0]))
        return None
    return found[0], found[1]


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


def _print_affected(found: list[Affected]) -> None:
    if found:
        print(say("affected", things=len(found)))
    for one in found:
        parts = f" ({', '.join(one.parts)})" if one.parts else ""
        print(f"  {_SIGNS[one.how]} {one.name}{parts}: {say('affected-objects', objects=len(one.objects))}")
        for key, users, amount in (
            ("affected-before", one.before, one.users_before),
            ("affected-still" if one.how == "removed" else "affected-after", one.after, one.users_after),
        ):
            if amount:
                print(f"      {say(key, places=amount)}")
                _print_users(users, amount)


def _print_users(users: list[User], amount: int) -> None:
    for user in users:
        where = f"{user.object}.{user.method}" if user.method else user.object
        print(f"        {user.file}:{user.line}  {where}  {say(f'edge-{user.kind}')}")
    if amount > len(users):
        print(f"        {say('affected-more', amount=amount - len(users))}")
