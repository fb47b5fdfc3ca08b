"""What must be true after the monkey: asked of the server's API, of the ledger and of the system. Kills nothing."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.chaos.customer import Customer
from tests.chaos.ledger import Ledger, Line, doubled, most_at_once, overlaps
from tests.chaos.server import Server, is_alive
from tests.chaos.shapes import AT_MOST_ONCE, CALLED_BACK, DAG_IDS, LOSSES_MAX, POOL_SLOTS, RESULTS, STATES

Attempts = dict[str, dict[str, list[Any]]]


class Verdict:
    """Collects what is wrong in sentences, so that one look shows all of it."""

    def __init__(self, server: Server, customer: Customer, ledger: Ledger) -> None:
        self.wrong: list[str] = []
        self.outcomes: Counter[str] = Counter()
        self.poisoned = 0
        self.lost_payments = 0
        self._server = server
        self._customer = customer
        self._ledger = ledger
        self._lines = ledger.of_tasks()

    def judge(self) -> None:
        self._no_run_is_lost_or_doubled()
        for run_id, dag_id in self._customer.dag_ids.items():
            self._run(run_id, dag_id)
        self._successes_stand()
        self._bodies()
        self._pool()
        self._callbacks()
        self._processes()
        _, found, rest = self._server.log().partition("Traceback")
        if found:
            self.wrong.append(f"the server's log has a traceback: {rest[:9000]}")

    def _no_run_is_lost_or_doubled(self) -> None:
        listed = [run for dag_id in DAG_IDS for run in self._runs(dag_id)]
        by_key = Counter(run["idempotency_key"] for run in listed)
        self.wrong += [f"key {key} has {count} runs" for key, count in by_key.items() if count > 1]
        known = {run["run_id"] for run in listed}
        lost = [key for key, run_id in self._customer.acknowledged.items() if run_id not in known]
        self.wrong += [f"the acknowledged run of {key} is not there" for key in lost]
        self.wrong += [f"{run['run_id']} was never asked for" for run in listed
                       if run["run_id"] not in self._customer.dag_ids]  # fmt: skip

    def _runs(self, dag_id: str) -> Iterator[Any]:
        cursor = ""
        while True:
            query = {"cursor": cursor} if cursor else {}
            page = self._server.get("/runs", dag_id=dag_id, limit=50, **query)
            yield from page["items"]
            cursor = page["next_cursor"] or ""
            if not cursor:
                return

    # --- one run ----------------------------------------------------------------------------------------------------
    def _run(self, run_id: str, dag_id: str) -> None:
        run, tasks = self._server.get(f"/runs/{run_id}"), self._server.tasks(run_id)
        if run["ended_at"] is None:
            self.wrong.append(f"{run_id} has not ended: {run['state']}, {_states(tasks)}")
            return
        attempts = {task_id: self._server.attempts(run_id, task_id) for task_id in tasks}
        expected, excused = dict(STATES[dag_id]), False
        for task_id, task in tasks.items():
            self._attempts(run_id, task_id, task, attempts[task_id])
            if self._is_excused(dag_id, task_id, task, attempts[task_id]):
                excused = True
                _spoil(expected, task_id)
        if _states(tasks) != expected:
            self.wrong.append(f"{run_id} came to {_states(tasks)}, not to {expected}")
        wanted = "failed" if excused or "failed" in expected.values() else "success"
        if run["state"] != wanted:
            self.wrong.append(f"{run_id} is {run['state']}, not {wanted}")
        if not excused and dag_id in RESULTS:
            task_id, value = RESULTS[dag_id]
            self._result(run_id, task_id, value)

    def _is_excused(self, dag_id: str, task_id: str, task: Any, attempts: list[Any]) -> bool:
        """A payment that was interrupted may not be tried again; a task that lost its worker thrice is parked."""
        code = (task["reason"] or {}).get("code")
        lost = sum(one["outcome"] == "lost" for one in attempts)
        if code == "lost_at_most_once" and (dag_id, task_id) in AT_MOST_ONCE and lost == 1:
            self.lost_payments += 1
            return True
        if code == "poison" and lost == LOSSES_MAX:
            self.poisoned += 1
            return True
        return False

    def _attempts(self, run_id: str, task_id: str, task: Any, attempts: list[Any]) -> None:
        name = f"{run_id} {task_id}"
        outcomes = [one["outcome"] for one in attempts]
        self.outcomes.update(str(one) for one in outcomes)
        if "success" in outcomes[:-1]:
            self.wrong.append(f"{name} ran again after its success: {outcomes}")
        if None in outcomes:
            self.wrong.append(f"{name} has an attempt without an end: {outcomes}")
        if [one["try_number"] for one in attempts] != list(range(1, len(attempts) + 1)):
            self.wrong.append(f"{name}: tries {[one['try_number'] for one in attempts]}")
        ended = {line.try_number for line in self._lines[run_id, task_id] if line.what == "end"}
        if task["state"] == "success" and len(attempts) not in ended:
            self.wrong.append(f"{name} is a success whose body never ended")
        for one in attempts:
            lines = self._server.log_lines(run_id, task_id, one["try_number"])
            says = one["outcome"] in ("success", "failed") and task_id not in ("first", "second")
            if says and not any(line.startswith("works for") for line in lines):
                self.wrong.append(f"{name} try {one['try_number']}: its log is {lines}")

    def _result(self, run_id: str, task_id: str, expected: object) -> None:
        found = self._server.get(f"/runs/{run_id}/tasks/{task_id}/result")
        if found.get("value") != expected:
            self.wrong.append(f"{run_id} {task_id} yielded {found}")

    # --- all of them ------------------------------------------------------------------------------------------------
    def _successes_stand(self) -> None:
        for (run_id, task_id), attempt_id in self._customer.successes.items():
            task = self._server.tasks(run_id)[task_id]
            if (task["state"], task["attempt_id"]) != ("success", attempt_id):
                self.wrong.append(f"{run_id} {task_id} was a success once and is {task['state']} now")

    def _bodies(self) -> None:
        for (run_id, task_id), lines in self._lines.items():
            name, dag_id = f"{run_id} {task_id}", self._customer.dag_ids.get(run_id, "?")
            if late := overlaps(lines):
                self.wrong.append(f"{name}: an old attempt lived on: {late} among {_brief(lines)}")
            if twice := doubled(lines):
                self.wrong.append(f"{name}: one attempt ran twice: {twice}")
            starts = sum(line.what == "start" for line in lines)
            if (dag_id, task_id) in AT_MOST_ONCE and starts > 1:
                self.wrong.append(f"{name} began {starts} times")

    def _pool(self) -> None:
        lines = sorted(
            line for (_, task_id), found in self._lines.items() if task_id.startswith("part") for line in found
        )
        if (most := most_at_once(lines)) > POOL_SLOTS:
            self.wrong.append(f"{most} bodies at once in a pool of {POOL_SLOTS}")

    def _callbacks(self) -> None:
        called = {(line.run_id, line.task_id) for line in self._ledger.lines() if line.what == "callback"}
        for run_id, dag_id in self._customer.dag_ids.items():
            for task_id, state in ((task, state) for (dag, task), state in CALLED_BACK.items() if dag == dag_id):
                is_so = self._server.tasks(run_id)[task_id]["state"] == state
                if is_so and (run_id, task_id) not in called:
                    self.wrong.append(f"{run_id} {task_id}: nobody was called back")

    def _processes(self) -> None:
        instance = self._server.instance()
        for pid, other in self._server.marked().items():
            if other != instance and is_alive(pid):
                self.wrong.append(f"process {pid} of a former server is alive")

    def database_is_sound(self) -> None:
        """Once the server has stopped (SQLite)."""
        store = sqlite3.connect(self._server.home / "potok.db")
        try:
            [[found]] = store.execute("PRAGMA integrity_check").fetchall()
            broken = store.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            store.close()
        if found != "ok" or broken:
            self.wrong.append(f"integrity_check: {found}, foreign keys: {broken[:3]}")


def _states(tasks: dict[str, Any]) -> dict[str, str]:
    return {task_id: item["state"] for task_id, item in tasks.items()}


def _brief(lines: list[Line]) -> list[str]:
    return [f"{line.at}:{line.try_number}:{line.what}" for line in lines]


def _spoil(expected: dict[str, str], failed: str) -> None:
    """In our chains all that stands below a failed task is upstream_failed; a teardown still runs."""
    names = list(expected)
    expected[failed] = "failed"
    for name in names[names.index(failed) + 1 :]:
        if name != "remove" and not (failed.startswith("part") and name.startswith("part")):
            expected[name] = "upstream_failed"
