"""Three models trained side by side every night: order and limits stand here, the steps are plain Python."""

from __future__ import annotations

from ml_training_steps.records import Dataset, DriftReport, Evaluation, FeatureSet, Scalar, TrainedModel
from potok import Retry, dag, get_current_context, not_empty, task, teardown, variable

DATA = "data"
TRAININGS: tuple[tuple[str, Dataset], ...] = (("train_1", "digits"), ("train_2", "wine"), ("train_3", "breast_cancer"))


def _run_id() -> str:
    return str(get_current_context()["run_id"])


@task(timeout="10m", retry=Retry(2, delay="30s", backoff=2, never=[ValueError]))
def update_features(ds: str = "", *, share: float, drift: float) -> FeatureSet:
    """Builds a feature table of each data set; unchanged input gives the same files."""
    from ml_training_steps.features import update_features as build

    features = build(DATA, _run_id(), logical_date=ds, share=share, drift=drift)
    for snapshot in features.snapshots:
        print(f"{snapshot.dataset}: {snapshot.rows} rows, {snapshot.features} features -> {snapshot.path}")
    return features


@task(timeout="5m")
def check_drift(features: FeatureSet) -> DriftReport:
    """Compares today's features with those the champions were trained on."""
    from ml_training_steps.drift import check_drift as compare

    report = compare(DATA, features)
    for found in report.datasets:
        print(f"{found.dataset}: {found.verdict} ({found.reason})")
    return report


@task(pool="ml_training", timeout="15m", variables=["ml_overrides"], retry=Retry(1, delay="1s", never=[ValueError]))
def train(dataset: Dataset, features: FeatureSet, *, effort: float) -> TrainedModel:
    """Fits one model on its training rows. Hyper-parameters come from the code, and from variable `ml_overrides`."""
    from ml_training_steps.training import train as fit

    overrides = variable("ml_overrides")
    assert isinstance(overrides, dict), "variable ml_overrides maps data sets to hyper-parameters"
    chosen: dict[str, Scalar] = dict(overrides.get(dataset, {}))
    if chosen:
        print(f"overridden by variable ml_overrides: {chosen}")
    model = fit(DATA, _run_id(), dataset, features, overrides=chosen, effort=effort)
    print(f"{dataset}: {model.estimator} in {model.fit_s:.2f} s, accuracy {model.scores.accuracy:.3f}")
    return model


@task(timeout="10m", checks=[not_empty()])
def evaluate(models: list[TrainedModel]) -> Evaluation:
    """Each candidate against its champion on the same hold-out; only a better one replaces it."""
    from ml_training_steps.evaluation import evaluate as judge

    found = judge(DATA, _run_id(), models)
    for standing in found.leaderboard:
        print(f"{standing.dataset}: {standing.decision}, {standing.reason}")
    return found


@task(timeout="5m")
def cleanup(keep_last: int) -> int:
    """Deletes old experiments, never a champion; returns how many bytes that freed."""
    from ml_training_steps.retention import cleanup as delete_old

    report = delete_old(DATA, _run_id(), keep_last=keep_last)
    for entry in report.deleted:
        print(f"deleted {entry.path}: {entry.reason}")
    return report.freed_bytes


@teardown(timeout="1m")
def remove_temporary() -> None:
    """Whatever happened: the unfinished files of this run go, those of no other."""
    from ml_training_steps.retention import remove_temporary as remove

    removed = remove(DATA, _run_id())
    print(f"removed {removed.files} files from {removed.path}")


@dag(
    schedule="0 2 * * *",
    tz="Europe/Moscow",
    timeout="1h",
    deadline="45m",
    max_active_runs=1,
    tags=["ml", "example"],
    owner="ml",
)
def ml_training(
    share: float = 0.9,
    drift: float = 0.0,
    effort: float = 1.0,
    keep_last: int = 5,
) -> None:
    """Nightly training of three models on real data; the champion is replaced only by a better one.

    If one training fails its siblings finish, nothing is evaluated or cleaned up, and `potok retry` runs again only
    what failed and what waited for it.
    """
    features = update_features(share=share, drift=drift)
    drifted = check_drift(features)
    models = [
        train.override(task_id=task_id)(dataset, features, effort=effort).after(drifted)
        for task_id, dataset in TRAININGS
    ]
    judged = evaluate(models)
    cleaned = cleanup(keep_last).after(judged)
    remove_temporary().after(cleaned)


ml_training()
