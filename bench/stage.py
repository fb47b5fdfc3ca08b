"""What the questions share: options and the systems under measure, started when first asked for. Measures nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

import msgspec

from bench.celery_stack import CeleryStack
from bench.machine import busy_cores
from bench.potok_server import PotokServer
from potok.testing.postgres import PrivatePostgres

T = TypeVar("T")
HERE = Path(__file__).resolve().parent
DAG_IDS = ("one", "chain_10", "noop_1000", "fib_40", "ml_shape")


class Options(msgspec.Struct, frozen=True):
    """`quick` measures less often and lets systems settle for 30 s instead of 5 min. `store`: sqlite or postgres."""

    quick: bool = False
    store: str = "sqlite"
    celery: bool = True

    def times(self, full: int, quick: int) -> int:
        return quick if self.quick else full


class Stage:
    """A context: systems started within it live until its end, so that Potok and Celery take turns in one row."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._stack = ExitStack()
        self._potok: PotokServer | None = None
        self._celery: CeleryStack | None = None
        self._postgres: PrivatePostgres | None = None

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def potok(self) -> PotokServer:
        """The server of the bench DAGs with its default settings."""
        if self._potok is None:
            self._potok = self._stack.enter_context(self.fresh_potok())
        return self._potok

    def fresh_potok(self, **settings: str) -> PotokServer:
        """Another server of the bench DAGs; the caller enters it."""
        return PotokServer(HERE / "dags", DAG_IDS, {**self.store(), **settings})

    def celery(self) -> CeleryStack | None:
        """The worker of two processes with its warm client; None with --skip-celery."""
        if self._celery is None and self.options.celery:
            self._celery = self._stack.enter_context(CeleryStack(2))
        return self._celery

    def store(self) -> dict[str, str]:
        """Settings that choose the store."""
        return {"POTOK_DATABASE_URL": self.postgres_url("bench")} if self.options.store == "postgres" else {}

    def postgres_url(self, name: str) -> str:
        """An empty database in a private PostgreSQL server with its own settings: each commit waits for the disk."""
        if self._postgres is None:
            self._postgres = self._stack.enter_context(PrivatePostgres())
        self._postgres.drop_database(name)
        return self._postgres.create_database(name)

    def take_turns(self, count: int, potok: Callable[[], T], celery: Callable[[], T] | None) -> tuple[list[T], list[T]]:
        """`count` measures of each, A B A B, after one of each that does not count."""
        ours: list[T] = []
        theirs: list[T] = []
        for _ in range(count + 1):
            ours.append(potok())
            if celery is not None:
                theirs.append(celery())
        return ours[1:], theirs[1:]


def others_busy() -> float:
    """Mean cores that others use now, while nothing of ours is measured."""
    return round(busy_cores(), 2)
