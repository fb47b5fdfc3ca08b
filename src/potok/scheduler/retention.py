"""What is too old goes: runs from the store in small bites, log folders by day, results of deleted runs, bundles."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from potok.store.protocol import Store

# one bite per turn of the loop: longer ones would stand in the way of transitions
BITE_S = 0.005


class Keep(msgspec.Struct, frozen=True):
    """How long runs and logs are kept; 0 keeps them for ever."""

    runs_days: int = 400
    logs_days: int = 30


def delete_old_runs(store: Store, keep: Keep, now: float) -> int:
    """One bite of old runs; returns how many went, 0 when none is left."""
    if not keep.runs_days:
        return 0
    return store.delete_runs_before(now - keep.runs_days * 86_400, BITE_S)


def delete_old_logs(logs: Path, keep: Keep, now: float, remove: Callable[[Path], None] = shutil.rmtree) -> list[str]:
    """Remove the folders of days that are too old; returns their names."""
    if not keep.logs_days or not logs.is_dir():
        return []
    oldest = datetime.fromtimestamp(now, UTC).date() - timedelta(days=keep.logs_days)
    gone = []
    for folder in sorted(logs.iterdir()):
        day = _day(folder.name)
        if day is not None and day < oldest and folder.is_dir():
            remove(folder)
            gone.append(folder.name)
    return gone


def delete_orphaned_results(results: Path, store: Store, remove: Callable[[Path], None] = shutil.rmtree) -> list[str]:
    """Remove result folders whose run is not in the store any more; returns their names."""
    if not results.is_dir():
        return []
    gone = [
        folder
        for folder in sorted(results.iterdir())
        # a name that would begin with a dot is kept behind an underscore
        if store.run(folder.name) is None and store.run(folder.name.removeprefix("_")) is None
    ]
    for folder in gone:
        remove(folder)
    return [folder.name for folder in gone]


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None
