"""Where everything lies under one data root, and the only way a file gets there: whole or not at all.

    features/<dataset>/<sha256>.parquet    immutable feature snapshots
    models/<run>/<dataset>/                model-<sha256>.joblib, metrics.json
    champions/<dataset>.json               which model serves
    tmp/<run>/                             one run's unfinished files

Never reads or writes outside the data root.
"""

import hashlib
import os
import re
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+@=-]{0,199}")
_NAME_DIGITS = 16

Record = TypeVar("Record")


class OutsideDataRootError(ValueError):
    """A path or a run id that would lead out of the data root."""


class DamagedFileError(ValueError):
    """A file is missing, or its bytes are not those that were recorded."""


@dataclass(frozen=True)
class DataRoot:
    """The layout of one data root; `open_root` makes it."""

    root: Path

    def features_dir(self, dataset: str) -> Path:
        return self.root / "features" / dataset

    def snapshot_file(self, dataset: str, sha256: str) -> Path:
        return self.features_dir(dataset) / f"{sha256[:_NAME_DIGITS]}.parquet"

    def run_models_dir(self, run_id: str) -> Path:
        return self.root / "models" / checked_run_id(run_id)

    def model_file(self, run_id: str, dataset: str, sha256: str) -> Path:
        return self.run_models_dir(run_id) / dataset / f"model-{sha256[:_NAME_DIGITS]}.joblib"

    def metrics_file(self, run_id: str, dataset: str) -> Path:
        return self.run_models_dir(run_id) / dataset / "metrics.json"

    def champion_file(self, dataset: str) -> Path:
        return self.root / "champions" / f"{dataset}.json"

    def temporary_dir(self, run_id: str) -> Path:
        return self.root / "tmp" / checked_run_id(run_id)

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def inside(self, relative: str) -> Path:
        """The real path of a recorded one. Raise OutsideDataRootError when it (or a symbolic link) leads out."""
        path = (self.root / relative).resolve()
        if not path.is_relative_to(self.root):
            raise OutsideDataRootError(f"{relative!r} leads out of the data root {self.root}")
        return path

    def read_verified(self, relative: str, sha256: str) -> bytes:
        """Raise DamagedFileError when the file is missing or its SHA-256 differs from the recorded one."""
        try:
            content = self.inside(relative).read_bytes()
        except OSError as error:
            raise DamagedFileError(f"{relative} cannot be read: {error.strerror}") from error
        if sha256_of(content) != sha256:
            raise DamagedFileError(f"{relative} is damaged: its SHA-256 is not the recorded {sha256[:_NAME_DIGITS]}…")
        return content

    def read_record(self, path: Path, kind: type[Record]) -> Record:
        """Raise DamagedFileError when the file is missing or is not a record of that kind."""
        try:
            return msgspec.json.decode(path.read_bytes(), type=kind)
        except OSError as error:
            raise DamagedFileError(f"{self.relative(path)} cannot be read: {error.strerror}") from error
        except msgspec.DecodeError as error:
            raise DamagedFileError(f"{self.relative(path)} is not a {kind.__name__}: {error}") from error

    def write_record(self, path: Path, record: object, *, run_id: str) -> None:
        """Replace the file atomically."""
        pretty = msgspec.json.format(msgspec.json.encode(record), indent=2)
        self._replace(path, pretty + b"\n", run_id=run_id)

    def write_once(self, path: Path, content: bytes, *, run_id: str) -> bool:
        """Write a file named after its content; return False when it is already there, whole.

        A file that is there gets a new modification time, so that retention sees it in use.
        """
        if path.is_file() and path.read_bytes() == content:
            os.utime(path)
            return False
        self._replace(path, content, run_id=run_id)
        return True

    def remove(self, directory_or_file: Path, *, run_id: str) -> None:
        """Delete so that nobody ever sees half of it: it leaves its place in one rename."""
        doomed = self._temporary_name(run_id, directory_or_file.name)
        os.replace(directory_or_file, doomed)
        if doomed.is_dir() and not doomed.is_symlink():
            shutil.rmtree(doomed)
        else:
            doomed.unlink()

    def remove_temporary_dir(self, run_id: str) -> None:
        """Delete one run's temporary folder; none is no error."""
        directory = self.temporary_dir(run_id)
        if directory.is_symlink() or directory.parent.is_symlink():
            raise OutsideDataRootError(f"{directory} is a symbolic link: what it leads to is not this run's")
        if directory.exists():
            shutil.rmtree(directory)

    def _replace(self, path: Path, content: bytes, *, run_id: str) -> None:
        unfinished = self._temporary_name(run_id, path.name)
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(unfinished, path)

    def _temporary_name(self, run_id: str, name: str) -> Path:
        directory = self.temporary_dir(run_id)
        directory.mkdir(parents=True, exist_ok=True)
        return directory / f"{name}.{uuid.uuid4().hex}"


def open_root(data_dir: str | Path) -> DataRoot:
    """The data root, made if it is not there."""
    root = Path(data_dir).resolve()
    root.mkdir(parents=True, exist_ok=True)
    return DataRoot(root)


def checked_run_id(run_id: str) -> str:
    """Raise OutsideDataRootError unless the id is safe as one folder name."""
    if not _RUN_ID.fullmatch(run_id):
        raise OutsideDataRootError(
            f"run id {run_id!r} cannot name a folder: use letters, digits and . _ : + @ = -, beginning with a letter"
            " or a digit, at most 200 characters"
        )
    return run_id


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
