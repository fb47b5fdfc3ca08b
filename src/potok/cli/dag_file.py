"""DAGs looked at without a server, by `potok run` and `potok validate`: files are imported in isolated children."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from potok.model.errors import InvalidError, NotFoundError, PotokError
from potok.scheduler.dag_book import Folder
from potok.scheduler.dag_book import FoundDag as FolderDag
from potok.sources.bundle import BundleError, Bundles
from potok.sources.catalogue import FileResult, Found, FoundDag, catalogue
from potok.sources.imported import FoundFailure
from potok.sources.python_file import import_file
from potok.sources.sources import Sources

if TYPE_CHECKING:
    from potok.model.dag import Dag
    from potok.model.settings import Settings


class Place(msgspec.Struct, frozen=True):
    """A folder of DAGs, or one `file` (relative to `root`) of it."""

    root: Path
    file: str = ""

    def shown(self, location: str) -> str:
        """`file:line`, which counts from the root, as it is seen from the working folder."""
        return os.path.relpath(self.root / location)


class Chosen:
    """A FolderSource that holds one DAG, without its schedule: `potok run` runs it once, now."""

    def __init__(self, found: FoundDag, place: Place) -> None:
        self.shown = place.shown
        self.dag: Dag = msgspec.structs.replace(found.dag, schedule=None)
        self._folder = Folder({self.dag.dag_id: FolderDag(self.dag, found.bundle, found.files)}, {})

    async def load(self) -> Folder:
        return self._folder

    async def watch(self, changed: Callable[[Folder], None]) -> None:
        """The run keeps the version it began with."""
        await asyncio.Event().wait()


def place_of(settings: Settings, path: Path) -> Place:
    """A file inside the DAG folder counts from there, any other from its own folder. Raises NotFoundError."""
    path = path.absolute()
    if path.is_dir():
        return Place(path)
    if not path.is_file():
        raise NotFoundError(f"there is no file {path}")
    dags = Path(settings.dags)
    root = dags if path.is_relative_to(dags) else path.parent
    return Place(root, path.relative_to(root).as_posix())


def look(settings: Settings, place: Place, home: Path) -> Found:
    """The DAGs and failures of `place`; code is kept below `home`. Takes as long as the imports."""
    return asyncio.run(_look_at_file(settings, place, home) if place.file else _look_at_folder(settings, place, home))


async def _look_at_folder(settings: Settings, place: Place, home: Path) -> Found:
    pools, queues = known_pools(settings), set(settings.queues)
    sources = Sources(
        place.root,
        home,
        known_pools=lambda: pools,
        known_queues=lambda: queues,
        import_timeout_s=settings.import_timeout_s,
    )
    return await sources.refresh()


async def _look_at_file(settings: Settings, place: Place, home: Path) -> Found:
    root = place.root.resolve()
    imported = await import_file(root, place.file, timeout_s=settings.import_timeout_s)
    if imported.failure is not None:
        result = FileResult(failure=imported.failure)
    else:
        try:
            bundle = Bundles(home).keep(root, imported.files)
            result = FileResult(imported.dags, bundle, tuple(imported.files))
        except BundleError as error:
            result = FileResult(failure=FoundFailure(str(error), place.file))
    return catalogue({place.file: result}, {}, known_pools(settings), settings.queues)


def known_pools(settings: Settings) -> set[str]:
    """Pools of the settings, and those of the database where one can be read."""
    from potok.cli.database_url import opened, require_database

    names = set(settings.pools)
    try:
        require_database(settings)
        store = opened(settings)
        try:
            if not store.pending_migrations():
                names |= {row.name for row in store.pools()}
        finally:
            store.close()
    except PotokError:
        pass  # no database yet, or none within reach: the settings' pools are what is known
    return names


def choose(settings: Settings, home: Path, target: str, dag_id: str) -> Chosen:
    """The DAG that `potok run` means: of a file, or by its id in the DAG folder.

    Raises InvalidError with file:line for a broken file, or when the file holds several DAGs and none is named.
    """
    if target.endswith(".py") or Path(target).is_file():
        place = place_of(settings, Path(target))
        found = look(settings, place, home)
        _refuse_broken(place, found)
        return Chosen(_one_of(place, found, dag_id), place)
    place = Place(Path(settings.dags))
    if not place.root.is_dir():
        raise NotFoundError(f"there is no file {target!r} and no DAG folder {settings.dags}")
    found = look(settings, place, home)
    if target not in found.dags:
        _refuse_broken(place, found)
        known = ", ".join(sorted(found.dags)) or "it holds none"
        raise NotFoundError(f"no DAG in {settings.dags} is called {target!r}: {known}")
    return Chosen(found.dags[target], place)


def _refuse_broken(place: Place, found: Found) -> None:
    for failure in found.failures.values():
        raise InvalidError(f"{place.shown(failure.location)}: {failure.message}")


def _one_of(place: Place, found: Found, dag_id: str) -> FoundDag:
    names = sorted(found.dags)
    if not names:
        raise InvalidError(f"{place.shown(place.file)} defines no DAG")
    if dag_id:
        if dag_id not in found.dags:
            raise NotFoundError(f"{place.shown(place.file)} has no DAG {dag_id!r}: {', '.join(names)}")
        return found.dags[dag_id]
    if len(names) > 1:
        raise InvalidError(f"{place.shown(place.file)} holds several DAGs: {', '.join(names)}; choose by --dag")
    return found.dags[names[0]]
