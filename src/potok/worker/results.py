"""Results of tasks: from a Python value to what travels or lies in the results folder, and back. Never pickles."""

from __future__ import annotations

import os
import sys

import msgspec

from potok.model.result_files import FILES_KEY, FilesRecord
from potok.model.wire import INLINE_MAX_BYTES, Inline, Stored, Value
from potok.worker.failure import TaskError

RESULT_MAX_BYTES = 32 * 1024 * 1024

_FILES_MARK = f'"{FILES_KEY}":'.encode()

_decode = msgspec.json.Decoder().decode
_named_files: list[FilesRecord] = []


def _more_than_json(value: object) -> object:
    """What JSON has no form for: files that the result names; NumPy numbers and arrays, pydantic models, paths."""
    if type(value).__module__ == "potok.authoring.files":
        from potok.worker import result_files

        record = result_files.record_of(value)  # type: ignore[arg-type]
        _named_files.append(record)
        return {FILES_KEY: record}
    for method in ("model_dump", "tolist", "isoformat", "__fspath__"):
        convert = getattr(value, method, None)
        if convert is not None and not isinstance(value, type):
            converted: object = convert()
            return converted
    raise NotImplementedError


_encode = msgspec.json.Encoder(enc_hook=_more_than_json).encode


class ResultsFolder:
    """Where the result of one attempt goes and results of others are read. Keys are `run/task/attempt.codec`."""

    def __init__(self, folder: str, run_id: str, task_id: str, attempt_id: int) -> None:
        self._folder = folder
        self._ids = (run_id, task_id, attempt_id)
        self.files: tuple[FilesRecord, ...] = ()

    def keep(self, value: object) -> Value | None:
        """Inline JSON, a JSON file, a Parquet file for a table; None for None. `files` is then what the value names.

        Raises TaskError when the value has no such form, is too large, or cannot be written.
        """
        if value is None:
            return None
        if _is_table(value):
            return self._keep_table(value)
        data, self.files = _to_json(value)
        if len(data) <= INLINE_MAX_BYTES:
            return Inline(data)
        if len(data) > RESULT_MAX_BYTES:
            raise TaskError(
                "ResultTooLarge",
                f"the result has {len(data) / 1e6:.0f} MB as JSON and at most {RESULT_MAX_BYTES >> 20} MB is kept:"
                " write it to a file and return the path, or return a table",
            )
        key = self._key("json")
        self._write(key, data)
        return Stored(key, "json", len(data), _sha256(data))

    def load(self, value: Value | None, annotation: object = None) -> object:
        """The Python value of a result; a table becomes what `annotation` names, else a pandas DataFrame.

        Raises TaskError when a stored result is gone or is not what was written.
        """
        if value is None:
            return None
        if isinstance(value, Inline):
            return _from_json(value.data)
        path = f"{self._folder}/{value.key}"
        if value.codec == "parquet":
            from potok.worker import tables

            self._check(path, value)
            return tables.read(path, annotation)
        return _from_json(self._check(path, value))

    def _key(self, codec: str) -> str:
        run_id, task_id, attempt_id = self._ids
        return f"{_one_folder(run_id)}/{_one_folder(task_id)}/{attempt_id}.{codec}"

    def _check(self, path: str, value: Stored) -> bytes:
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            raise TaskError(
                "ResultGone", f"the stored result {value.key} is gone: clear the task that made it"
            ) from None
        except OSError as error:
            raise TaskError("ResultGone", f"the stored result {value.key} cannot be read: {error.strerror}") from None
        if len(data) != value.size or _sha256(data) != value.sha256:
            raise TaskError("ResultChanged", f"the stored result {value.key} was changed since: clear its task")
        return data

    def _keep_table(self, value: object) -> Stored:
        from potok.worker import tables

        key = self._key("parquet")
        data = tables.to_parquet(value)
        self._write(key, data)
        return Stored(key, "parquet", len(data), _sha256(data))

    def _write(self, key: str, data: bytes) -> None:
        path = f"{self._folder}/{key}"
        unfinished = f"{path}.{os.getpid()}.part"
        try:
            os.makedirs(os.path.dirname(path), mode=0o750, exist_ok=True)
            with open(unfinished, "wb") as file:
                file.write(data)
            os.replace(unfinished, path)
        except OSError as error:
            if os.path.exists(unfinished):
                os.unlink(unfinished)
            raise TaskError(
                "ResultNotKept", f"the result cannot be written to the results folder: {error.strerror}"
            ) from None


def _sha256(data: bytes) -> str:
    import hashlib  # it brings OpenSSL along, which a worker without large results never needs

    return hashlib.sha256(data).hexdigest()


def _one_folder(name: str) -> str:
    """An id as one path component: run ids are people's words and may hold anything."""
    safe = "".join(letter if letter.isalnum() or letter in "-_.+:" else "_" for letter in name)
    return "_" + safe if safe.startswith(".") else safe


def _from_json(data: bytes) -> object:
    value = _decode(data)
    if _FILES_MARK not in data:
        return value
    from potok.worker import result_files

    return result_files.revived(value)


def _to_json(value: object) -> tuple[bytes, tuple[FilesRecord, ...]]:
    """The JSON, and the files that the value names."""
    _named_files.clear()
    data = _encoded(value)
    # Text from elsewhere must not make a link to files: only the object does, which code has to make.
    if data.count(_FILES_MARK) != len(_named_files):
        raise TaskError(
            "ResultNotSerializable",
            f"the result has a mapping with the key {FILES_KEY!r}, which means Files: rename it",
        )
    return data, tuple(_named_files)


def _encoded(value: object) -> bytes:
    try:
        return _encode(value)
    except (NotImplementedError, TypeError, msgspec.MsgspecError):
        culprit = _culprit(value, "the result") or f"a {type(value).__name__}"
        mend = "return plain values (numbers, texts, lists, dicts, dataclasses), a table, or a path to a file"
        raise TaskError("ResultNotSerializable", f"{culprit} cannot be kept as JSON: {mend}") from None
    except RecursionError:
        raise TaskError("ResultNotSerializable", "the result is nested too deeply or contains itself") from None
    except UnicodeEncodeError:
        raise TaskError("ResultNotSerializable", "a text of the result is not valid Unicode: decode it anew") from None


def _culprit(value: object, where: str, depth: int = 0) -> str | None:
    """Which part of a result JSON has no form for, said with its place."""
    if depth > 8:
        return None
    parts: list[tuple[str, object]] = []
    if isinstance(value, dict):
        parts = [(f"{where}[{key!r}]", item) for key, item in value.items()]
    elif isinstance(value, list | tuple):
        parts = [(f"{where}[{index}]", item) for index, item in enumerate(value)]
    for place, item in parts:
        found = _culprit(item, place, depth + 1)
        if found:
            return found
    try:
        _encode(value)
    except Exception:
        kind = type(value)
        module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
        return f"{where} (a {module}{kind.__qualname__})"
    return None


def _is_table(value: object) -> bool:
    """Asks by the class's module, so that no table library is imported to find out."""
    root = type(value).__module__.partition(".")[0]
    return root in ("pandas", "pyarrow", "polars") and root in sys.modules and _table_of(root, value)


def _table_of(root: str, value: object) -> bool:
    from potok.worker import tables

    return tables.is_table(root, value)
