"""What goes wrong in the generated year: errors with their tracebacks and log lines, each DAG with its habits."""

from __future__ import annotations

import random

import msgspec

from potok.model.dag import Dag
from potok.model.run import ErrorInfo


class Trouble(msgspec.Struct, frozen=True):
    """One way to fail; `{n}` in `message` is a number that differs from time to time."""

    kind: str
    module: str
    message: str
    bases: tuple[str, ...]
    frames: tuple[tuple[str, int, str, str], ...]


TROUBLES = (
    Trouble("ConnectionError", "", "connection to db-{n}.internal:5432 refused", ("OSError",),
            (("lib/database.py", 48, "connect", "return driver.connect(address, timeout=10)"),)),
    Trouble("TimeoutError", "", "no answer within 30 s after {n} rows", ("OSError",),
            (("lib/database.py", 91, "fetch", "for block in cursor.blocks(size=5_000):"),
             ("lib/database.py", 133, "blocks", "raise TimeoutError(self._told(rows))"))),
    Trouble("ValueError", "", "column 'price' has {n} empty values, none are allowed", (),
            (("lib/checks.py", 27, "no_nulls", "raise ValueError(sentence(column, empty))"),)),
    Trouble("KeyError", "", "'discount_{n}'", ("LookupError",),
            (("lib/convert.py", 64, "row", "return {name: raw[name] for name in columns}"),)),
    Trouble("MemoryError", "", "cannot allocate {n} MB for the joined table", (),
            (("lib/join.py", 112, "merge", "joined = left.merge(right, on=key)"),)),
    Trouble("SchemaError", "lib.checks.", "expected 14 columns, found {n}: the source has changed", ("ValueError",),
            (("lib/checks.py", 55, "schema", "raise SchemaError(expected, found)"),)),
    Trouble("PermissionError", "", "[Errno 13] Permission denied: '/exchange/out/batch_{n}.csv'", ("OSError",),
            (("lib/files.py", 19, "write", "with path.open('x') as file:"),)),
    Trouble("HTTPStatusError", "httpx.", "503 Service Unavailable for url 'https://api.example.com/v2/rates?page={n}'",
            ("HTTPError", "httpx.HTTPError"),
            (("lib/api.py", 40, "page", "answer.raise_for_status()"),)),
)  # fmt: skip


class Habit(msgspec.Struct, frozen=True):
    """How a DAG fails: the share of its runs, its usual troubles, and how often a retry helps."""

    share: float
    troubles: tuple[Trouble, ...]
    retry_helps: float


def habit(rng: random.Random) -> Habit:
    """Most DAGs hardly ever fail; a few do every week."""
    kind = rng.random()
    share = 0.002 if kind < 0.6 else 0.02 if kind < 0.95 else 0.15
    return Habit(share, tuple(rng.sample(TROUBLES, 2)), rng.choice((0.3, 0.6, 0.9)))


def error_of(trouble: Trouble, dag: Dag, position: int, rng: random.Random) -> ErrorInfo:
    """The error as a worker would have told it, its location in the DAG's own file."""
    task = dag.tasks[position]
    message = trouble.message.format(n=rng.randrange(3, 900))
    file, _, line = (task.location or f"{dag.file}:1").rpartition(":")
    frames = [(file, int(line), "step", f"return {task.task_id.rpartition('.')[2]}(rows)"), *trouble.frames]
    lines = ["Traceback (most recent call last):"]
    for path, number, function, source in frames:
        lines += [f'  File "{path}", line {number}, in {function}', f"    {source}"]
    name = f"{trouble.module}{trouble.kind}"
    lines.append(f"{name}: {message}\n")
    names = (trouble.kind, *((name,) if trouble.module else ()), *trouble.bases, "Exception")
    return ErrorInfo(trouble.kind, message, names, f"{file}:{line}", "\n".join(lines))
