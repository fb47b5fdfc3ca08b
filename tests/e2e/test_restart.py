"""The main promise on the main job: the ML pipeline is killed twice in its middle, and the same run finishes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.chaos.server import Server, below, kill_all, until

pytest.importorskip("sklearn", reason="the example's libraries are not installed")
pytestmark = [pytest.mark.slow, pytest.mark.chaos, pytest.mark.prove]

EXAMPLE = Path(__file__).parents[2] / "examples" / "dags"
TRAININGS = ("train_1", "train_2", "train_3")


@pytest.mark.timeout(300)
def test_the_ml_pipeline_finishes_though_server_and_tree_are_killed_in_its_middle() -> None:
    with Server({}, toml="[pools]\nml_training = 3\nedt_analysis = 2\n") as server:
        shutil.copytree(EXAMPLE, server.workspace / "dags", dirs_exist_ok=True)
        server.start()
        with server.client() as client:
            assert client.put("/variables/ml_overrides", json={"value": {}}).status_code < 300
        run_id = server.trigger("ml_training", params={"effort": 3.0})
        until(lambda: _state(server, run_id, "update_features") == "running", "the first step runs", 60)
        server.kill()
        server.start()
        until(lambda: any(_state(server, run_id, name) == "running" for name in TRAININGS), "a model is trained", 90)
        done = _successes(server, run_id)
        assert "update_features" in done
        kill_all([*below(server.pid), server.pid])
        server.kill()
        server.start()
        assert _successes(server, run_id).items() >= done.items()
        assert server.ended(run_id, within_s=150) == "success"
        tasks = server.tasks(run_id)
        assert {name: task["attempt_id"] for name, task in tasks.items() if name in done} == done
        for name in tasks:
            outcomes = [one["outcome"] for one in server.attempts(run_id, name)]
            assert outcomes == ["lost"] * (len(outcomes) - 1) + ["success"], f"{name}: {outcomes}"
        assert all(server.log_lines(run_id, name, attempt=tasks[name]["try_number"]) for name in TRAININGS)
        server.stop()
        assert server.marked() == {}


def _state(server: Server, run_id: str, task_id: str) -> str:
    return str(server.tasks(run_id)[task_id]["state"])


def _successes(server: Server, run_id: str) -> dict[str, int]:
    """Attempt ids of what is done, by task."""
    return {name: item["attempt_id"] for name, item in server.tasks(run_id).items() if item["state"] == "success"}
