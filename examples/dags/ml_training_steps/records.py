"""What the steps hand to each other: frozen, JSON-serialisable values. Never data itself, never a heavy import.

Every `*_path` is relative to the data root, with forward slashes, so that a record means the same on any machine.
"""

from dataclasses import dataclass
from typing import Literal

Dataset = Literal["digits", "wine", "breast_cancer"]
DATASETS: tuple[Dataset, ...] = ("digits", "wine", "breast_cancer")

Metric = Literal["accuracy", "macro_f1", "log_loss"]
Direction = Literal["maximise", "minimise"]
DIRECTIONS: dict[Metric, Direction] = {"accuracy": "maximise", "macro_f1": "maximise", "log_loss": "minimise"}

Verdict = Literal["none", "drift"]
Decision = Literal["promoted", "kept", "rejected"]
Scalar = bool | int | float | str | None


@dataclass(frozen=True)
class FeatureSnapshot:
    """One immutable feature table; the file is named after the SHA-256 of its bytes."""

    dataset: Dataset
    path: str
    sha256: str
    rows: int
    train_rows: int
    holdout_rows: int
    features: int
    classes: int


@dataclass(frozen=True)
class FeatureSet:
    snapshots: tuple[FeatureSnapshot, ...]

    def of(self, dataset: str) -> FeatureSnapshot:
        """Raise ValueError when the set has no snapshot of `dataset`."""
        for snapshot in self.snapshots:
            if snapshot.dataset == dataset:
                return snapshot
        known = ", ".join(snapshot.dataset for snapshot in self.snapshots) or "none"
        raise ValueError(f"no feature snapshot of {dataset!r}; there are: {known}")


@dataclass(frozen=True)
class FeatureDrift:
    feature: str
    psi: float
    ks: float
    p_value: float
    q_value: float
    drifted: bool


@dataclass(frozen=True)
class DatasetDrift:
    """`reference_path` is the snapshot that the champion was trained on; `worst` is sorted worst first."""

    dataset: Dataset
    verdict: Verdict
    reason: str
    reference_path: str | None
    features_checked: int
    features_drifted: int
    worst: tuple[FeatureDrift, ...]


@dataclass(frozen=True)
class DriftReport:
    verdict: Verdict
    datasets: tuple[DatasetDrift, ...]


@dataclass(frozen=True)
class Scores:
    accuracy: float
    macro_f1: float
    log_loss: float

    def of(self, metric: Metric) -> float:
        return {"accuracy": self.accuracy, "macro_f1": self.macro_f1, "log_loss": self.log_loss}[metric]


@dataclass(frozen=True)
class TrainedModel:
    """A candidate. Also what `metrics.json` beside the model holds, word for word. `scores` are of the hold-out."""

    dataset: Dataset
    run_id: str
    model_path: str
    model_sha256: str
    features_path: str
    features_sha256: str
    estimator: str
    overrides: dict[str, Scalar]
    effort: float
    seed: int
    scores: Scores
    fit_s: float
    sklearn_version: str


@dataclass(frozen=True)
class Champion:
    """What `champions/<dataset>.json` holds: which model serves, and what it was chosen by."""

    dataset: Dataset
    run_id: str
    model_path: str
    model_sha256: str
    features_path: str
    features_sha256: str
    metric: Metric
    score: float
    promoted_at: str


@dataclass(frozen=True)
class Standing:
    """One line of the leaderboard. Both scores are of the same hold-out; `champion` is the one before the decision."""

    dataset: Dataset
    decision: Decision
    reason: str
    candidate_run_id: str
    candidate: Scores | None
    champion_run_id: str | None
    champion: Scores | None


@dataclass(frozen=True)
class Evaluation:
    metric: Metric
    direction: Direction
    min_improvement: float
    promoted: tuple[Dataset, ...]
    leaderboard: tuple[Standing, ...]


@dataclass(frozen=True)
class RetentionEntry:
    kind: Literal["experiment", "features"]
    path: str
    size_bytes: int
    reason: str


@dataclass(frozen=True)
class CleanupReport:
    """With `dry_run`, `deleted` and `freed_bytes` tell what would go; nothing was touched."""

    dry_run: bool
    freed_bytes: int
    deleted: tuple[RetentionEntry, ...]
    kept: tuple[RetentionEntry, ...]


@dataclass(frozen=True)
class TemporaryRemoval:
    path: str
    files: int
    size_bytes: int
