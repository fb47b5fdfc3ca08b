"""Kills processes of a server at seeded moments and starts it again; keeps the count. Never judges what comes of it."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from potok.testing.postgres import PrivatePostgres
from tests.chaos.server import START_MAX_S, Server, below, is_alive, kill_all, until

CALM_S = (0.1, 1.2)
# Within it a second kill finds the server somewhere in its recovery.
RECOVERY_S = (0.05, 0.7)


class Monkey:
    """`server`: alone. `zygote`, `worker`: one of them. `tree`: all at once. `trunk`: all but what tasks started.

    `twice`: the server, and once more while it recovers. `part`: one half of a split server. `database`: PostgreSQL,
    as by a power cut, alone or with the server.
    """

    def __init__(self, server: Server, seed: int, database: PrivatePostgres | None = None) -> None:
        self.kills: Counter[str] = Counter()
        self.recoveries_s: list[float] = []
        self._server = server
        self._random = random.Random(seed)
        self._database = database
        self._ways: list[Callable[[], None]] = [
            self._kill_server, self._kill_server, self._kill_zygote, self._kill_worker, self._kill_worker,
            self._kill_tree, self._kill_trunk, self._kill_twice, self._kill_twice,
        ]  # fmt: skip
        if database is not None:
            self._ways += [self._kill_database, self._kill_database_and_server]
        if "--split" in server.up:
            self._ways += [self._kill_part, self._kill_part]

    def strike(self) -> None:
        """Wait a while, kill, and return when the server is up again."""
        time.sleep(self._random.uniform(*CALM_S))
        self._random.choice(self._ways)()

    @property
    def total(self) -> int:
        return sum(self.kills.values())

    def _kill_worker(self) -> None:
        workers = self._server.workers()
        if workers:
            kill_all([self._random.choice(workers)])
            self.kills["worker"] += 1

    def _kill_zygote(self) -> None:
        zygote = self._server.zygote()
        if zygote is not None:
            kill_all([zygote])
            self.kills["zygote"] += 1

    def _kill_server(self) -> None:
        self._server.kill()
        self.kills["server"] += 1
        self._start()

    def _kill_tree(self) -> None:
        processes = below(self._server.pid)
        self._random.shuffle(processes)
        kill_all([self._server.pid, *processes])
        self._server.kill()
        self.kills["tree"] += 1
        self._start()

    def _kill_trunk(self) -> None:
        """The children of tasks stay behind with nobody above them."""
        zygote = self._server.zygote()
        kill_all([self._server.pid, *([zygote] if zygote else []), *self._server.workers()])
        self._server.kill()
        self.kills["trunk"] += 1
        self._start()

    def _kill_twice(self) -> None:
        if self._random.random() < 0.5:
            kill_all([pid for pid in (self._server.zygote(), *self._server.workers()) if pid])
        self._server.kill()
        self._server.spawn()
        time.sleep(self._random.uniform(*RECOVERY_S))
        self._server.kill()
        self.kills["server"] += 1
        self.kills["server in recovery"] += 1
        self._start()

    def _kill_part(self) -> None:
        """The supervisor brings it back, unless too many died of late: then it gives up, and we start it again."""
        name = self._random.choice(("api", "scheduler"))
        old = self._server.part(name)
        kill_all([old])
        self.kills[name] += 1
        began = time.monotonic()
        until(lambda: not is_alive(old), f"the {name} is dead")
        until(lambda: self._server.has_ended() or self._server.answers(), f"the {name} is back", START_MAX_S)
        if self._server.has_ended():
            self._start()
        else:
            self.recoveries_s.append(time.monotonic() - began)

    def _kill_database(self) -> None:
        assert self._database is not None
        self._database.crash()
        self.kills["database"] += 1
        time.sleep(self._random.uniform(0, 1.0))
        self._database.start()

    def _kill_database_and_server(self) -> None:
        assert self._database is not None
        self._database.crash()
        self._server.kill()
        self.kills["database and server"] += 1
        self._database.start()
        self._start()

    def _start(self) -> None:
        self.recoveries_s.append(self._server.start())
