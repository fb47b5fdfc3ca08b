"""The conformance suite runs on both event loops: asyncio's, and the one of a real server."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, LoopFactory]:
    factories: dict[str, LoopFactory] = {"asyncio": asyncio.new_event_loop}
    if "TestProcessExecutor" in item.nodeid:
        factories["uvloop"] = uvloop.new_event_loop
    return factories
