"""One training: a scikit-learn model fitted on the training rows of a snapshot.

Never sees the hold-out while fitting.
"""

import io
import logging
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import joblib
import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from ml_training_steps.features import FeatureTable, read_table
from ml_training_steps.layout import DataRoot, open_root, sha256_of
from ml_training_steps.records import Dataset, FeatureSet, Scalar, Scores, TrainedModel

_log = logging.getLogger(__name__)


class Classifier(Protocol):
    classes_: NDArray[np.int64]

    def predict(self, values: NDArray[np.float64]) -> NDArray[np.int64]: ...
    def predict_proba(self, values: NDArray[np.float64]) -> NDArray[np.float64]: ...


@dataclass(frozen=True)
class _Recipe:
    """`iterations` of `iterations_parameter` take one to three seconds on one core; `effort` multiplies them."""

    estimator: type[Any]
    iterations_parameter: str
    iterations: int
    parameters: Mapping[str, object]


_RECIPES: Mapping[Dataset, _Recipe] = {
    "digits": _Recipe(HistGradientBoostingClassifier, "max_iter", 70, {"learning_rate": 0.1}),
    "wine": _Recipe(MLPClassifier, "max_iter", 4500, {"alpha": 1.0, "tol": 0.0, "n_iter_no_change": 1_000_000}),
    "breast_cancer": _Recipe(ExtraTreesClassifier, "n_estimators", 2400, {"min_samples_leaf": 2, "n_jobs": 1}),
}


def train(
    data_dir: str | Path,
    run_id: str,
    dataset: Dataset,
    features: FeatureSet,
    *,
    overrides: Mapping[str, Scalar] | None = None,
    effort: float = 1.0,
    seed: int = 0,
) -> TrainedModel:
    """Fit, score on the hold-out, save model and metrics under `models/<run>/<dataset>/`.

    `overrides` go to the estimator as they are; a bad one raises scikit-learn's own error. Raise ValueError when
    `effort` is not positive, DamagedFileError when the snapshot is damaged.
    """
    if effort <= 0:
        raise ValueError(f"effort must be positive, not {effort}")
    root = open_root(data_dir)
    snapshot = features.of(dataset)
    table = read_table(root, snapshot.path, snapshot.sha256)
    estimator = _estimator(dataset, effort, seed, overrides or {})
    started = time.perf_counter()
    model = _fit(estimator, table)
    fit_s = time.perf_counter() - started
    scores = score(model, *table.holdout())
    _log.info("%s: %s fitted in %.2f s, hold-out %s", dataset, type(estimator).__name__, fit_s, scores)
    model_path, model_sha256 = _save_model(root, run_id, dataset, model)
    trained = TrainedModel(
        dataset=dataset,
        run_id=run_id,
        model_path=model_path,
        model_sha256=model_sha256,
        features_path=snapshot.path,
        features_sha256=snapshot.sha256,
        estimator=type(estimator).__name__,
        overrides=dict(overrides or {}),
        effort=effort,
        seed=seed,
        scores=scores,
        fit_s=round(fit_s, 3),
        sklearn_version=sklearn.__version__,
    )
    # Last: whoever sees the metrics may trust that the model they name is there.
    root.write_record(root.metrics_file(run_id, dataset), trained, run_id=run_id)
    return trained


def score(model: Classifier, values: NDArray[np.float64], target: NDArray[np.int64]) -> Scores:
    with threadpool_limits(limits=1):
        probabilities = model.predict_proba(values)
    predicted = model.classes_[probabilities.argmax(axis=1)]
    return Scores(
        accuracy=float(accuracy_score(target, predicted)),
        macro_f1=float(f1_score(target, predicted, average="macro")),
        log_loss=float(log_loss(target, probabilities, labels=model.classes_)),
    )


def _estimator(dataset: Dataset, effort: float, seed: int, overrides: Mapping[str, Scalar]) -> Any:
    recipe = _RECIPES[dataset]
    iterations = max(1, round(recipe.iterations * effort))
    estimator = recipe.estimator(**recipe.parameters, **{recipe.iterations_parameter: iterations}, random_state=seed)
    return estimator.set_params(**overrides)


def _fit(estimator: Any, table: FeatureTable) -> Classifier:
    values, target = table.train()
    scaler = _scaler(table)
    with warnings.catch_warnings(), threadpool_limits(limits=1):
        # The number of iterations is the budget of a training, not an accident worth a warning.
        warnings.simplefilter("ignore", ConvergenceWarning)
        estimator.fit(scaler.transform(values), target)
    model: Classifier = Pipeline([("scaler", scaler), ("classifier", estimator)])
    return model


def _scaler(table: FeatureTable) -> Any:
    """The scaler that the snapshot carries: fitted once, with the features, on training rows only."""
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_ = table.mean, table.scale
    scaler.n_features_in_ = len(table.mean)
    return scaler


def _save_model(root: DataRoot, run_id: str, dataset: Dataset, model: Classifier) -> tuple[str, str]:
    buffer = io.BytesIO()
    joblib.dump(model, buffer, compress=3)
    sha256 = sha256_of(buffer.getvalue())
    path = root.model_file(run_id, dataset, sha256)
    root.write_once(path, buffer.getvalue(), run_id=run_id)
    return root.relative(path), sha256
