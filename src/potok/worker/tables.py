"""Tables as Parquet: pandas, pyarrow and polars. Imports those libraries only when a table is there or asked for."""

from __future__ import annotations

import importlib.util
import io
import sys

from potok.worker.failure import TaskError

_CLASS_NAMES = {"pandas": "DataFrame", "pyarrow": "Table", "polars": "DataFrame"}


def is_table(library: str, value: object) -> bool:
    """Whether `value`, whose class is of `library`, is that library's table."""
    return isinstance(value, getattr(sys.modules[library], _CLASS_NAMES[library]))


def to_parquet(value: object) -> bytes:
    """The table as the bytes of a Parquet file. Raises TaskError when it has no such form."""
    sink = io.BytesIO()
    library = type(value).__module__.partition(".")[0]
    try:
        if library == "polars":
            value.write_parquet(sink)  # type: ignore[attr-defined]
        elif library == "pandas":
            value.to_parquet(sink)  # type: ignore[attr-defined]
        else:
            import pyarrow.parquet

            pyarrow.parquet.write_table(value, sink)
    except ImportError:
        raise TaskError("ResultNotKept", "a pandas table is kept as Parquet, which needs pyarrow: install it") from None
    except Exception as error:
        raise TaskError("ResultNotKept", f"the table cannot be kept as Parquet: {error}") from None
    return sink.getvalue()


def read(path: str, annotation: object) -> object:
    """The table as `annotation`'s library wants it; without one as pandas if that is installed, else as pyarrow."""
    library = _wanted_library(annotation)
    if library == "polars":
        import polars  # type: ignore[import-not-found,unused-ignore]

        return polars.read_parquet(path)
    if library == "pandas":
        import pandas

        return pandas.read_parquet(path)
    import pyarrow.parquet

    return pyarrow.parquet.read_table(path)


def _wanted_library(annotation: object) -> str:
    library = str(getattr(annotation, "__module__", "")).partition(".")[0]
    if library in _CLASS_NAMES:
        return library
    return next((name for name in ("pandas", "pyarrow") if importlib.util.find_spec(name)), "polars")
