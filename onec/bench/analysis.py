"""Runs `potok-onec analyze` as a user does and reads its outputs."""

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from onec.bench.timed import Spent, spend
from potok_onec.dependencies import Edge, Loose
from potok_onec.dependencies.step import load
from potok_onec.pipeline.plan import NAMES

SIDE_BY_SIDE = NAMES[1:5]


class Analysis(NamedTuple):
    """`out` is the folder with the outputs, `steps` what `--json` tells of each."""

    source: Path
    out: Path
    spent: Spent
    steps: dict[str, dict[str, Any]]

    @property
    def is_green(self) -> bool:
        return self.spent.code == 0 and all(step["state"] in ("done", "kept") for step in self.steps.values())

    def facts(self, step: str) -> dict[str, Any]:
        found: dict[str, Any] = self._manifest(step)["facts"]
        return found

    def seconds(self, step: str) -> float:
        """What the making of its output took, without any waiting."""
        found: float = self._manifest(step)["seconds"]
        return found

    def contracts(self) -> list[str]:
        """Every contract of every step as a line: what was found, what was wanted."""
        return [
            f"{step}: {each['name']}: {each['found']}, wanted {each['wanted']}"
            for step in self.steps
            for each in self._manifest(step)["contracts"]
        ]

    def edges(self) -> tuple[list[Edge], list[Loose]]:
        return load(self.out / "dependencies")

    def _manifest(self, step: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.out / step / "manifest.json").read_bytes())
        return found


def analyze(source: Path, out: Path, *options: str, cache: Path | None = None) -> Analysis:
    """`cache`: the reader's, so that a first run is a first run."""
    environment = {**os.environ, **({"POTOK_ONEC_CACHE": str(cache)} if cache else {})}
    command = [sys.executable, "-m", "potok_onec", "analyze", str(source), "--out", str(out), "--json", *options]
    spent = spend(*command, environment=environment)
    if not spent.stdout:
        raise RuntimeError(spent.stderr.strip() or f"analyze of {source} printed nothing")
    return Analysis(source, out, spent, json.loads(spent.stdout)["steps"])


def contents(out: Path) -> dict[str, str]:
    """Digests of all files of all outputs: equal analyses have equal ones."""
    found: dict[str, str] = {}
    for step in NAMES:
        manifest = json.loads((out / step / "manifest.json").read_bytes())
        found.update({f"{step}/{name}": digest for name, digest in manifest["files"].items()})
    return found
