"""Feature tables: built from the data of a day, kept as immutable Parquet. Never fits anything on the hold-out.

The table holds raw values and the parameters of a scaler fitted on the training rows. Scaled values would hide a
shift of the mean from the drift check, and a champion of an older snapshot could not be judged on a newer one.
"""

import io
import json
import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

from ml_training_steps.datasets import Rows, arrived_rows
from ml_training_steps.layout import DataRoot, open_root, sha256_of
from ml_training_steps.records import DATASETS, Dataset, FeatureSet, FeatureSnapshot

_ROW_COLUMNS = ("row_id", "split", "target")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FeatureTable:
    """A snapshot in memory: raw `rows`, and the mean and scale of each feature over the training rows."""

    rows: Rows
    mean: NDArray[np.float64]
    scale: NDArray[np.float64]

    def train(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        return self.rows.values[self.rows.is_train], self.rows.target[self.rows.is_train]

    def holdout(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        return self.rows.values[~self.rows.is_train], self.rows.target[~self.rows.is_train]


def update_features(
    data_dir: str | Path, run_id: str, *, logical_date: str = "", share: float = 1.0, drift: float = 0.0
) -> FeatureSet:
    """Build a feature snapshot of every data set; the same arguments give the same files, and write nothing twice.

    `share` (0.2…1) of the rows has arrived by `logical_date`; `drift` (0…1) of the rows is miscalibrated.
    Raise ValueError when either is out of its range.
    """
    root = open_root(data_dir)
    return FeatureSet(
        tuple(
            _write_snapshot(
                root, dataset, arrived_rows(dataset, logical_date=logical_date, share=share, drift=drift), run_id
            )
            for dataset in DATASETS
        )
    )


def read_table(root: DataRoot, path: str, sha256: str) -> FeatureTable:
    """Read a snapshot back. Raise DamagedFileError when its bytes are not the recorded ones."""
    table = pq.read_table(io.BytesIO(root.read_verified(path, sha256)))
    names = tuple(name for name in table.column_names if name not in _ROW_COLUMNS)
    scaler = json.loads(table.schema.metadata[b"scaler"])
    rows = Rows(
        feature_names=names,
        values=np.column_stack([table.column(name).to_numpy() for name in names]),
        target=table.column("target").to_numpy(),
        row_id=table.column("row_id").to_numpy(),
        is_train=table.column("split").to_numpy() == "train",
    )
    return FeatureTable(rows, mean=np.asarray(scaler["mean"]), scale=np.asarray(scaler["scale"]))


def _write_snapshot(root: DataRoot, dataset: Dataset, rows: Rows, run_id: str) -> FeatureSnapshot:
    content = _parquet(dataset, rows)
    sha256 = sha256_of(content)
    path = root.snapshot_file(dataset, sha256)
    is_new = root.write_once(path, content, run_id=run_id)
    _log.info("%s: %d rows, %s %s", dataset, len(rows.target), "wrote" if is_new else "already have", path.name)
    train_rows = int(rows.is_train.sum())
    return FeatureSnapshot(
        dataset=dataset,
        path=root.relative(path),
        sha256=sha256,
        rows=len(rows.target),
        train_rows=train_rows,
        holdout_rows=len(rows.target) - train_rows,
        features=len(rows.feature_names),
        classes=len(np.unique(rows.target)),
    )


def _parquet(dataset: Dataset, rows: Rows) -> bytes:
    scaler = StandardScaler().fit(rows.values[rows.is_train])
    columns = {"row_id": rows.row_id, "split": np.where(rows.is_train, "train", "holdout"), "target": rows.target}
    columns |= {name: rows.values[:, index] for index, name in enumerate(rows.feature_names)}
    parameters = {"mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()}
    table = pa.table(columns, metadata={"dataset": dataset, "scaler": json.dumps(parameters)})
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()
