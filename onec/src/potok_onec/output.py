"""Writes the tables as Parquet and JSONL into a folder beside, which takes the old one's place when all is there."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Protocol, Self

from msgspec import Struct, json
from msgspec.structs import astuple, fields

from potok_onec.configuration import Portion, Reading
from potok_onec.tables import COLUMNS, rows_by_table

FORMATS: Final = ("parquet", "jsonl", "both")
_REPORT: Final = "report.json"
_OURS: Final = frozenset({_REPORT, *(f"{name}.{suffix}" for name in COLUMNS for suffix in ("parquet", "jsonl"))})
# Rows that wait for Parquet: enough for good compression, 20 MB of memory.
_BATCH_ROWS: Final = 8192


class ForeignFolderError(Exception):
    """The output folder holds something that was not written here; `name` is one of those things."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Sink(Protocol):
    """Where the rows of one table go; a row has its values in the order of the columns."""

    def add(self, rows: Iterable[Sequence[Any]]) -> None: ...
    def close(self) -> None: ...


class _JsonLines:
    def __init__(self, file: Path, columns: dict[str, str]) -> None:
        self._file: BinaryIO = file.open("wb", buffering=1 << 20)
        self._names = tuple(columns)
        self._encoder = json.Encoder()

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._file.write(self._encoder.encode(dict(zip(self._names, row, strict=True))))
            self._file.write(b"\n")

    def close(self) -> None:
        self._file.close()


class _Parquet:
    """Groups of rows are cut by their number alone, so that equal rows give equal bytes however they came."""

    def __init__(self, file: Path, columns: dict[str, str]) -> None:
        import pyarrow
        import pyarrow.parquet

        kinds = {
            "string": pyarrow.string(),
            "int32": pyarrow.int32(),
            "int64": pyarrow.int64(),
            "double": pyarrow.float64(),
            "bool": pyarrow.bool_(),
            "list": pyarrow.list_(pyarrow.string()),
        }
        self._arrow = pyarrow
        self._schema = pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
        self._writer = pyarrow.parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[Sequence[Any]] = []

    def add(self, rows: Iterable[Sequence[Any]]) -> None:
        self._waiting.extend(rows)
        while len(self._waiting) >= _BATCH_ROWS:
            self._flush()

    def _flush(self) -> None:
        rows, self._waiting = self._waiting[:_BATCH_ROWS], self._waiting[_BATCH_ROWS:]
        columns = [
            self._arrow.array(values, type=column.type)
            for values, column in zip(zip(*rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_batch(self._arrow.RecordBatch.from_arrays(columns, schema=self._schema))

    def close(self) -> None:
        if self._waiting:
            self._flush()
        self._writer.close()


class Tables:
    """Several tables that are written side by side; `rows` counts."""

    def __init__(self, folder: Path, columns: Mapping[str, dict[str, str]], formats: str) -> None:
        self.rows = dict.fromkeys(columns, 0)
        self._sinks = {name: _sinks(folder, name, columns[name], formats) for name in columns}

    def add(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        self.rows[name] += len(rows)
        for sink in self._sinks[name]:
            sink.add(rows)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sinks in self._sinks.values():
            for sink in sinks:
                sink.close()


def write(reading: Reading, folder: Path, *, formats: str, overview: Any, progress: Any = None) -> dict[str, int]:
    """Write all tables of a reading and its report; rows by table. `overview` makes the report when all was read.

    Raises OSError (a full disk) or ForeignFolderError; then the old content of `folder` is still there, whole.
    """
    recover(folder)
    _refuse_foreign(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staged = folder.parent / f".{folder.name}.new-{os.getpid()}"
    try:
        staged.mkdir()
        written = write_tables(reading, staged, formats, progress)
        (staged / _REPORT).write_bytes(json.format(json.encode(overview()), indent=2))
        _settle(staged)
        _take_place(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return written


def write_tables(portions: Iterable[Portion], staged: Path, formats: str, progress: Any) -> dict[str, int]:
    """Rows by table, of whatever passes by."""
    with Tables(staged, COLUMNS, formats) as tables:
        for portion in portions:
            for name, found in rows_by_table(portion).items():
                tables.add(name, found)
            if progress is not None:
                progress()
    return tables.rows


def _settle(folder: Path) -> None:
    """On the disk before the old output goes: a full disk may say so only now."""
    for file in sorted(folder.iterdir()):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())


def _take_place(staged: Path, folder: Path) -> None:
    """A folder cannot be renamed over another: the old one steps aside first and comes back when that fails."""
    aside = _aside(folder)
    if folder.exists():
        folder.rename(aside)
    try:
        staged.rename(folder)
    except OSError:
        if aside.exists():
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.parent / f".{folder.name}.old"


def recover(folder: Path) -> None:
    """Bring the old output back when a run was killed between the two renames."""
    aside = _aside(folder)
    if aside.exists():
        if folder.exists():
            shutil.rmtree(aside, ignore_errors=True)
        else:
            aside.rename(folder)


def _refuse_foreign(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise ForeignFolderError(folder.name)
    for entry in sorted(folder.iterdir()):
        if entry.name not in _OURS:
            raise ForeignFolderError(entry.name)


def columns_of(kind: type[Struct]) -> dict[str, str]:
    """Columns of a table whose rows are structs: names and column types, in the order of the fields."""
    names = {str: "string", int: "int32", float: "double", bool: "bool"}
    return {each.name: names.get(each.type, "list") for each in fields(kind)}


def write_rows(
    folder: Path, tables: dict[type[Any], str], items: Iterable[Struct], *, formats: str = "parquet"
) -> dict[str, int]:
    """Write structs into the table of their kind, all tables in one pass; rows by table."""
    columns = {name: columns_of(kind) for kind, name in tables.items()}
    with Tables(folder, columns, formats) as written:
        for item in items:
            written.add(tables[type(item)], (astuple(item),))
    return written.rows


def _sinks(folder: Path, name: str, columns: dict[str, str], formats: str) -> list[Sink]:
    found: list[Sink] = []
    if formats in ("jsonl", "both"):
        found.append(_JsonLines(folder / f"{name}.jsonl", columns))
    if formats in ("parquet", "both"):
        found.append(_Parquet(folder / f"{name}.parquet", columns))
    return found
