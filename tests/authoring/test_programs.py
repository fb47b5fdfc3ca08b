"""Tasks and DAGs in the hands of other programs, of type checkers, and of the clock."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from potok import BashOperator, EmptyOperator, Retry, cross_downstream, dag, skip, task
from potok.authoring.dag import DagFunction
from potok.authoring.runtime import Skip
from potok.authoring.values import holds_live, resolve, to_input, to_live
from potok.client import handle
from potok.model.dag import FromParam, FromTask, ListOf, Live
from potok.model.errors import DagError, InvalidError


class Request(dict[str, object]):
    """One start of a run that a program asked for."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Stands where the client would speak to a server; keeps what it is told."""
    requests: list[Request] = []

    def trigger_run(dag_id: str, params: dict[str, object], **rest: object) -> handle.RunHandle:
        requests.append(Request(dag_id=dag_id, params=params, **rest))
        return handle.RunHandle("run-1")

    monkeypatch.setattr(handle, "trigger_run", trigger_run)
    return requests


@task(retry=Retry(3, delay="5m"))
def resize(path: str, /, width: int = 100, *, colour: bool = True) -> str:
    return f"{path}@{width}"


@dag(tz="Europe/Moscow")
def nightly(city: str, days: int = 1) -> None:
    resize(city, width=days) >> BashOperator(task_id="tell", bash_command=f"echo {city}")
    EmptyOperator(task_id="end").after("tell")


def test_delay_names_the_arguments(started: list[Request]) -> None:
    assert resize.delay("a.png", 50).run_id == "run-1"
    resize.apply_async(["b.png"], {"colour": False}, countdown="10s", expires=60)
    assert started[0]["dag_id"] == "resize"
    assert started[0]["params"] == {"path": "a.png", "width": 50}
    assert (started[1]["params"], started[1]["countdown_s"], started[1]["expires_s"]) == (
        *({"path": "b.png", "colour": False}, 10.0, 60.0),
    )


def test_delay_refuses_what_the_function_would(started: list[Request]) -> None:
    with pytest.raises(DagError, match=r"resize\(\) missing a required argument: 'path'"):
        resize.apply_async()

    @task
    def many(*paths: str) -> None: ...

    with pytest.raises(DagError, match=r"\*paths has no name to be a param"):
        many.delay("a", "b")
    with pytest.raises(InvalidError, match="'soon' is not a duration"):
        resize.apply_async(["a"], countdown="soon")
    assert started == []


def test_trigger_gives_params_and_date(started: list[Request]) -> None:
    nightly.trigger({"city": "Tver"}, logical_date=datetime(2026, 1, 1), note="by hand", idempotency_key="k")
    [request] = started
    assert (request["dag_id"], request["params"], request["note"]) == ("nightly", {"city": "Tver"}, "by hand")
    date = request["logical_date"]
    assert isinstance(date, datetime) and date.tzinfo is not None


def test_importing_a_program_loads_no_client() -> None:
    program = (
        "import sys; from potok import task, dag\n@task\ndef a(): ...\n"
        "print([name for name in sys.modules if name.startswith(('potok.client', 'httpx', 'asyncio', 'ssl'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.slow
def test_ten_thousand_tasks_in_a_hundred_layers_are_99_edge_groups() -> None:
    def layers() -> None:
        above: list[object] = []
        for _ in range(100):
            layer = [resize("x", width=n) for n in range(100)]
            cross_downstream(above, layer)
            above = list(layer)

    found = DagFunction(layers, "layers", {}, "here:1").build().dag
    assert (len(found.tasks), len(found.edges)) == (10_000, 99)


@pytest.mark.slow
def test_all_to_all_by_results_is_99_edge_groups_too() -> None:
    @task
    def merge(above: list[object]) -> int:
        return len(above)

    def layers() -> None:
        above: list[object] = []
        for _ in range(100):
            above = [merge(above) for _ in range(100)]

    found = DagFunction(layers, "layers", {}, "here:1").build().dag
    assert (len(found.tasks), len(found.edges)) == (10_000, 99)


def test_the_file_of_the_dag_is_built_here_too() -> None:
    found = nightly.build()
    assert [each.task_id for each in found.dag.tasks] == ["resize", "tell", "end"]
    assert found.live["resize"].args == (FromParam("city"),)
    assert found.dag.params["required"] == ["city"]


def test_skip_ends_a_task_with_its_reason() -> None:
    with pytest.raises(Skip) as caught:
        skip("no news")
    assert caught.value.reason == "no news"


def test_live_values_come_back_with_what_they_refer_to() -> None:
    live = to_live([1, (FromTask("a"), {"k": FromParam("p")}), {2}])
    done = resolve(live, lambda source: f"result of {source.task_id}", lambda source: f"param {source.name}")
    assert done == [1, ("result of a", {"k": "param p"}), {2}]
    assert holds_live(ListOf((FromTask("a"), ListOf((FromParam("p"), Live())))))
    assert not holds_live(to_input({"a": [1, "x"]}, []))


def test_a_task_of_a_class_is_a_plain_method_on_its_objects() -> None:
    class Shop:
        @task
        def price(self, item: str) -> int:
            return len(item)

    assert Shop().price("pear") == 4


def test_dates_with_a_zone_go_as_they_are(started: list[Request]) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    nightly.trigger(logical_date=at)
    assert started[0]["logical_date"] == at
