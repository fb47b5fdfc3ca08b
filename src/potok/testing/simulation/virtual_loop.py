"""An asyncio event loop whose clock jumps to the next timer: hours pass in milliseconds, in the same order every time.

No threads and no sockets: what a thread would do is done at once, and its answer comes after a virtual delay.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


TURNS_AT_ONCE_MAX = 20_000


class StalledError(Exception):
    """Nothing is scheduled any more, or everything is at one instant: the play cannot go on."""


class VirtualLoop(asyncio.BaseEventLoop):
    """`began_at`: what `time()` starts from, so that several loops can share one virtual time."""

    def __init__(self, began_at: float, thread_delay_s: Callable[[], float]) -> None:
        super().__init__()
        self._virtual_now = began_at
        self._thread_delay_s = thread_delay_s
        self._turns_at_once = 0
        self._selector = self
        self.errors: list[BaseException] = []
        self.set_exception_handler(self._on_error)

    def time(self) -> float:
        return self._virtual_now

    def select(self, timeout: float | None) -> list[object]:
        """Called by the loop when nothing is ready: instead of waiting, let the time pass."""
        if timeout is None:
            raise StalledError("nothing is scheduled any more")
        self._turns_at_once = 0 if timeout > 0 else self._turns_at_once + 1
        if self._turns_at_once > TURNS_AT_ONCE_MAX:
            raise StalledError("the scheduler turns round and round, and no time passes")
        self._virtual_now += max(timeout, 0.0)
        return []

    def run_in_executor(self, executor: object, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        """Do it now; the answer comes later, as from a thread. What is no Exception goes straight up."""
        future: asyncio.Future[T] = self.create_future()
        delay_s = self._thread_delay_s() if executor is not None else 0.0
        try:
            result = func(*args)
        except Exception as error:
            self.call_later(delay_s, _fail, future, error)
        else:
            self.call_later(delay_s, _resolve, future, result)
        return future

    def abandon(self) -> None:
        """Forget everything that is scheduled, as a killed process does."""
        for task in asyncio.all_tasks(self):
            # asyncio would complain of the loss, which is what is meant here
            task._log_destroy_pending = False  # type: ignore[attr-defined]
            task.get_coro().close()
        self._ready.clear()  # type: ignore[attr-defined]
        self._scheduled.clear()  # type: ignore[attr-defined]
        self.close()

    def _process_events(self, events: list[object]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass

    def _on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException):
            self.errors.append(error)


def _resolve(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
