"""The scheduler's port over a Unix socket behaves as the port itself."""

from __future__ import annotations

import asyncio
import gc
from pathlib import Path

from potok.model.state import RunState
from potok.scheduler.commands import AskHealth, Failed, FailureKind, HealthIs, Lagged, Triggered, TriggerRun
from potok.scheduler.remote import PortServer, RemoteScheduler
from potok.store.protocol import Store
from tests.scheduler.scripted import ScriptedExecutor, chain_of, ended, serving


async def _connected(remote: RemoteScheduler) -> None:
    async with asyncio.timeout(5):
        while not isinstance(await remote.submit(AskHealth()), HealthIs):
            await asyncio.sleep(0.01)


async def test_commands_and_live_events_cross_the_socket(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        server, remote = PortServer(service, tmp_path / "s"), RemoteScheduler(tmp_path / "s")
        await server.start()
        await remote.start()
        await _connected(remote)
        changes = remote.subscribe()
        reply = await remote.submit(TriggerRun("etl", "ann", {}))
        assert isinstance(reply, Triggered)
        assert await ended(service, reply.run.record.run_id) is RunState.SUCCESS
        async with asyncio.timeout(5):
            events = [event async for event in _first(changes)]
        assert events
        assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600
        await remote.stop()
        await server.stop()


async def _first(changes):  # type: ignore[no-untyped-def]
    async for events in changes:
        for event in events:
            yield event
        return


async def test_without_a_scheduler_commands_are_refused_until_it_is_back(store: Store, tmp_path: Path) -> None:
    remote = RemoteScheduler(tmp_path / "s")
    await remote.start()
    reply = await remote.submit(TriggerRun("etl", "ann"))
    assert isinstance(reply, Failed) and reply.kind is FailureKind.UNAVAILABLE
    changes = remote.subscribe()
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        server = PortServer(service, tmp_path / "s")
        await server.start()
        async with asyncio.timeout(5):
            events = [event async for event in _first(changes)]
        assert events == [Lagged(1)]
        assert isinstance(await remote.submit(TriggerRun("etl", "ann")), Triggered)
        await remote.stop()
        await server.stop()


async def test_connections_that_end_on_either_side_make_no_noise(store: Store, tmp_path: Path) -> None:
    noise: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: noise.append(context))
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        server = PortServer(service, tmp_path / "s")
        await server.start()
        gone, stays = RemoteScheduler(tmp_path / "s"), RemoteScheduler(tmp_path / "s")
        for remote in (gone, stays):
            await remote.start()
            await _connected(remote)
        await gone.stop()
        assert isinstance(await stays.submit(TriggerRun("etl", "ann")), Triggered)
        await server.stop()
        await stays.stop()
    gc.collect()
    await asyncio.sleep(0)
    assert noise == []
