"""What may go: old experiments, snapshots that nothing refers to, one run's temporary files.

Never a champion's files, never the current run's, and nothing at all while a champion's record is unreadable.
"""

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ml_training_steps.champions import read_champion
from ml_training_steps.layout import DamagedFileError, DataRoot, open_root
from ml_training_steps.records import (
    DATASETS,
    Champion,
    CleanupReport,
    RetentionEntry,
    TemporaryRemoval,
    TrainedModel,
)

_SECONDS_PER_DAY = 86_400
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Limits:
    keep_last: int
    max_age_days: float


@dataclass(frozen=True)
class _Verdict:
    path: Path
    entry: RetentionEntry
    is_doomed: bool


def cleanup(
    data_dir: str | Path,
    run_id: str,
    *,
    keep_last: int = 5,
    max_age_days: float = 30.0,
    dry_run: bool = False,
    now: float | None = None,
) -> CleanupReport:
    """Delete experiments beyond the newest `keep_last` or older than `max_age_days`, and then the feature
    snapshots that no kept experiment and no champion refers to and that were unused for `max_age_days`.

    `now` is in seconds since the epoch. Raise ValueError on negative limits, DamagedFileError when a champion's
    record is unreadable; then nothing is deleted.
    """
    if keep_last < 0 or max_age_days < 0 or math.isnan(max_age_days):
        raise ValueError(f"keep_last ({keep_last}) and max_age_days ({max_age_days}) must not be negative")
    root = open_root(data_dir)
    limits = _Limits(keep_last, max_age_days)
    moment = time.time() if now is None else now
    champions = [champion for dataset in DATASETS if (champion := read_champion(root, dataset)) is not None]
    experiments = list(_judge_experiments(root, run_id, champions, limits, moment))
    kept_runs = [verdict.path for verdict in experiments if not verdict.is_doomed]
    verdicts = experiments + list(_judge_snapshots(root, kept_runs, champions, limits, moment))
    doomed = [verdict for verdict in verdicts if verdict.is_doomed]
    for verdict in doomed:
        _log.info("%s %s: %s", "would delete" if dry_run else "delete", verdict.entry.path, verdict.entry.reason)
        if not dry_run:
            root.remove(verdict.path, run_id=run_id)
    return CleanupReport(
        dry_run=dry_run,
        freed_bytes=sum(verdict.entry.size_bytes for verdict in doomed),
        deleted=tuple(verdict.entry for verdict in doomed),
        kept=tuple(verdict.entry for verdict in verdicts if not verdict.is_doomed),
    )


def remove_temporary(data_dir: str | Path, run_id: str) -> TemporaryRemoval:
    """Delete `tmp/<run>` of this run and nothing else; a run without temporary files is no error.

    Raise OutsideDataRootError when the run id, or a symbolic link, would lead elsewhere.
    """
    root = open_root(data_dir)
    directory = root.temporary_dir(run_id)
    report = TemporaryRemoval(root.relative(directory), _file_count(directory), _size_bytes(directory))
    root.remove_temporary_dir(run_id)
    return report


def _judge_experiments(
    root: DataRoot, run_id: str, champions: list[Champion], limits: _Limits, now: float
) -> Iterator[_Verdict]:
    current = root.run_models_dir(run_id)
    homes = [(root.inside(champion.model_path).parent.parent, champion.dataset) for champion in champions]
    newest_first = sorted((root.root / "models").glob("*"), key=_changed_at, reverse=True)
    for rank, path in enumerate(newest_first, start=1):
        age_days = (now - _changed_at(path)) / _SECONDS_PER_DAY
        held = [dataset for home, dataset in homes if home == path.resolve()]
        if path == current:
            is_doomed, reason = False, "the current run"
        elif held:
            is_doomed, reason = False, f"holds the champion of {', '.join(held)}"
        elif age_days > limits.max_age_days:
            is_doomed, reason = True, f"{age_days:.1f} days old, the limit is {limits.max_age_days:g}"
        elif rank > limits.keep_last:
            is_doomed, reason = True, f"number {rank} by age, the last {limits.keep_last} are kept"
        else:
            is_doomed, reason = False, f"number {rank} of the last {limits.keep_last}"
        entry = RetentionEntry("experiment", root.relative(path), _size_bytes(path), reason)
        yield _Verdict(path, entry, is_doomed)


def _judge_snapshots(
    root: DataRoot, kept_runs: list[Path], champions: list[Champion], limits: _Limits, now: float
) -> Iterator[_Verdict]:
    in_use = {champion.features_path for champion in champions}
    in_use |= {path for run in kept_runs for path in _features_of(root, run)}
    for path in sorted((root.root / "features").glob("*/*.parquet")):
        unused_days = (now - path.stat().st_mtime) / _SECONDS_PER_DAY
        relative = root.relative(path)
        if relative in in_use:
            is_doomed, reason = False, "an experiment or a champion was trained on it"
        elif unused_days > limits.max_age_days:
            is_doomed, reason = True, f"nothing refers to it, unused for {unused_days:.1f} days"
        else:
            is_doomed, reason = False, f"unused for {unused_days:.1f} days, the limit is {limits.max_age_days:g}"
        yield _Verdict(path, RetentionEntry("features", relative, path.stat().st_size, reason), is_doomed)


def _features_of(root: DataRoot, run: Path) -> Iterator[str]:
    for file in run.glob("*/metrics.json"):
        try:
            yield root.read_record(file, TrainedModel).features_path
        except DamagedFileError as error:
            _log.warning("%s; its snapshot counts as unused", error)


def _changed_at(experiment: Path) -> float:
    """When its newest model was finished; of an experiment without one, when its folder was made."""
    finished = [file.stat().st_mtime for file in experiment.glob("*/metrics.json")]
    return max(finished, default=experiment.stat().st_mtime)


def _file_count(directory: Path) -> int:
    return sum(1 for path in directory.rglob("*") if path.is_file())


def _size_bytes(directory: Path) -> int:
    return sum(path.lstat().st_size for path in directory.rglob("*") if path.is_file())
