"""Outputs of steps: folders named by what they were made of, put in place whole, kept until nobody names them.

`<out>/.store/<step>-<key>` holds an output for ever equal to itself; `<out>/<step>` is a link to the one that counts.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b, file_digest
from pathlib import Path
from typing import Any, Final

from msgspec import DecodeError, Struct, json

from potok_onec.pipeline.contract import BrokenContractError, Finding

_MANIFEST: Final = "manifest.json"
_STORE: Final = ".store"
_SETTLERS_MAX: Final = 16
# Outputs of a step that stay beside the one that counts: the one before, to compare with and to go back to.
_KEPT: Final = 2


class Manifest(Struct, frozen=True):
    """What an output is: made by which step of which inputs, its files with digests, its numbers and contracts.

    `content` is the digest of all its files and contracts: what later steps depend on, so that the same output made of
    a source that was only checked out anew costs them nothing.
    """

    step: str
    key: str
    content: str
    inputs: dict[str, str]
    files: dict[str, str]
    facts: dict[str, Any]
    contracts: tuple[Finding, ...]
    seconds: float


class Artifact(Struct, frozen=True):
    """An output in place. `was_kept`: nothing had to be made, its inputs were the same."""

    step: str
    path: Path
    manifest: Manifest
    was_kept: bool


class Store:
    """The outputs below one folder. One writer at a time; readers may look at any moment."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._store = out / _STORE

    @property
    def memory(self) -> Path:
        """For what steps remember beside their outputs; losing it loses only time."""
        return self._store

    def find(self, step: str) -> Artifact | None:
        """The output that counts now; None before the first one."""
        link = self.out / step
        try:
            path = link.resolve(strict=True)
            manifest = json.decode((path / _MANIFEST).read_bytes(), type=Manifest)
        except (OSError, DecodeError):
            return None
        return Artifact(step, path, manifest, True)

    def has_failed_on(self, step: str, snapshot: Mapping[str, str]) -> bool:
        """Whether the step was begun on these outputs of earlier steps and did not end well, for whatever reason."""
        try:
            begun = json.decode(self._unfinished(step).read_bytes(), type=dict[str, str])
        except (OSError, DecodeError):
            return False
        return all(begun.get(name) == content for name, content in snapshot.items())

    def take(
        self, step: str, inputs: dict[str, str], make: Callable[[Path], tuple[dict[str, Any], list[Finding]]]
    ) -> Artifact:
        """The output of a step for these inputs: the kept one, or a new one that `make` writes into a folder.

        Raises BrokenContractError when `make` reports a finding that is not kept, OSError when the disk refuses;
        the output that counted before still counts then.
        """
        key = key_of(step, inputs)
        place = self._store / f"{step}-{key}"
        was_kept = (place / _MANIFEST).is_file()
        if not was_kept:
            self._store.mkdir(parents=True, exist_ok=True)
            # written before the work: a step that is killed has failed, too, and can no longer say so
            self._unfinished(step).write_bytes(json.encode(inputs))
            self._make(step, key, inputs, place, make)
        self._point(step, place)
        self._unfinished(step).unlink(missing_ok=True)
        self._sweep(step, place)
        manifest = json.decode((place / _MANIFEST).read_bytes(), type=Manifest)
        return Artifact(step, place.resolve(), manifest, was_kept)

    def _make(
        self,
        step: str,
        key: str,
        inputs: dict[str, str],
        place: Path,
        make: Callable[[Path], tuple[dict[str, Any], list[Finding]]],
    ) -> None:
        staged = self._store / f".{place.name}.{os.getpid()}"
        shutil.rmtree(staged, ignore_errors=True)
        began = time.monotonic()
        try:
            staged.mkdir()
            facts, findings = make(staged)
            if not all(finding.is_kept for finding in findings):
                raise BrokenContractError(step, findings)
            files = {name: digest(staged / name) for name in _files(staged)}
            seconds = round(time.monotonic() - began, 3)
            content = key_of(step, {**files, "": "; ".join(finding.sentence for finding in findings)})
            manifest = Manifest(step, key, content, inputs, files, facts, tuple(findings), seconds)
            (staged / _MANIFEST).write_bytes(json.format(json.encode(manifest), indent=2))
            _settle(staged)
            shutil.rmtree(place, ignore_errors=True)
            staged.rename(place)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _point(self, step: str, place: Path) -> None:
        link = self.out / step
        target = os.path.relpath(place, self.out)
        if link.is_symlink() and str(link.readlink()) == target:
            return
        fresh = self.out / f".{step}.{os.getpid()}"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target)
        fresh.replace(link)

    def _unfinished(self, step: str) -> Path:
        return self._store / f".{step}.unfinished"

    def _sweep(self, step: str, place: Path) -> None:
        outputs = [each for each in self._store.glob(f"{step}-*") if each != place]
        outputs.sort(key=lambda each: each.stat().st_mtime, reverse=True)
        # half-made ones are of makers that were killed: there is one writer at a time
        for old in [*outputs[_KEPT - 1 :], *self._store.glob(f".{step}-*")]:
            shutil.rmtree(old, ignore_errors=True)


def key_of(step: str, inputs: dict[str, str]) -> str:
    """Sixteen hex digits that differ when any input does."""
    text = json.encode([step, sorted(inputs.items())])
    return blake2b(text, digest_size=8).hexdigest()


def digest(path: Path) -> str:
    with path.open("rb") as opened:
        return file_digest(opened, lambda: blake2b(digest_size=16)).hexdigest()


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _settle(folder: Path) -> None:
    """On the disk before it counts: a full disk may say so only now. What the output before has as well is there.

    Side by side, because a disk takes many such wishes at once for little more than one.
    """
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_nlink == 1]
    with ThreadPoolExecutor(min(_SETTLERS_MAX, len(files) or 1)) as pool:
        for _ in pool.map(_settle_file, files):
            pass


def _settle_file(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())
