"""One simulated world: the real scheduler service on a virtual clock, killed and restarted, until everything has ended.

Everything is drawn from one seed: the same seed is the same history.
"""

from __future__ import annotations

import hashlib
import heapq
import logging
from collections.abc import Callable, Coroutine
from pathlib import Path
from random import Random

import msgspec

from potok.model.dag import Dag
from potok.model.errors import StoreError
from potok.model.schedule import Interval, Overlap
from potok.model.state import RUN_ENDED
from potok.model.wire import TaskCall
from potok.scheduler.commands import Command, PauseDag, PutPool
from potok.scheduler.dag_book import Folder, FoundDag
from potok.scheduler.service import SchedulerService, ServiceSettings
from potok.store.protocol import LostLeadershipError
from potok.store.rows import Batch
from potok.store.sqlite.store import SqliteStore
from potok.testing.simulation.dags import POOLS, chance, random_dag, random_schedule
from potok.testing.simulation.faults import Faults, ServerKilledError, ViolationError, draw_faults
from potok.testing.simulation.lateness import TOLERANCE_S, check_nothing_idles, check_nothing_is_late
from potok.testing.simulation.ledger import Ledger
from potok.testing.simulation.operator import ACTOR, Operator
from potok.testing.simulation.store import FaultyStore
from potok.testing.simulation.virtual_loop import VirtualLoop
from potok.testing.simulation.workers import VirtualWorkers

EPOCH = 1_800_000_000.0
FAULTS_END_S = 600.0
DEADLINE_S = 3000.0
TICK_S = 5.0


class Result(msgspec.Struct, frozen=True):
    """`digest` is the same for two simulations that went the same way. `virtual_s`: how much time passed inside."""

    seed: int
    digest: str
    virtual_s: float
    lives: int
    commits: int
    bodies: int
    runs: int


class Source:
    """The DAG folder of one life; `changed` is told of new versions."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.changed: Callable[[Folder], None] | None = None

    async def load(self) -> Folder:
        return self._world.folder()

    async def watch(self, changed: Callable[[Folder], None]) -> None:
        self.changed = changed
        await self._world.loop.create_future()


class Complaints(logging.Handler):
    """What the scheduler logs of its own exceptions: in a simulation each one is a bug, unless the store was down."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[BaseException] = []

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, StoreError):
            self.found.append(error)


class World:
    """`run` plays the seed to its end and returns what came of it; raises ViolationError."""

    def __init__(self, seed: int, faults: Faults | None = None) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.faults = draw_faults(self.rng) if faults is None else faults
        self.elapsed = 0.0
        self.jumped = 0.0
        self.lives = 0
        self.late_ok_until = 0.0
        self.versions = 0
        self.dags: dict[str, tuple[Dag, str]] = {}
        self.paused: set[str] = set()
        self.gone: set[str] = set()
        self.complaints = Complaints()
        self.store = FaultyStore(self.rng, self.faults, self._committed)
        self.store.upgrade()
        self.honest = self.store.honest()
        self.ledger = Ledger(self.honest, dict(POOLS))
        self.operator = Operator(self.rng, self.honest, self.ledger)
        self._loop: VirtualLoop | None = None
        self.workers: VirtualWorkers | None = None
        self.service: SchedulerService | None = None
        self.source = Source(self)
        self._plans: list[tuple[float, int, Callable[[], None]]] = []
        self._plan_number = 0
        self._failures_seen = 0
        self._violation: BaseException | None = None

    # --- time ---------------------------------------------------------------------------------------------------
    def now(self) -> float:
        return EPOCH + self.loop.time() + self.jumped

    @property
    def loop(self) -> VirtualLoop:
        assert self._loop is not None
        return self._loop

    def plan(self, at: float, action: Callable[[], None]) -> None:
        """Do it at `at` virtual seconds, in whatever life of the server that is."""
        self._plan_number += 1
        heapq.heappush(self._plans, (at, self._plan_number, action))

    def plan_every(self, mean_s: float, action: Callable[[], None]) -> None:
        """Again and again until faults end; never when `mean_s` is 0."""
        if not mean_s:
            return

        def once() -> None:
            # first the next one: the action may be the end of this life
            plan_next()
            action()

        def plan_next() -> None:
            at = self.elapsed + self.rng.expovariate(1.0 / mean_s)
            if at < FAULTS_END_S:
                self.plan(at, once)

        plan_next()

    # --- the play -------------------------------------------------------------------------------------------------
    def run(self) -> Result:
        log = logging.getLogger("potok.scheduler")
        before = (log.level, log.propagate)
        log.propagate = False
        log.addHandler(self.complaints)
        try:
            self._set_the_scene()
            while not self._is_over():
                self._live()
            return self._told()
        finally:
            log.removeHandler(self.complaints)
            log.level, log.propagate = before
            self.store.close()

    def _told(self) -> Result:
        self._check_the_end()
        return Result(
            self.seed, self._digest(), self.elapsed, self.lives, self.ledger.commits, self.ledger.bodies,
            len(self.ledger.runs),
        )  # fmt: skip

    def _set_the_scene(self) -> None:
        rng, faults = self.rng, self.faults
        for number in range(rng.randint(1, 3)):
            is_scheduled = chance(rng, 0.3)
            dag = random_dag(rng, f"dag{number}", teardown=0.7 if is_scheduled else 0.35)
            if is_scheduled:
                schedule, limit = random_schedule(rng, EPOCH), rng.choice((1, 1, 2, 16))
                dag = msgspec.structs.replace(dag, schedule=schedule, max_active_runs=limit)
            self._put_version(dag)
            for _ in range(rng.randint(1, 4)):
                self.plan(rng.uniform(0.0, 200.0), lambda dag=dag: self.ask(self.operator.trigger(dag.dag_id)))  # type: ignore[misc]
        self.plan_every(faults.operator_every_s, lambda: self.ask(self.operator.draw(sorted(self.dags))))
        self.plan_every(faults.pool_resized_every_s, lambda: self.ask(self.operator.resize()))
        self.plan_every(faults.new_version_every_s, self._new_version)
        self.plan_every(faults.server_killed_every_s, self._kill_server)
        self.plan_every(faults.server_stopped_every_s, self._stop_server)
        self.plan_every(faults.store_down_every_s, self._take_store_down)
        self.plan_every(faults.clock_jumps_every_s, self._jump)
        self.plan(FAULTS_END_S, self._calm_down)
        self._tick()

    def _live(self) -> None:
        """One life of the server, from its start to its death or to the end of the play."""
        self._loop = VirtualLoop(self.elapsed, lambda: self.rng.choice((0.001, 0.01, 0.2)))
        self.lives += 1
        self.late_ok_until = self.elapsed + 3.0
        self.workers = VirtualWorkers(
            self.loop, self.rng, self.faults, self.now, self._body_starts, self._body_is_killed, self.store.poisoned.add
        )
        self.source = Source(self)
        old = self.honest.leader()
        try:
            self.service = SchedulerService(
                self.store, self.workers, self.source, ServiceSettings(Path("simulated"), f"life{self.lives}", POOLS),
                self.now,
            )  # fmt: skip
            self.service.core.random = Random(self.rng.random())
            if old is not None:
                self._check_fence(old.epoch)
            self.loop.run_until_complete(self.service.start())
            self._arm()
            self.loop.run_forever()
        except ServerKilledError:
            pass
        except StoreError:
            # it cannot even start; who watches over it starts it again
            if not self.store.is_down:
                raise
            self.store.is_down = False
        finally:
            self.elapsed = self.loop.time()
            self.loop.abandon()
        self._raise_what_was_found()
        self.service, self.workers = None, None
        self.elapsed += self.rng.choice((0.0, 0.5, 20.0))

    def _arm(self) -> None:
        if self._plans:
            self.loop.call_at(max(self._plans[0][0], self.loop.time()), self._pump)

    def _pump(self) -> None:
        """Do what is planned for now; a violation ends the play."""
        self.elapsed = self.loop.time()
        try:
            while self._plans and self._plans[0][0] <= self.elapsed:
                heapq.heappop(self._plans)[2]()
            self._raise_what_was_found()
            if self._is_over():
                self.loop.stop()
            else:
                self._arm()
        except Exception as error:
            self._found(error)

    def _found(self, violation: BaseException) -> None:
        self._violation = self._violation or violation
        self.loop.stop()

    def _raise_what_was_found(self) -> None:
        """Whatever was swallowed on the way up: violations, and exceptions that nobody expected."""
        unexpected = [*self.loop.errors, *self.complaints.found]
        if self._violation is None and unexpected:
            self._violation = unexpected[0]
        if self._violation is not None:
            self._violation.add_note(f"seed {self.seed}, {self.loop.time():.3f} s, life {self.lives}")
            raise self._violation
        fatal = self.service.fatal if self.service else None
        if fatal is not None and fatal.done():
            raise ViolationError(f"the scheduler gave up: {fatal.result()!r}")

    def _is_over(self) -> bool:
        if self.elapsed <= FAULTS_END_S + TICK_S:
            return False
        if self.elapsed > DEADLINE_S:
            owed = [row.outbox_id for row in self.honest.load_outbox()]
            raise ViolationError(f"still not ended after {DEADLINE_S} s: {self._open_runs()}, owed callbacks {owed}")
        return not self._open_runs() and not self.honest.load_outbox()

    def _open_runs(self) -> list[str]:
        return [
            f"{run.record.run_id} {run.record.state} {[(row.task_id, str(row.state)) for row in run.tasks]}"
            for run in self.ledger.runs.values()
            if run.record.state not in RUN_ENDED
        ]

    # --- what happens -----------------------------------------------------------------------------------------------
    def ask(self, command: Command) -> None:
        if self.service is not None:
            if isinstance(command, PauseDag):
                self.paused.add(command.dag_id)
            self._spawn(self._ask(self.service, command))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self.loop.create_task(work)

    async def _ask(self, service: SchedulerService, command: Command) -> None:
        reply = await service.submit(command)
        try:
            self.operator.answered(command, reply)
        except ViolationError as violation:
            self._found(violation)

    def _put_version(self, dag: Dag) -> None:
        self.versions += 1
        self.dags[dag.dag_id] = (dag, f"bundle{self.versions}")

    def _new_version(self) -> None:
        """The author saves the file: other tasks, the same schedule. Now and then the file is gone."""
        dag_id = self.rng.choice(sorted(self.dags))
        self.gone = {dag_id} if chance(self.rng, 0.25) else set()
        self.paused |= self.gone
        old, _ = self.dags[dag_id]
        new = random_dag(self.rng, dag_id)
        self._put_version(msgspec.structs.replace(new, schedule=old.schedule, max_active_tasks=old.max_active_tasks))
        if self.source.changed is not None:
            self.source.changed(self.folder())

    def folder(self) -> Folder:
        return Folder(
            {
                name: FoundDag(dag, bundle, (dag.file,))
                for name, (dag, bundle) in self.dags.items()
                if name not in self.gone
            },
            {},
        )

    def _kill_server(self) -> None:
        raise ServerKilledError("kill -9")

    def _stop_server(self) -> None:
        """SIGTERM: what ends in time is kept, then the process is gone."""
        if self.service is not None:
            self._spawn(self._stop(self.service))

    async def _stop(self, service: SchedulerService) -> None:
        self.late_ok_until = self.elapsed + 1000.0
        await service.stop(self.rng.choice((0.0, 2.0, 5.0)))
        self.loop.stop()

    def _take_store_down(self) -> None:
        self.store.is_down = True
        self._put_store_up_later()

    def _put_store_up_later(self) -> None:
        self.plan(self.elapsed + self.rng.choice((0.1, 1.5, 8.0)), self._put_store_up)

    def _put_store_up(self) -> None:
        self.store.is_down = False

    def _jump(self) -> None:
        self.jumped += self.rng.choice((1.0, 45.0, 400.0))
        # a scheduler that sleeps learns of it at its next safety wake-up
        self.late_ok_until = self.elapsed + 33.0

    def _calm_down(self) -> None:
        for name in self.faults.__struct_fields__:
            if name != "writer_thread":
                setattr(self.faults, name, 0.0)
        self.store.poisoned.clear()
        self.store.is_down = False
        self.late_ok_until = max(self.late_ok_until, self.elapsed + 5.0)

    def _restore_pools(self) -> None:
        for row in self.honest.pools():
            if row.slots != POOLS[row.name]:
                self.ask(PutPool(row.name, ACTOR, POOLS[row.name]))

    def _tick(self) -> None:
        """Every few seconds: does the scheduler sleep through something?"""
        self.plan(self.elapsed + TICK_S, self._tick)
        if self.store.is_down:
            self._put_store_up_later()
        if self.elapsed > FAULTS_END_S:
            self._restore_pools()
        if self.store.failures != self._failures_seen:
            self._failures_seen = self.store.failures
            self.late_ok_until = max(self.late_ok_until, self.elapsed + TICK_S)
        if self.workers is None or self.elapsed < self.late_ok_until:
            return
        check_nothing_is_late(self.ledger, self.now())
        slots = dict(POOLS) | {row.name: row.slots for row in self.honest.pools()}
        quiet = self.elapsed > self.workers.changed_at + TOLERANCE_S
        free = self.workers.capacity().total_free if quiet else 0
        check_nothing_idles(self.ledger, free, slots, self.now())

    # --- what is checked ----------------------------------------------------------------------------------------
    def _committed(self, batch: Batch) -> None:
        try:
            self.ledger.committed(batch, self.now())
        except ViolationError as violation:
            self._found(violation)
            raise ServerKilledError("a promise was broken") from violation

    def _body_starts(self, call: TaskCall) -> None:
        assert self.workers is not None
        try:
            self.ledger.starts(call, set(self.workers.bodies))
        except ViolationError as violation:
            self._found(violation)
            raise ServerKilledError("a promise was broken") from violation

    def _body_is_killed(self, attempt_id: int) -> None:
        try:
            self.ledger.is_killed(attempt_id)
        except ViolationError as violation:
            self._found(violation)

    def _check_fence(self, old_epoch: int) -> None:
        """A server that was only asleep wakes up and writes: it must be refused."""
        try:
            SqliteStore.commit(self.store, Batch(old_epoch, 10**9))
        except LostLeadershipError:
            return
        except StoreError as error:
            raise ViolationError(f"an old leader was refused for another reason: {error}") from error
        raise ViolationError("an old leader could still write")

    def _check_the_end(self) -> None:
        notes: dict[str, int] = {}
        for run in self.ledger.runs.values():
            if run.record.note:
                notes[run.record.note] = notes.get(run.record.note, 0) + 1
            if self.honest.run(run.record.run_id) is None:
                raise ViolationError(f"run {run.record.run_id} is gone")
        doubled = [note for note, number in notes.items() if number > 1]
        if doubled:
            raise ViolationError(f"one trigger made several runs: {doubled}")
        lied = self.operator.refused & set(notes)
        if lied:
            raise ViolationError(f"triggers were refused and made their runs all the same: {lied}")
        keyed = [
            (run.record.dag_id, run.record.idempotency_key)
            for run in self.ledger.runs.values()
            if run.record.idempotency_key
        ]
        if len(keyed) != len(set(keyed)):
            raise ViolationError(f"an idempotency key made several runs: {keyed}")
        self.ledger.check_callbacks()
        self._check_schedules()

    def _check_schedules(self) -> None:
        """With catchup and nobody in the way, every fire has its run, and only one."""
        for dag_id, (dag, _) in self.dags.items():
            schedule = dag.schedule
            if schedule is None or not schedule.catchup or schedule.overlap is not Overlap.QUEUE:
                continue
            if dag_id in self.paused or schedule.start is None or schedule.end is None:
                continue
            step_s = schedule.timetable.every_s if isinstance(schedule.timetable, Interval) else 60.0
            steps = int((schedule.end - schedule.start) // step_s)
            first = schedule.start if isinstance(schedule.timetable, Interval) else -(-schedule.start // 60.0) * 60.0
            wanted = [first + step_s * n for n in range(steps + 1) if first + step_s * n <= schedule.end]
            found = sorted(
                run.record.logical_date
                for run in self.ledger.runs.values()
                if run.record.dag_id == dag_id and not run.record.triggered_by
            )
            if found != wanted:
                raise ViolationError(f"the schedule of {dag_id} made runs for {found}, not for {wanted}")

    def _digest(self) -> str:
        found = hashlib.sha256()
        for key in sorted(self.ledger.runs):
            stored = self.honest.load_run(key)
            found.update(msgspec.msgpack.encode(stored))
        return found.hexdigest()[:16]
