"""Features, drift and training of the ML pipeline, and its shell, on the real data without an orchestrator."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ml_training_steps.cli import main
from ml_training_steps.datasets import arrived_rows
from ml_training_steps.drift import (
    Sample,
    benjamini_hochberg,
    check_drift,
    compare_features,
    psi,
    quantile_edges,
    sample_psi,
)
from ml_training_steps.features import read_table, update_features
from ml_training_steps.layout import DamagedFileError, open_root, sha256_of
from ml_training_steps.records import (
    DATASETS,
    CleanupReport,
    Evaluation,
    FeatureSet,
    TrainedModel,
)
from ml_training_steps.training import train
from tests.examples.runs import EFFORT, candidate, files_under

DAGS = Path(__file__).parents[2] / "examples" / "dags"


# Features


def test_the_same_input_gives_the_same_snapshots_and_writes_nothing_twice(tmp_path: Path) -> None:
    first = update_features(tmp_path, "r1", logical_date="2026-01-01", share=0.8)
    before = files_under(tmp_path)
    again = update_features(tmp_path, "r2", logical_date="2026-01-01", share=0.8)
    elsewhere = update_features(tmp_path / "other", "r1", logical_date="2026-01-01", share=0.8)
    assert again == first == elsewhere
    assert files_under(tmp_path / "features") == {k.removeprefix("features/"): v for k, v in before.items()}


def test_another_day_or_a_drift_makes_another_snapshot(tmp_path: Path) -> None:
    days = {"2026-01-01": 0.0, "2026-01-02": 0.0, "2026-01-03": 0.5}
    sets = [update_features(tmp_path, "r1", logical_date=day, share=0.9, drift=drift) for day, drift in days.items()]
    assert len({snapshot.sha256 for one in sets for snapshot in one.snapshots}) == 9


def test_the_scaler_knows_the_training_rows_only(first_run: Path) -> None:
    root = open_root(first_run)
    for snapshot in update_features(first_run, "r1", logical_date="2026-01-01", share=0.9).snapshots:
        table = read_table(root, snapshot.path, snapshot.sha256)
        values, target = table.train()
        deviation = values.std(axis=0)
        np.testing.assert_allclose(table.mean, values.mean(axis=0), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(table.scale[deviation > 0], deviation[deviation > 0], rtol=1e-9)
        assert not np.allclose(table.mean, table.rows.values.mean(axis=0), rtol=1e-9)
        assert (len(target), len(table.holdout()[1])) == (snapshot.train_rows, snapshot.holdout_rows)


def test_a_row_is_on_the_same_side_of_the_split_every_day() -> None:
    sides: dict[int, bool] = {}
    for day in range(5):
        rows = arrived_rows("wine", logical_date=f"day {day}", share=0.5, drift=0.0)
        for row_id, is_train in zip(rows.row_id.tolist(), rows.is_train.tolist(), strict=True):
            assert sides.setdefault(row_id, is_train) == is_train


@pytest.mark.parametrize(("share", "drift"), [(0.1, 0.0), (1.1, 0.0), (1.0, -0.1), (1.0, 1.1), (float("nan"), 0.0)])
def test_a_share_out_of_range_is_refused(tmp_path: Path, share: float, drift: float) -> None:
    with pytest.raises(ValueError, match="must be between"):
        update_features(tmp_path, "r1", share=share, drift=drift)


def test_a_damaged_snapshot_is_never_trained_on(data: Path) -> None:
    features = update_features(data, "r2", logical_date="2026-01-01", share=0.9)
    path = data / features.of("wine").path
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DamagedFileError, match="SHA-256"):
        train(data, "r2", "wine", features)
    assert update_features(data, "r2", logical_date="2026-01-01", share=0.9) == features
    assert train(data, "r2", "wine", features, effort=EFFORT).features_path == features.of("wine").path


# Drift


def test_psi_of_known_histograms() -> None:
    half = np.array([50.0, 50.0])
    assert psi(half, np.array([90.0, 10.0]), smoothing=0) == pytest.approx(0.4 * np.log(1.8) - 0.4 * np.log(0.2))
    assert psi(half, half * 3, smoothing=0) == 0
    assert np.isfinite(psi(half, np.array([100.0, 0.0])))


def test_a_value_below_a_constant_reference_is_seen() -> None:
    constant = np.zeros(200)
    assert sample_psi(constant, constant) == 0
    assert sample_psi(constant, constant - 1) > 1
    assert sample_psi(constant, constant + 1) > 1


def test_quantile_bins_hold_equal_numbers_and_enough_rows() -> None:
    assert len(quantile_edges(np.arange(1000.0))) == 9
    assert len(quantile_edges(np.arange(50.0))) == 4


def test_benjamini_hochberg_of_known_p_values() -> None:
    q_values = benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.005]))
    np.testing.assert_allclose(q_values, [0.02, 0.04, 0.04, 0.02])


def test_kolmogorov_smirnov_of_known_samples() -> None:
    reference, shifted = np.arange(100.0)[:, None], np.arange(100.0)[:, None] + 25
    (feature,) = compare_features(("x",), reference, shifted, psi_threshold=0.2, alpha=0.01)
    assert feature.ks == pytest.approx(0.25)
    assert feature.drifted


def test_a_large_but_insignificant_index_is_no_drift() -> None:
    generator = np.random.default_rng(3)
    small = generator.normal(size=(60, 20))
    other = generator.normal(size=(60, 20))
    names = tuple(map(str, range(20)))
    features = compare_features(names, small, other, psi_threshold=0.05, alpha=0.01)
    assert max(feature.psi for feature in features) > 0.05
    assert not any(feature.drifted for feature in features)


@given(hnp.arrays(np.float64, st.tuples(st.integers(50, 120), st.just(2)), elements=st.floats(-1e6, 1e6, width=32)))
def test_identical_samples_never_drift(sample: Sample) -> None:
    shuffled = np.random.default_rng(0).permutation(sample, axis=0)
    for feature in compare_features(("a", "b"), sample, shuffled, psi_threshold=0.0, alpha=0.999):
        assert (feature.psi, feature.ks, feature.p_value, feature.drifted) == (0.0, 0.0, 1.0, False)


def test_without_a_champion_there_is_nothing_to_drift_from(tmp_path: Path) -> None:
    report = check_drift(tmp_path, update_features(tmp_path, "r1"))
    assert report.verdict == "none"
    assert {one.reason for one in report.datasets} == {"no champion yet: nothing to compare with"}


def test_another_day_of_the_same_data_is_no_drift_and_a_bad_instrument_is(data: Path) -> None:
    healthy = check_drift(data, update_features(data, "r2", logical_date="2026-01-02", share=0.9))
    broken = check_drift(data, update_features(data, "r2", logical_date="2026-01-02", share=0.9, drift=0.6))
    assert [one.verdict for one in healthy.datasets] == ["none"] * 3
    assert [one.verdict for one in broken.datasets] == ["drift"] * 3
    assert broken.verdict == "drift"
    for one in broken.datasets:
        assert one.worst[0].drifted
        assert one.worst[0].psi >= one.worst[-1].psi
        assert one.features_drifted <= one.features_checked / 3 + 1


def test_too_few_rows_prove_nothing(data: Path) -> None:
    report = check_drift(data, update_features(data, "r2", share=0.2, drift=1.0))
    wine = next(one for one in report.datasets if one.dataset == "wine")
    assert (wine.verdict, wine.reason) == ("none", "too few rows to tell: 36 of at least 50")


# Training


def test_a_training_is_reproducible_and_a_retry_replaces_nothing(data: Path) -> None:
    first = candidate(data, "r2", dataset="digits")
    before = files_under(data / "models" / "r2" / "digits")
    again = candidate(data, "r2", dataset="digits")
    after = files_under(data / "models" / "r2" / "digits")
    assert replace(again, fit_s=first.fit_s) == first
    assert before.keys() == after.keys()
    assert [ino for name, ino in before.items() if name.endswith("joblib")] == [
        ino for name, ino in after.items() if name.endswith("joblib")
    ]


def test_a_training_never_sees_the_hold_out(data: Path) -> None:
    """The same training rows with a mislabelled hold-out must give the very same model, and a worse score."""
    root, features = open_root(data), update_features(data, "r2", logical_date="2026-01-01", share=0.9)
    for snapshot in features.snapshots:
        table = pq.read_table(data / snapshot.path)
        target = table.column("target").to_numpy()
        is_holdout = table.column("split").to_numpy() == "holdout"
        mislabelled = pa.array(np.where(is_holdout, (target + 1) % snapshot.classes, target))
        path = data / "mislabelled.parquet"
        pq.write_table(table.set_column(table.column_names.index("target"), "target", mislabelled), path)
        other = replace(snapshot, path=root.relative(path), sha256=sha256_of(path.read_bytes()))
        honest = train(data, "r2", snapshot.dataset, features, effort=EFFORT)
        fooled = train(data, "r3", snapshot.dataset, FeatureSet((other,)), effort=EFFORT)
        assert fooled.model_sha256 == honest.model_sha256
        assert fooled.scores.accuracy < honest.scores.accuracy


def test_the_metrics_file_is_the_record_itself(data: Path) -> None:
    trained = candidate(data, "r2")
    metrics = data / "models" / "r2" / "wine" / "metrics.json"
    assert msgspec.json.decode(metrics.read_bytes(), type=TrainedModel) == trained
    assert (data / trained.model_path).is_file()


def test_a_broken_hyper_parameter_raises_the_library_s_own_error_and_saves_nothing(data: Path) -> None:
    features = update_features(data, "r2", logical_date="2026-01-01", share=0.9)
    with pytest.raises(ValueError, match=r"max_iter.*Got 0"):
        train(data, "r2", "wine", features, overrides={"max_iter": 0})
    with pytest.raises(ValueError, match="Invalid parameter 'no_such'"):
        train(data, "r2", "wine", features, overrides={"no_such": 1})
    assert not (data / "models" / "r2").exists()


def test_more_effort_learns_more(data: Path) -> None:
    assert candidate(data, "r2", effort=0.2).scores.log_loss < candidate(data, "r3", effort=0.01).scores.log_loss


# The shell


def test_the_whole_pipeline_runs_step_by_step_from_a_shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def step(*arguments: str) -> str:
        assert main(["--data", str(tmp_path / "data"), *arguments]) == 0
        return capsys.readouterr().out

    features = tmp_path / "features.json"
    features.write_text(step("update-features", "--run", "r1", "--date", "2026-01-01", "--share", "0.9"))
    assert json.loads(step("check-drift", "--features", str(features)))["verdict"] == "none"
    for dataset in DATASETS:
        step("train", dataset, "--run", "r1", "--features", str(features), "--effort", str(EFFORT))
    judged = msgspec.json.decode(step("evaluate", "--run", "r1"), type=Evaluation)
    assert judged.promoted == DATASETS
    report = msgspec.json.decode(step("cleanup", "--run", "r1", "--dry-run"), type=CleanupReport)
    assert report.deleted == ()
    step("remove-temporary", "--run", "r1")
    assert not (tmp_path / "data" / "tmp" / "r1").exists()


def test_a_failed_step_says_why_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    features = tmp_path / "features.json"
    data = ["--data", str(tmp_path / "data")]
    assert main([*data, "update-features", "--run", "r1"]) == 0
    features.write_text(capsys.readouterr().out)
    training = ["train", "wine", "--run", "r1", "--features", str(features)]
    assert main([*data, *training, "--set", "max_iter=0"]) == 1
    assert "train failed: The 'max_iter' parameter of MLPClassifier" in capsys.readouterr().err
    features.write_text("{}")
    assert main([*data, *training]) == 1
    assert "is not what update-features printed" in capsys.readouterr().err


def test_a_workflow_file_can_name_the_records_without_loading_the_libraries() -> None:
    program = (
        "import sys, ml_training_steps.records, ml_training_steps.cli\n"
        "print(*{'sklearn', 'scipy', 'numpy', 'pyarrow', 'joblib', 'potok'} & sys.modules.keys())"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=DAGS, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


def test_every_record_survives_json(first_run: Path) -> None:
    features = update_features(first_run, "r1", logical_date="2026-01-01", share=0.9)
    assert msgspec.json.decode(json.dumps(msgspec.to_builtins(features)), type=FeatureSet) == features
