"""One step carried out and told: rows read and written, contracts kept or broken, where the output lies."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from potok_onec.pipeline import plan
from potok_onec.pipeline.artifact import Artifact, Store
from potok_onec.pipeline.contract import BrokenContractError, Finding
from potok_onec.pipeline.run import run_step
from potok_onec.pipeline.step import MISSING
from potok_onec.repository import RepositoryError
from potok_onec.trend import note


class StepReport(Struct, frozen=True):
    """What a step made of `source` below `out`.

    `rows_in` by the step that wrote them and `rows_out` by table are counted in the files themselves. `was_kept`: the
    inputs were the same, so the output from before counts on. `output` is the folder, or empty with a broken contract:
    nothing was put in place.
    """

    step: str
    rows_in: dict[str, int]
    rows_out: dict[str, int]
    was_kept: bool
    output: Any
    source: str
    out: str
    facts: dict[str, Any]
    contracts: tuple[Finding, ...]

    @property
    def sentence(self) -> str:
        """One line for a log."""
        if not self.output:
            broken = sum(not finding.is_kept for finding in self.contracts)
            told = f"{broken} of {len(self.contracts)} contracts {'is' if broken == 1 else 'are'} broken"
            return f"{self.step}: {told}, so nothing of this output is put in place"
        rows = ", ".join(f"{count} {table}" for table, count in self.rows_out.items())
        how = "the output from before is kept, nothing had changed" if self.was_kept else "a new output"
        return f"{self.step}: {how}; {rows}; {len(self.contracts)} contracts hold; {self.output}"


def report(step: str, source: Path, out: Path, options: Mapping[str, str], since: str = "") -> StepReport:
    """Carry out one step over the outputs of the earlier ones. A broken contract is told, not raised.

    `since` is a commit that was analysed before: it saves looking at files that have not changed. Raises
    MissingInputError when an earlier step has no output, OSError when the disk refuses.
    """
    store = Store(out)
    try:
        artifact = _run(step, source, out, options, since)
    except BrokenContractError as broken:
        rows_in = {name: _total(found) for name in plan.step(step).needs if (found := store.find(name))}
        return StepReport(step, rows_in, {}, False, "", str(source), str(out), {}, broken.findings)
    with contextlib.suppress(OSError):  # a trend that cannot be written fails no step
        note(out, source)
    manifest = artifact.manifest
    used = [store.find(name) for name in plan.NAMES if manifest.inputs.get(name, MISSING) != MISSING]
    rows_in = {found.step: _total(found) for found in used if found is not None}
    rows_out = rows_of(artifact) or {name: value for name, value in manifest.facts.items() if type(value) is int}
    return StepReport(
        step,
        rows_in or {"files": int(manifest.facts.get("files", 0))},
        rows_out,
        artifact.was_kept,
        str(artifact.path),
        str(source),
        str(out),
        manifest.facts,
        manifest.contracts,
    )


def _run(step: str, source: Path, out: Path, options: Mapping[str, str], since: str) -> Artifact:
    """A commit that is gone, by a rebase, saves nothing and spoils nothing."""
    if since:
        try:
            return run_step(step, source, out, options, since)
        except RepositoryError:
            pass
    return run_step(step, source, out, options)


def rows_of(artifact: Artifact) -> dict[str, int]:
    """How many rows each table of an output has, by what stands in the file itself."""
    from pyarrow.parquet import read_metadata

    files = sorted(artifact.path.glob("*.parquet"))
    return {file.stem: int(read_metadata(file).num_rows) for file in files}


def _total(artifact: Artifact) -> int:
    return sum(rows_of(artifact).values())
