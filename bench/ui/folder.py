"""The DAG folder of the generated year: a few hand-written files and many small pipelines. Only writes files."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import msgspec

HANDWRITTEN = Path(__file__).parent / "dags"
HERO = "nightly_dwh"
LARGE = "warehouse_rebuild"
SLOW = "supplier_crawl"
TICKS = "ticks"
WRITTEN_BY_HAND = (HERO, LARGE, SLOW, TICKS)
# A file of an area holds about fifty DAGs: each file costs an import of its own when the server starts.
NUMBERS_A_FILE = 600

_AREAS = (
    "sales", "finance", "stock", "logistics", "marketing", "pricing", "support", "hr", "retail", "web", "risk", "ml",
)  # fmt: skip
_THINGS = (
    "orders", "invoices", "payments", "customers", "products", "prices", "shipments", "returns", "campaigns", "visits",
    "tickets", "contracts", "budgets", "forecasts", "balances", "suppliers", "features", "scores", "rates", "emails",
)  # fmt: skip
_WAYS = ("sync", "export", "import", "report", "rebuild", "check", "archive", "enrich", "load", "digest")
_FIRST = ("extract", "fetch", "read", "receive")
_MIDDLE = ("clean", "join", "match", "convert", "score", "aggregate", "split", "validate", "enrich", "dedupe")
_LAST = ("load", "publish", "send", "report")
_POOLS = ("", "", "", "etl", "warehouse")


class Pipeline(msgspec.Struct, frozen=True):
    """A small DAG to be written: `layers` of task ids, a cron `schedule` or none, and how many runs it shall have."""

    dag_id: str
    file: str
    layers: tuple[tuple[str, ...], ...]
    schedule: str | None
    tags: tuple[str, ...]
    owner: str
    description: str
    retries: int
    pool: str
    deadline: str | None
    paused: bool
    runs: int

    @property
    def tasks(self) -> int:
        return sum(len(layer) for layer in self.layers)


def invent(count: int, tasks: int, hours: tuple[int, ...], rng: random.Random) -> list[Pipeline]:
    """`count` pipelines whose runs of one year have `tasks` task instances together, as near as whole runs allow.

    `hours` (UTC) are those in which they start.
    """
    left = tasks
    made = []
    for number in range(count):
        pipeline = _pipeline(number, left / (count - number), hours, rng)
        left -= pipeline.runs * pipeline.tasks
        made.append(pipeline)
    return made


def _pipeline(number: int, budget: float, hours: tuple[int, ...], rng: random.Random) -> Pipeline:
    area, thing, way = rng.choice(_AREAS), rng.choice(_THINGS), rng.choice(_WAYS)
    layers = _layers(rng)
    runs = max(1, round(budget / sum(len(layer) for layer in layers)))
    return Pipeline(
        dag_id=f"{area}_{thing}_{way}_{number:04d}",
        file=f"{area}_{number // NUMBERS_A_FILE:02d}.py",
        layers=layers,
        schedule=_schedule(runs, hours, rng),
        tags=(area, *(("critical",) if rng.random() < 0.08 else ()), *(("gdpr",) if rng.random() < 0.05 else ())),
        owner=area,
        description=f"{way.capitalize()} of {thing} for {area}",
        retries=rng.choice((0, 0, 1, 2)),
        pool=rng.choice(_POOLS),
        deadline=rng.choice((None, None, "1h", "2h")),
        paused=rng.random() < 0.02,
        runs=min(runs, 2000),
    )


def _layers(rng: random.Random) -> tuple[tuple[str, ...], ...]:
    names = [f"{rng.choice(_FIRST)}_{part}" for part in rng.sample(_THINGS, rng.choice((1, 1, 2, 3, 4)))]
    layers = [tuple(names)]
    for middle in rng.sample(_MIDDLE, rng.choice((0, 1, 2, 3, 4))):
        width = rng.choice((1, 1, 1, 2, 3))
        layers.append((middle,) if width == 1 else tuple(f"{middle}_{part}" for part in range(1, width + 1)))
    layers.append((rng.choice(_LAST),))
    return tuple(layers)


def _schedule(runs: int, hours: tuple[int, ...], rng: random.Random) -> str | None:
    """The cron line that gives about that many runs a year."""
    at = f"{rng.randrange(60)} {rng.choice(hours)}"
    by_count = (
        (330, f"{at} * * *"),
        (200, f"{at} * * 1-5"),
        (100, f"{at} * * 1,3,5"),
        (36, f"{at} * * {rng.randrange(7)}"),
        (18, f"{at} 1,15 * *"),
        (8, f"{at} 1 * *"),
    )
    return next((cron for least, cron in by_count if runs >= least), None)


class Edition(msgspec.Struct, frozen=True):
    """One state of the DAG folder in the year: what the nightly warehouse asks of its sources, and what is still there.

    `days_ago`: since when it is in force.
    """

    days_ago: float
    min_rows: int
    has_retired: bool
    is_last: bool = False


EDITIONS = (
    Edition(366.0, 500, has_retired=True),
    Edition(120.0, 800, has_retired=True),
    Edition(9.0, 1_000, has_retired=False, is_last=True),
)


def write(folder: Path, pipelines: list[Pipeline], edition: Edition, large: tuple[int, int]) -> None:
    """The folder as it is in this edition; `large` is (groups, tasks of each) of the one large DAG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("_shapes.py", "supplier_crawl.py", "ticks.py"):
        shutil.copyfile(HANDWRITTEN / name, folder / name)
    hero = (HANDWRITTEN / "nightly_dwh.py").read_text(encoding="utf-8")
    (folder / "nightly_dwh.py").write_text(hero.replace("MIN_ROWS = 1_000", f"MIN_ROWS = {edition.min_rows:_}"))
    (folder / "warehouse.py").write_text(
        '"""The one large DAG (see `potok dags`)."""\n\nfrom _shapes import warehouse\n\n'
        f'warehouse("{LARGE}", groups={large[0]}, group_size={large[1]})\n'
    )
    retired = folder / "retired.py"
    retired.unlink(missing_ok=True)
    if edition.has_retired:
        retired.write_text(_RETIRED)
    if edition.is_last:
        for name in ("broken_import.py", "broken_pool.py"):
            shutil.copyfile(HANDWRITTEN / name, folder / name)
        _write_pipelines(folder, pipelines)


def _write_pipelines(folder: Path, pipelines: list[Pipeline]) -> None:
    texts: dict[str, list[str]] = {}
    for one in pipelines:
        texts.setdefault(one.file, []).append(_call(one))
    for file, calls in texts.items():
        area = file.partition("_")[0]
        head = f'"""Pipelines of {area} (see `potok dags`)."""\n\nfrom _shapes import pipeline\n'
        (folder / file).write_text("\n".join((head, *calls)), encoding="utf-8")


def _call(one: Pipeline) -> str:
    layers = ", ".join(f"[{', '.join(map(_quoted, layer))}]" for layer in one.layers)
    lines = [
        _quoted(one.dag_id),
        f"layers=[{layers}]",
        f"schedule={_quoted(one.schedule)}",
        f"tags=[{', '.join(map(_quoted, one.tags))}], owner={_quoted(one.owner)}",
        f"description={_quoted(one.description)}",
        f"retries={one.retries}, pool={_quoted(one.pool)}, deadline={_quoted(one.deadline)}, paused={one.paused}",
    ]
    return "pipeline(\n" + "".join(f"    {line},\n" for line in lines) + ")\n"


def _quoted(text: str | None) -> str:
    return "None" if text is None else f'"{text}"'


_RETIRED = '''"""Replaced long ago; `potok runs` still lists what it did."""

from _shapes import pipeline

for number in range(1, 4):
    pipeline(
        f"old_import_{number}",
        layers=[["read"], ["write"]],
        schedule="40 5 * * 1",
        tags=["old"],
        owner="platform",
        description="Import of the shop that was closed",
    )
'''
