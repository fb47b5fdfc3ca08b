"""The example DAG folder on the path, as the DAG file that imports the steps would find it; a run to stand on."""

import shutil
import sys
from pathlib import Path

import pytest

DAGS = Path(__file__).parents[2] / "examples" / "dags"

if str(DAGS) not in sys.path:
    sys.path.insert(0, str(DAGS))

from ml_training_steps.evaluation import evaluate  # noqa: E402
from ml_training_steps.features import update_features  # noqa: E402
from ml_training_steps.records import DATASETS  # noqa: E402
from ml_training_steps.training import train  # noqa: E402
from tests.examples.runs import EFFORT  # noqa: E402


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data root after run r1: three champions. Read only: tests that write take a copy of it."""
    data = tmp_path_factory.mktemp("ml")
    features = update_features(data, "r1", logical_date="2026-01-01", share=0.9)
    evaluate(data, "r1", [train(data, "r1", dataset, features, effort=EFFORT) for dataset in DATASETS])
    return data


@pytest.fixture
def data(first_run: Path, tmp_path: Path) -> Path:
    return shutil.copytree(first_run, tmp_path / "ml")
