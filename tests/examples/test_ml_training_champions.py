"""Who serves and what may be deleted: champions never lose to anything not better, and never their files."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml_training_steps.champions import read_champion
from ml_training_steps.evaluation import ChampionUnusableError, Rule, candidates_of, evaluate
from ml_training_steps.features import update_features
from ml_training_steps.layout import DamagedFileError, OutsideDataRootError, open_root
from ml_training_steps.records import (
    DATASETS,
    CleanupReport,
    Metric,
    Scores,
)
from ml_training_steps.retention import cleanup, remove_temporary
from ml_training_steps.training import train
from tests.examples.runs import EFFORT, candidate, champion_bytes, files_under

DAY_S = 86_400.0


# Evaluation


def scores(value: float) -> Scores:
    return Scores(accuracy=value, macro_f1=value, log_loss=value)


@pytest.mark.parametrize(
    ("metric", "candidate_score", "champion_score", "decision"),
    [
        ("macro_f1", 0.90, None, "promoted"),
        ("macro_f1", 0.95, 0.90, "promoted"),
        ("macro_f1", 0.90, 0.90, "kept"),
        ("macro_f1", 0.905, 0.90, "kept"),
        ("macro_f1", 0.85, 0.90, "kept"),
        ("log_loss", 0.10, 0.20, "promoted"),
        ("log_loss", 0.20, 0.10, "kept"),
        ("log_loss", float("nan"), 0.10, "rejected"),
        ("log_loss", float("inf"), None, "rejected"),
    ],
)
def test_only_a_better_candidate_wins(
    metric: Metric, candidate_score: float, champion_score: float | None, decision: str
) -> None:
    champion = None if champion_score is None else scores(champion_score)
    assert Rule(metric, 0.01).decide(scores(candidate_score), champion)[0] == decision


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_models_never_beat_each_other_both(one: float, other: float) -> None:
    for metric in ("accuracy", "log_loss"):
        wins = [Rule(metric, 0.0).decide(scores(a), scores(b))[0] for a, b in ((one, other), (other, one))]
        assert wins.count("promoted") == (0 if one == other else 1)


def test_an_equal_candidate_never_replaces_the_champion(data: Path) -> None:
    before = champion_bytes(data)
    judged = evaluate(data, "r2", [candidate(data, "r2")], min_improvement=0.0)
    assert judged.promoted == ()
    assert judged.leaderboard[0].candidate == judged.leaderboard[0].champion
    assert champion_bytes(data) == before


def test_a_better_candidate_replaces_the_champion_and_a_retry_says_so_again(data: Path) -> None:
    better = candidate(data, "r2", effort=0.3)
    judged = evaluate(data, "r2", [better])
    champion = read_champion(open_root(data), "wine")
    again = evaluate(data, "r2", [better])
    assert judged.promoted == again.promoted == ("wine",)
    assert judged.leaderboard[0].champion_run_id == "r1"
    assert champion is not None
    assert (champion.run_id, champion.model_sha256) == ("r2", better.model_sha256)
    assert read_champion(open_root(data), "wine") == champion


def test_champion_and_candidate_are_judged_on_the_same_hold_out(data: Path) -> None:
    features = update_features(data, "r2", logical_date="2026-01-02", share=0.7)
    newer = train(data, "r2", "wine", features, effort=EFFORT)
    standing = evaluate(data, "r2", [newer]).leaderboard[0]
    own_holdout = next(model for model in candidates_of(data, "r1") if model.dataset == "wine").scores
    assert standing.candidate == newer.scores
    assert standing.champion is not None
    assert standing.champion != own_holdout


def test_a_damaged_candidate_is_rejected_and_the_others_are_judged(data: Path) -> None:
    before = champion_bytes(data)
    damaged, better = candidate(data, "r2"), candidate(data, "r2", dataset="digits", effort=0.1)
    (data / damaged.model_path).write_bytes(b"not a model")
    judged = evaluate(data, "r2", [damaged, better])
    assert [(one.dataset, one.decision) for one in judged.leaderboard] == [("wine", "rejected"), ("digits", "promoted")]
    assert "is damaged" in judged.leaderboard[0].reason
    assert champion_bytes(data) == before


def test_a_file_that_is_whole_but_no_model_is_rejected(data: Path) -> None:
    table = update_features(data, "r2").of("wine")
    forged = replace(candidate(data, "r2"), model_path=table.path, model_sha256=table.sha256)
    standing = evaluate(data, "r2", [forged]).leaderboard[0]
    assert standing.decision == "rejected"
    assert "cannot predict" in standing.reason


def test_a_damaged_champion_stops_the_evaluation_before_anything_is_replaced(data: Path) -> None:
    champion = read_champion(open_root(data), "wine")
    assert champion is not None
    (data / champion.model_path).unlink()
    pointers = {dataset: champion_bytes(data, dataset) for dataset in DATASETS}
    models = [candidate(data, "r2", dataset="digits", effort=0.1), candidate(data, "r2", effort=0.3)]
    with pytest.raises(ChampionUnusableError, match=r"delete champions/wine\.json"):
        evaluate(data, "r2", models)
    assert {dataset: champion_bytes(data, dataset) for dataset in DATASETS} == pointers


def test_evaluation_refuses_nothing_and_two_of_a_kind(data: Path) -> None:
    one = candidate(data, "r2")
    with pytest.raises(ValueError, match="no candidates"):
        evaluate(data, "r2", [])
    with pytest.raises(ValueError, match="two candidates for wine"):
        evaluate(data, "r2", [one, one])


# Retention


def make_experiments(data: Path, count: int) -> None:
    """Runs old1, old2, …: copies of r1 that get older by a day, none of them a champion's home."""
    newest_s = (data / "models" / "r1" / "wine" / "metrics.json").stat().st_mtime
    for age in range(1, count + 1):
        folder = shutil.copytree(data / "models" / "r1", data / "models" / f"old{age}")
        for metrics in folder.glob("*/metrics.json"):
            os.utime(metrics, (newest_s - age * DAY_S, newest_s - age * DAY_S))


def deleted(report: CleanupReport) -> list[str]:
    return sorted(entry.path for entry in report.deleted)


def test_cleanup_keeps_the_newest_and_deletes_the_rest(data: Path) -> None:
    make_experiments(data, 4)
    report = cleanup(data, "r1", keep_last=3)
    assert deleted(report) == ["models/old3", "models/old4"]
    assert sorted(path.name for path in (data / "models").iterdir()) == ["old1", "old2", "r1"]
    assert report.freed_bytes == sum(entry.size_bytes for entry in report.deleted) > 0
    assert not any((data / "tmp" / "r1").iterdir())


def test_cleanup_deletes_what_is_too_old(data: Path) -> None:
    make_experiments(data, 4)
    assert deleted(cleanup(data, "r1", keep_last=100, max_age_days=2.5)) == ["models/old3", "models/old4"]


def test_cleanup_never_removes_a_champion_or_the_current_run(data: Path) -> None:
    make_experiments(data, 2)
    now_s = (data / "models" / "r1" / "wine" / "metrics.json").stat().st_mtime + 1000 * DAY_S
    report = cleanup(data, "old1", keep_last=0, max_age_days=0, now=now_s)
    assert deleted(report) == ["models/old2"]
    reasons = {entry.path: entry.reason for entry in report.kept if entry.kind == "experiment"}
    assert reasons == {
        "models/r1": "holds the champion of digits, wine, breast_cancer",
        "models/old1": "the current run",
    }
    assert evaluate(data, "r2", [candidate(data, "r2")]).leaderboard[0].champion is not None


def test_a_dry_run_says_the_same_and_touches_nothing(data: Path) -> None:
    make_experiments(data, 4)
    before = files_under(data)
    planned = cleanup(data, "r1", keep_last=1, dry_run=True)
    assert files_under(data) == before
    done = cleanup(data, "r1", keep_last=1)
    assert (planned.deleted, planned.kept) == (done.deleted, done.kept)


def test_only_snapshots_that_nothing_refers_to_go(data: Path) -> None:
    orphans = update_features(data, "r2", logical_date="2026-01-09", share=0.5)
    used = update_features(data, "r1", logical_date="2026-01-01", share=0.9)
    for path in (data / "features").rglob("*.parquet"):
        os.utime(path, (0, 0))
    assert deleted(cleanup(data, "r1")) == sorted(snapshot.path for snapshot in orphans.snapshots)
    assert {path.relative_to(data) for path in (data / "features").rglob("*.parquet")} == {
        Path(snapshot.path) for snapshot in used.snapshots
    }


def test_cleanup_deletes_nothing_while_a_champion_is_unreadable(data: Path) -> None:
    make_experiments(data, 4)
    open_root(data).champion_file("wine").write_text("{")
    before = files_under(data)
    with pytest.raises(DamagedFileError, match=r"champions/wine\.json is not a Champion"):
        cleanup(data, "r1", keep_last=0)
    assert files_under(data) == before


def test_only_this_run_s_temporary_files_go(data: Path) -> None:
    for run_id in ("r2", "r3"):
        (data / "tmp" / run_id).mkdir(parents=True)
        (data / "tmp" / run_id / "model.joblib.unfinished").write_bytes(b"half")
    before = files_under(data)
    report = remove_temporary(data, "r2")
    assert (report.path, report.files, report.size_bytes) == ("tmp/r2", 1, 4)
    assert files_under(data).keys() == before.keys() - {"tmp/r2/model.joblib.unfinished"}
    assert remove_temporary(data, "r2").files == 0


@pytest.mark.parametrize("run_id", ["..", ".", "", "../models", "/etc", "a/b", "a\\b", "-rf", "a\nb", "a" * 201])
def test_a_run_id_that_leads_elsewhere_is_refused(data: Path, run_id: str) -> None:
    before = files_under(data)
    for step in (remove_temporary, cleanup):
        with pytest.raises(OutsideDataRootError):
            step(data, run_id)
    assert files_under(data) == before


def test_a_link_out_of_the_data_root_is_not_followed(data: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years")
    (data / "tmp").mkdir(exist_ok=True)
    (data / "tmp" / "r2").symlink_to(precious)
    with pytest.raises(OutsideDataRootError, match="symbolic link"):
        remove_temporary(data, "r2")
    assert (precious / "thesis.txt").read_text() == "years"
