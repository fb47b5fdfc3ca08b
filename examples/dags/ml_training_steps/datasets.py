"""The three real data sets that scikit-learn ships, as they arrive day by day.

Pure: the same arguments give the same rows.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as bundled
from sklearn.model_selection import train_test_split

from ml_training_steps.records import Dataset

# Constants, not parameters: a split that moved would judge a champion on rows it was trained on.
SPLIT_SEED = 20
HOLDOUT_SHARE = 0.25

SHARE_MIN = 0.2  # below it the smallest data set (178 rows) loses whole classes


@dataclass(frozen=True)
class Rows:
    """Raw rows: `values` is rows × features; `row_id` is the row's number in the full data set."""

    feature_names: tuple[str, ...]
    values: NDArray[np.float64]
    target: NDArray[np.int64]
    row_id: NDArray[np.int64]
    is_train: NDArray[np.bool_]


def arrived_rows(dataset: Dataset, *, logical_date: str, share: float, drift: float) -> Rows:
    """The rows known on a day: `share` of the data set, chosen by the date alone.

    `drift` is the share of rows measured by a miscalibrated instrument: the first third of their features is
    one standard deviation too high. Raise ValueError when `share` is outside 0.2…1 or `drift` outside 0…1.
    """
    if not SHARE_MIN <= share <= 1:
        raise ValueError(f"share must be between {SHARE_MIN} and 1, not {share}")
    if not 0 <= drift <= 1:
        raise ValueError(f"drift must be between 0 and 1, not {drift}")
    everything = _load(dataset)
    count = len(everything.target)
    order = _generator(dataset, logical_date).permutation(count)
    chosen = np.sort(order[: round(share * count)])
    return Rows(
        feature_names=everything.feature_names,
        values=_miscalibrated(dataset, everything.values, drift)[chosen],
        target=everything.target[chosen],
        row_id=everything.row_id[chosen],
        is_train=everything.is_train[chosen],
    )


def _load(dataset: Dataset) -> Rows:
    bunch: Any = getattr(bundled, f"load_{dataset}")()
    values = np.asarray(bunch.data, dtype=np.float64)
    target = np.asarray(bunch.target, dtype=np.int64)
    row_id = np.arange(len(target), dtype=np.int64)
    train, _ = train_test_split(row_id, test_size=HOLDOUT_SHARE, random_state=SPLIT_SEED, stratify=target)
    return Rows(tuple(map(str, bunch.feature_names)), values, target, row_id, np.isin(row_id, train))


def _miscalibrated(dataset: Dataset, values: NDArray[np.float64], drift: float) -> NDArray[np.float64]:
    rows, features = values.shape
    affected = _generator(dataset, "drift").permutation(rows)[: round(drift * rows)]
    shift = np.where(np.arange(features) < features / 3, values.std(axis=0), 0.0)
    shifted = values.copy()
    shifted[affected] += shift
    return shifted


def _generator(*names: str) -> np.random.Generator:
    digest = hashlib.sha256("/".join(names).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
