"""Somebody who triggers runs over HTTP and asks until there is an answer, whatever happens to the server meanwhile."""

from __future__ import annotations

import random
import threading
import time
from typing import Any

import httpx

from tests.chaos.server import Server
from tests.chaos.shapes import DAG_IDS

ASK_AGAIN_S = 0.05


class Customer(threading.Thread):
    """Triggers `runs` runs, about one each `pace_s`. `acknowledged`: run ids by idempotency key."""

    def __init__(self, server: Server, runs: int, pace_s: float, seed: int) -> None:
        super().__init__(name="customer", daemon=True)
        self.acknowledged: dict[str, str] = {}
        self.dag_ids: dict[str, str] = {}
        self.successes: dict[tuple[str, str], int] = {}
        self.asked = 0
        self.error: BaseException | None = None
        self._server = server
        self._runs = runs
        self._pace_s = pace_s
        self._random = random.Random(seed)

    def run(self) -> None:
        try:
            with self._server.client(timeout_s=5.0) as client:
                for number in range(self._runs):
                    self._trigger(client, DAG_IDS[number % len(DAG_IDS)], f"order-{number}")
                    again = self._random.randrange(number + 1)
                    self._trigger(client, DAG_IDS[again % len(DAG_IDS)], f"order-{again}")
                    self._look(client)
                    time.sleep(self._random.uniform(0, 2 * self._pace_s))
        except BaseException as error:
            self.error = error

    def _trigger(self, client: httpx.Client, dag_id: str, key: str) -> None:
        while True:
            self.asked += 1
            answer = _answer(client, "POST", f"/dags/{dag_id}/runs", {"idempotency_key": key})
            if answer is not None and answer.status_code in (200, 201):
                run_id = answer.json()["run_id"]
                first = self.acknowledged.setdefault(key, run_id)
                assert first == run_id, f"{key} made {first}, and now {run_id}"
                self.dag_ids[run_id] = dag_id
                return
            assert answer is None or answer.status_code == 503, answer.text
            time.sleep(ASK_AGAIN_S)

    def _look(self, client: httpx.Client) -> None:
        """Remember which successes of some run were committed now: they must stand for ever."""
        run_id = self._random.choice(list(self.dag_ids))
        answer = _answer(client, "GET", f"/runs/{run_id}/tasks", None)
        if answer is None or answer.status_code == 503:
            return
        assert answer.status_code == 200, answer.text
        for item in answer.json()["items"]:
            if item["state"] == "success":
                before = self.successes.setdefault((run_id, item["task_id"]), item["attempt_id"])
                assert before == item["attempt_id"], f"{run_id} {item['task_id']} ran again after its success"


def _answer(client: httpx.Client, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response | None:
    """None when the server is not there or died while it answered."""
    try:
        return client.request(method, path, json=body)
    except httpx.HTTPError:
        return None
