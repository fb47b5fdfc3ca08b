"""Candidates against champions, on the same hold-out. Never replaces a champion by anything not proved better.

All models are scored before the first champion is replaced, and a replacement is one rename: whatever goes wrong,
every data set has its old champion or its new one.
"""

import io
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import joblib

from ml_training_steps.champions import read_champion, replace_champion
from ml_training_steps.features import FeatureTable, read_table
from ml_training_steps.layout import DamagedFileError, DataRoot, open_root
from ml_training_steps.records import (
    DATASETS,
    DIRECTIONS,
    Champion,
    Dataset,
    Decision,
    Evaluation,
    Metric,
    Scores,
    Standing,
    TrainedModel,
)
from ml_training_steps.training import Classifier, score

_log = logging.getLogger(__name__)


class ChampionUnusableError(RuntimeError):
    """The champion cannot be scored, so no candidate can be compared with it."""


@dataclass(frozen=True)
class Rule:
    """When a candidate is better: by the declared metric, by at least `min_improvement`, never on equal."""

    metric: Metric
    min_improvement: float

    def decide(self, candidate: Scores, champion: Scores | None) -> tuple[Decision, str]:
        new = candidate.of(self.metric)
        if not math.isfinite(new):
            return "rejected", f"its {self.metric} is {new}"
        if champion is None:
            return "promoted", f"first model: {self.metric} {new:.4f}"
        old = champion.of(self.metric)
        gain = new - old if DIRECTIONS[self.metric] == "maximise" else old - new
        comparison = f"{self.metric} {new:.4f} against the champion's {old:.4f}"
        if gain <= 0:
            return "kept", f"no better: {comparison}"
        if gain < self.min_improvement:
            return "kept", f"better by {gain:.4f}, less than the required {self.min_improvement}: {comparison}"
        return "promoted", f"better by {gain:.4f}: {comparison}"


def evaluate(
    data_dir: str | Path,
    run_id: str,
    candidates: Sequence[TrainedModel],
    *,
    metric: Metric = "log_loss",
    min_improvement: float = 0.001,
) -> Evaluation:
    """Judge each candidate against its champion on the candidate's hold-out; replace the champions that lost.

    A damaged candidate is rejected with its reason. Raise ValueError when there is no candidate, or two for one
    data set, or an unknown metric, or a negative improvement; ChampionUnusableError when a champion is damaged.
    Then nothing is replaced.
    """
    _check_arguments(candidates, metric, min_improvement)
    root = open_root(data_dir)
    rule = Rule(metric, min_improvement)
    leaderboard = tuple(_judge(root, run_id, candidate, rule) for candidate in candidates)
    promoted: list[Dataset] = []
    for candidate, standing in zip(candidates, leaderboard, strict=True):
        _log.info("%s: %s, %s", standing.dataset, standing.decision, standing.reason)
        if standing.decision == "promoted":
            promoted.append(standing.dataset)
            _crown(root, run_id, candidate, standing, metric)
    return Evaluation(metric, DIRECTIONS[metric], min_improvement, tuple(promoted), leaderboard)


def candidates_of(data_dir: str | Path, run_id: str) -> tuple[TrainedModel, ...]:
    """What a run has trained, from its metrics files. Raise DamagedFileError when one is unreadable."""
    root = open_root(data_dir)
    files = (root.metrics_file(run_id, dataset) for dataset in DATASETS)
    return tuple(root.read_record(file, TrainedModel) for file in files if file.exists())


def _check_arguments(candidates: Sequence[TrainedModel], metric: Metric, min_improvement: float) -> None:
    if not candidates:
        raise ValueError("no candidates to evaluate: train a model first")
    names = [candidate.dataset for candidate in candidates]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two candidates for {', '.join(twice)}: one run trains one model of a data set")
    if metric not in DIRECTIONS:
        raise ValueError(f"unknown metric {metric!r}; there are: {', '.join(DIRECTIONS)}")
    if min_improvement < 0:
        raise ValueError(f"min_improvement must not be negative, it is {min_improvement}")


def _judge(root: DataRoot, run_id: str, candidate: TrainedModel, rule: Rule) -> Standing:
    champion = _champion(root, candidate.dataset)
    champion_run = champion.run_id if champion else None

    def standing(decision: Decision, reason: str, new: Scores | None, old: Scores | None) -> Standing:
        return Standing(candidate.dataset, decision, reason, candidate.run_id, new, champion_run, old)

    try:
        table = read_table(root, candidate.features_path, candidate.features_sha256)
        new = _score(root, candidate, table)
    except DamagedFileError as error:
        return standing("rejected", str(error), None, None)
    if champion and (champion.run_id, champion.model_sha256) == (run_id, candidate.model_sha256):
        return standing("promoted", "an earlier attempt of this run promoted it", new, new)
    old = _champion_scores(root, champion, table) if champion else None
    decision, reason = rule.decide(new, old)
    return standing(decision, reason, new, old)


def _score(root: DataRoot, model: TrainedModel | Champion, table: FeatureTable) -> Scores:
    """Raise DamagedFileError when the model cannot be read or cannot predict."""
    content = root.read_verified(model.model_path, model.model_sha256)
    try:
        classifier: Classifier = joblib.load(io.BytesIO(content))
        return score(classifier, *table.holdout())
    except Exception as error:  # unpickling and foreign code raise whatever they like
        raise DamagedFileError(f"{model.model_path} cannot predict: {type(error).__name__}: {error}") from error


def _champion(root: DataRoot, dataset: Dataset) -> Champion | None:
    try:
        return read_champion(root, dataset)
    except DamagedFileError as error:
        raise _unusable(dataset, error) from error


def _champion_scores(root: DataRoot, champion: Champion, table: FeatureTable) -> Scores:
    try:
        return _score(root, champion, table)
    except DamagedFileError as error:
        raise _unusable(champion.dataset, error) from error


def _unusable(dataset: Dataset, error: DamagedFileError) -> ChampionUnusableError:
    return ChampionUnusableError(
        f"the champion of {dataset} is unusable: {error}; restore the file, or delete champions/{dataset}.json"
        " to let the next candidate take its place"
    )


def _crown(root: DataRoot, run_id: str, candidate: TrainedModel, standing: Standing, metric: Metric) -> None:
    assert standing.candidate is not None, "only a scored candidate is promoted"
    champion = Champion(
        dataset=candidate.dataset,
        run_id=candidate.run_id,
        model_path=candidate.model_path,
        model_sha256=candidate.model_sha256,
        features_path=candidate.features_path,
        features_sha256=candidate.features_sha256,
        metric=metric,
        score=standing.candidate.of(metric),
        promoted_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    replace_champion(root, champion, run_id=run_id)
