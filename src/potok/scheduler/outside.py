"""What tells the scheduler of the world outside: where DAGs come from, and what their triggers see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from potok.model.trigger import Mark, Sighting, Trigger
from potok.scheduler.dag_book import Folder

Pair = tuple[str, str]


class FolderSource(Protocol):
    """Where DAGs come from: `watch` calls back with the whole folder after each settled change, until cancelled."""

    async def load(self) -> Folder: ...

    async def watch(self, changed: Callable[[Folder], None]) -> None: ...


class TriggerSource(Protocol):
    """Tells what the triggers see, by DAG id and key; `marks` is what is kept of each."""

    def start(self, tell: Callable[[str, str, Sighting], None], marks: Callable[[], Mapping[Pair, Mark]]) -> None: ...

    def follow(self, wanted: Mapping[Pair, Trigger]) -> None:
        """These and no others from now on; those that are followed already are left alone."""
        ...

    async def close(self) -> None: ...
