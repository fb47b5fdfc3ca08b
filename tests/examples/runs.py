"""What the tests of the ML pipeline share: quick trainings on real data, and what lies in a folder."""

from pathlib import Path

from ml_training_steps.features import update_features
from ml_training_steps.layout import open_root
from ml_training_steps.records import Dataset, TrainedModel
from ml_training_steps.training import train

EFFORT = 0.03


def candidate(data: Path, run_id: str, *, dataset: Dataset = "wine", effort: float = EFFORT) -> TrainedModel:
    features = update_features(data, run_id, logical_date="2026-01-01", share=0.9)
    return train(data, run_id, dataset, features, effort=effort)


def champion_bytes(data: Path, dataset: Dataset = "wine") -> bytes:
    return open_root(data).champion_file(dataset).read_bytes()


def files_under(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}
