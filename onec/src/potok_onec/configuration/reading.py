"""The way in: `read(path)` gives a reading, whose objects stream by while its report grows."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import msgpack

from potok_onec.configuration import inventory, pool, task
from potok_onec.configuration.cache import default_folder
from potok_onec.configuration.inventory import Inventory, Unit
from potok_onec.configuration.memory import peak_kb
from potok_onec.configuration.model import MetadataObject, Portion, Project
from potok_onec.configuration.report import Reconciliation, Report
from potok_onec.configuration.summary import UnitSummary
from potok_onec.configuration.task import Trust

# Below this one process is done before two have started (0.15 s each).
_SPREAD_BYTES: Final = 6_000_000
_WORKERS_MAX: Final = 8


class Reading:
    """One pass over a source. Iterating gives portions in a stable order: projects, kinds, names.

    >>> reading = read("path/to/sources")            # doctest: +SKIP
    >>> for item in reading.objects():               # doctest: +SKIP
    ...     print(item.full_name)
    >>> reading.report.is_complete                   # doctest: +SKIP
    True
    """

    def __init__(self, path: Path, *, workers: int, cache_folder: Path | None) -> None:
        self._inventory: Inventory = inventory.take(path)
        self._reconciliation = Reconciliation(self._inventory)
        self._workers = workers
        self._cache_folder = str(cache_folder) if cache_folder else ""
        # Files that somebody vouches for need not be read to find them in the cache.
        self.trust = Trust()
        # What a later reading may trust, and how many modules came from no cache; whole at the end.
        self.keys: dict[bytes, bytes] = {}
        self.modules_read = 0
        self.units = len(self._inventory.units)
        self._inventory.aside.clear()

    @property
    def root(self) -> Path:
        """The folder that is walked: that of the project when a path inside of one was opened."""
        return Path(self._inventory.root)

    @property
    def projects(self) -> list[Project]:
        return self._inventory.projects

    @property
    def report(self) -> Report:
        """Whole once the reading was iterated to its end."""
        return self._reconciliation.report

    def __iter__(self) -> Iterator[Portion]:
        decoder = msgpack.Decoder(Portion)
        for _, body in self.encoded():
            yield decoder.decode(body)

    def encoded(self) -> Iterator[tuple[bytes, bytes]]:
        """(key, portion as msgpack) of each: equal keys, equal portions; an empty key says nothing."""
        return self._answers(wants_bodies=True)

    def objects(self) -> Iterator[MetadataObject]:
        for portion in self:
            yield from portion.objects

    def count(self) -> Iterator[int]:
        """Only for the report: objects stay in the workers. Gives how many are done, for whoever shows progress."""
        for done, _ in enumerate(self._answers(wants_bodies=False), 1):
            yield done

    def _answers(self, *, wants_bodies: bool) -> Iterator[tuple[bytes, bytes]]:
        if self._inventory.units is _CONSUMED:
            raise RuntimeError("this reading was iterated already: call read() again")
        units, self._inventory.units = self._inventory.units, _CONSUMED
        setting = task.Setting(self._inventory.root, self.projects, self._cache_folder, wants_bodies, self.trust)
        total = sum(slot.bytes for unit in units for slot in unit.slots)
        spread = self._workers > 1 and total > _SPREAD_BYTES
        stream = _drained(units)
        answers = pool.read_spread(setting, stream, self._workers) if spread else pool.read_here(setting, stream)
        decoder = msgpack.Decoder(UnitSummary)
        for batch, answer in answers:
            self.report.hits += answer.hits
            self.modules_read += answer.modules_read
            self.report.peak_kb = max(self.report.peak_kb, answer.peak_kb)
            self.report.cache_trouble = self.report.cache_trouble or answer.cache_trouble
            for index, unit in enumerate(batch):
                self._reconciliation.take(unit, decoder.decode(answer.summaries[index]))
                identity, key = answer.keys[index]
                if key:
                    self.keys[identity] = key
                yield key, answer.bodies[index] if wants_bodies else b""
        self._reconciliation.finish()
        self.report.peak_kb = max(self.report.peak_kb, peak_kb())


_CONSUMED: Final[list[Unit]] = []


def _drained(units: list[Unit]) -> Iterator[Unit]:
    """Each unit is let go of when it has been read: the plan of a big source is not held to the end."""
    units.reverse()
    while units:
        yield units.pop()


def read(path: str | Path, *, workers: int | None = None, cache: bool | Path = True) -> Reading:
    """Open a folder with 1C sources of any layout; nothing but names has been read when this returns.

    `workers`: processes, by default one for each core. `cache`: a folder for results, True for the user's cache folder,
    False for none. Raises FileNotFoundError when the path does not exist; everything else is in the report.
    """
    source = Path(path)
    if not source.exists():
        raise FileNotFoundError(f"{source} does not exist")
    folder = None if cache is False else default_folder() if cache is True else cache
    return Reading(source, workers=workers or min(_WORKERS_MAX, _cores()), cache_folder=folder)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
