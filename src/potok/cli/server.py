"""Puts a server together: store, executor, source, scheduler, API. Decides the order of start and stop, no more."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from potok.cli.address import base_url, bind, is_loopback
from potok.cli.config import require_dag_folder
from potok.cli.home import HomeLock, ensure_token, make_home, read_token, remove_record, write_record
from potok.cli.http import HttpServer
from potok.model.errors import PotokError
from potok.model.local_wire import INSTANCE_VARIABLE
from potok.version import __version__

if TYPE_CHECKING:
    from potok.api.settings import ApiSettings
    from potok.executors.protocol import Executor
    from potok.model.settings import Settings
    from potok.scheduler.commands import SchedulerPort
    from potok.store.protocol import Store

log = logging.getLogger("potok.server")


class ServerFailedError(PotokError):
    """Something of the server's own broke; it was ended in order and may be started again."""


async def run_standalone(settings: Settings, announce: Callable[[str], None]) -> None:
    """Everything on one loop, until SIGTERM or SIGINT. `announce(url)` is called once it answers.

    Raises PotokError with a sentence when it cannot start, ServerFailedError when it broke while running.
    """
    asked = stop_asked()
    home = Path(settings.home)
    make_home(home)
    lock = HomeLock(home)
    try:
        ensure_token(home, settings.api_token)
        require_dag_folder(settings)
        with bind(settings.host, settings.port) as bound:
            url = base_url(bound, settings.path_prefix)
            async with (
                scheduler(settings, url) as running,
                answering(settings, running.port, running.store, bound) as http,
            ):
                write_record(home, url, os.environ[INSTANCE_VARIABLE], time.time())
                announce(url)
                await until_stopped(asked, running.broke, http)
    finally:
        remove_record(home)
        lock.release()


class Running(NamedTuple):
    """A scheduler that works: its port for the API, its store to read, and what is done once it broke."""

    port: SchedulerPort
    store: Store
    broke: asyncio.Future[BaseException]


@asynccontextmanager
async def scheduler(settings: Settings, url: str) -> AsyncIterator[Running]:
    """A running scheduler with its store, workers and DAG folder; all of it is ended in order afterwards."""
    from potok.cli.dag_folder import DagFolderSource, WatchfulPort
    from potok.executors.process.leftovers import new_instance
    from potok.scheduler.environment import read_environment
    from potok.scheduler.retention import Keep
    from potok.scheduler.service import SchedulerService, ServiceSettings
    from potok.sources.trigger_watch import TriggerWatch

    home = Path(settings.home)
    instance = new_instance(home)
    children_environment(home, url, instance)
    store = writable_store(settings)
    try:
        folder = DagFolderSource(settings, store)
        triggers = TriggerWatch(Path.cwd(), home)
        keep = Keep(settings.retention_runs_days, settings.retention_logs_days)
        service = SchedulerService(
            store,
            executor(settings, instance),
            folder,
            ServiceSettings(home, instance, settings.pools, keep),
            prune_bundles=folder.prune_bundles,
            triggers=triggers,
        )
        store.note_environment(read_environment(time.time()))
        await service.start()
        assert service.fatal is not None
        try:
            yield Running(WatchfulPort(service, folder), store, service.fatal)
        finally:
            await service.stop(settings.stop_grace_s)
    finally:
        store.close()


def children_environment(home: Path, url: str, instance: str) -> None:
    """What workers inherit so that `my_task.delay()` in a task talks to this server, and leftovers are known."""
    os.environ["POTOK_HOME"] = str(home)
    os.environ["POTOK_URL"] = url
    os.environ[INSTANCE_VARIABLE] = instance


def writable_store(settings: Settings) -> Store:
    from potok.cli.database_url import opened

    store = opened(settings, read_only=False)
    try:
        for name in store.upgrade():
            log.info("applied the migration %s", name)
    except BaseException:
        store.close()
        raise
    return store


def executor(settings: Settings, instance: str) -> Executor:
    from potok.executors.process import ProcessExecutor

    return ProcessExecutor(
        Path(settings.home),
        workers=settings.workers,
        warm=settings.warm_workers,
        queues=settings.queues,
        instance=instance,
    )


@asynccontextmanager
async def answering(
    settings: Settings, port: SchedulerPort, reader: Store, bound: socket.socket
) -> AsyncIterator[asyncio.Task[None]]:
    """HTTP is answered inside; the task is done only when it broke. The token is the one in the home."""
    from potok.api.app import create_app

    http = HttpServer(create_app(port, reader, api_settings(settings)))
    task = asyncio.create_task(http.serve([bound]))
    try:
        yield task
    finally:
        http.stop()
        await task


def api_settings(settings: Settings) -> ApiSettings:
    from potok.api.settings import ApiSettings

    return ApiSettings(
        token=read_token(Path(settings.home)),
        home=Path(settings.home).resolve(),
        allowed_hosts=(*settings.allowed_hosts, settings.host),
        open_probes=is_loopback(settings.host),
        version=__version__,
        path_prefix=settings.path_prefix,
        result_roots=tuple(Path(root).resolve() for root in settings.result_roots),
    )


def stop_asked(lifeline: int = -1) -> asyncio.Event:
    """Set by SIGTERM, SIGINT, or the end of the pipe `lifeline` (our supervisor died). Heard from this call on."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    if lifeline >= 0:

        def ended() -> None:
            loop.remove_reader(lifeline)
            asked.set()

        loop.add_reader(lifeline, ended)
    return asked


async def until_stopped(asked: asyncio.Event, *breaking: asyncio.Future[BaseException] | asyncio.Task[None]) -> None:
    """Wait for `asked`; raises ServerFailedError when one of `breaking` is done before."""
    stop = asyncio.create_task(asked.wait())
    done, _ = await asyncio.wait([stop, *breaking], return_when=asyncio.FIRST_COMPLETED)
    if stop in done:
        return
    stop.cancel()
    broken = done.pop()
    error = broken.exception() or broken.result()
    raise ServerFailedError(f"the server broke and stops; start it again, nothing is lost: {error}")
