"""What a task's function gets: literals, results, params, context values, rendered texts, live objects."""

import pytest

from potok.model.dag import CallableRef, FromTask, ListOf, Literal, Live, MappingOf, OperatorWork, PythonWork, Task
from potok.model.wire import (
    AskConnection,
    AskVariable,
    Connection,
    GotConnection,
    GotResult,
    GotVariable,
    WorkerReply,
    WorkerRequest,
)
from potok.testing.executor_place import inline
from tests.worker.conftest import OneWorker

_FLOW = """
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nowhere import Nothing


@dataclass
class Customer:
    name: str
    since: date


def echo(*args, **kwargs):
    return {"args": args, "kwargs": {name: value for name, value in kwargs.items() if name not in CONTEXT}}


CONTEXT = set()


def same(value):
    return value


def dates(ds, logical_date=None, *, ti=None, params=None):
    return [ds, logical_date.isoformat(), ti.task_id, ti.try_number, params]


def everything(**context):
    return sorted(context)


def own_default(ds="mine"):
    return ds


def current():
    from potok import get_current_context

    return get_current_context()["run_id"]


def greet(customer: Customer, folder: Path, other: "Nothing" = None):
    return f"{customer.name} since {customer.since.year} in {folder.name}"


def spoil(items):
    items.append(1)
    return items


def spoil_params(params):
    params["n"] = params.get("n", 0) + 1
    return params["n"]


def pull(ti):
    return ti.xcom_pull("above")


def secrets():
    from potok import connection, variable

    print("password is", connection("shop").password)
    return [connection("shop").host, variable("rate")]
"""


def python(function: str, *args: object, **kwargs: object) -> Task:
    return Task(
        function,
        PythonWork(CallableRef(function)),
        args=tuple(Literal(value) for value in args),
        kwargs={name: Literal(value) for name, value in kwargs.items()},
    )


async def test_context_values_are_given_by_name(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    call = worker.place.call(python("dates"), params={"region": "north"})
    assert await worker.value(call) == ["2023-11-14", "2023-11-14T22:13:20+00:00", "dates", 1, {"region": "north"}]


async def test_double_star_gets_the_whole_context(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    names = await worker.value(python("everything"))
    assert isinstance(names, list)
    assert {"ds", "ts", "run_id", "ti", "params", "dag_run", "data_interval_start"} <= set(names)


async def test_an_argument_of_the_author_wins_over_the_context(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.value(python("own_default", "given")) == "given"
    assert await worker.value(python("own_default")) == "mine"


async def test_the_current_context_is_at_hand_without_asking_for_it(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.value(python("current")) == "manual__1"


async def test_annotated_arguments_become_what_they_are_annotated_with(worker: OneWorker) -> None:
    """An annotation that only type checkers can resolve does not stop the others."""
    worker.place.write(_FLOW)
    task = Task(
        "greet",
        PythonWork(CallableRef("greet")),
        args=(FromTask("above"), Literal("/data/north")),
    )
    call = worker.place.call(task, upstream={"above": inline({"name": "Anna", "since": "2021-02-03"})})
    assert await worker.value(call) == "Anna since 2021 in north"


async def test_an_argument_of_another_shape_is_one_clear_sentence(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    error = await worker.error(python("greet", {"name": "Anna"}, "/data"))
    assert error.startswith("ArgumentMismatch: the argument 'customer' is not what the function declares:")
    assert "since" in error


async def test_a_missing_item_names_what_there_is(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    task = Task("same", PythonWork(CallableRef("same")), args=(FromTask("above", "sum"),))
    call = worker.place.call(task, upstream={"above": inline({"total": 3})})
    assert await worker.error(call) == "ItemMissing: the result of 'above' has no item 'sum': it has 'total'"


async def test_a_result_that_is_not_there_is_none(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.value(Task("same", PythonWork(CallableRef("same")), args=(FromTask("above"),))) is None


async def test_results_inside_lists_and_mappings_are_filled_in(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    tree = ListOf((Literal(1), MappingOf({"a": FromTask("above"), "b": Literal("x")})))
    call = worker.place.call(
        Task("same", PythonWork(CallableRef("same")), args=(tree,)), upstream={"above": inline([2])}
    )
    assert await worker.value(call) == [1, {"a": [2], "b": "x"}]


async def test_an_attempt_cannot_change_the_literals_and_params_of_the_next(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert [await worker.value(python("spoil", [0])) for _ in range(2)] == [[0, 1], [0, 1]]
    assert [await worker.value(python("spoil_params")) for _ in range(2)] == [1, 1]


async def test_templates_are_rendered_in_the_dag_files_texts_alone(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    task = Task(
        "same",
        PythonWork(CallableRef("same")),
        args=(ListOf((Literal("{{ ds }} of {{ params.region }}"), FromTask("above"), Literal("plain"))),),
    )
    call = worker.place.call(task, params={"region": "{{ ds }}"}, upstream={"above": inline("{{ ds }}")})
    end = await worker.run(call)
    assert end.result == inline(["2023-11-14 of {{ ds }}", "{{ ds }}", "plain"])
    assert end.rendered == {"value": "2023-11-14 of {{ ds }}"}


async def test_a_template_can_compute(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    text = "{% for n in params.numbers %}{{ n * 2 }};{% endfor %}{{ macros.ds_add(ds, 1) }}"
    call = worker.place.call(python("same", text), params={"numbers": [1, 2]})
    assert await worker.value(call) == "2;4;2023-11-15"


async def test_a_template_that_names_nothing_is_one_clear_sentence(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    assert await worker.error(python("same", "{{ dss }}")) == (
        "TemplateError: the template '{{ dss }}' cannot be rendered: 'dss' is undefined"
    )
    assert (await worker.error(python("same", "{{ ds"))).startswith("TemplateError: the template '{{ ds' is wrong:")


async def test_a_result_is_pulled_from_the_server_when_asked_for(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    worker.ear.answer = lambda _request: GotResult(inline({"rows": 3}))
    assert await worker.value(python("pull")) == {"rows": 3}


async def test_secrets_of_connections_are_masked_in_the_log(worker: OneWorker) -> None:
    def answer(request: WorkerRequest) -> WorkerReply:
        if isinstance(request, AskConnection):
            return GotConnection(Connection(request.name, host="db", password="hunter22"))
        assert isinstance(request, AskVariable)
        return GotVariable(0.2, secret=False)

    worker.place.write(_FLOW)
    worker.ear.answer = answer
    end = await worker.run(python("secrets"))
    assert end.result == inline(["db", 0.2])
    assert worker.place.texts(end) == ["password is ***"]


_BUILT = """
from potok import BaseOperator, Dag, dag, not_empty, task


class Box:
    def __init__(self, content):
        self.content = content


class Shout(BaseOperator):
    template_fields = ("text",)

    def __init__(self, text, **options):
        super().__init__(**options)
        self.text = text

    def execute(self, context):
        return f"{self.text}!"


@task
def make():
    return {"n": 1}


@task
def open_box(box, n):
    return [box.content, n]


@task(checks=[not_empty()])
def nothing_found():
    return []


@dag
def demo():
    made = make()
    open_box(Box({"kept": True}), made["n"])
    nothing_found()
    Shout("hello {{ ds }}", task_id="shout")


demo()
"""


async def test_an_object_that_json_cannot_carry_is_taken_from_the_dag_built_again(worker: OneWorker) -> None:
    worker.place.write(_BUILT)
    task = Task("open_box", PythonWork(CallableRef("open_box")), args=(Live(), FromTask("make", "n")))
    call = worker.place.call(task, upstream={"make": inline({"n": 1})})
    assert await worker.value(call) == [{"kept": True}, 1]


async def test_checks_that_do_not_hold_fail_the_task_and_say_why(worker: OneWorker) -> None:
    worker.place.write(_BUILT)
    end = await worker.run(Task("nothing_found", PythonWork(CallableRef("nothing_found")), checks=("not_empty",)))
    assert end.outcome == "failed"
    assert end.error is not None
    assert end.error.message.startswith("the result fails its checks: not_empty")
    assert [check.ok for check in end.checks] == [False]


async def test_a_users_operator_is_executed_with_rendered_fields(worker: OneWorker) -> None:
    worker.place.write(_BUILT)
    task = Task("shout", OperatorWork("Shout"), kwargs={"text": Literal("hello {{ ds }}")})
    end = await worker.run(task)
    assert end.result == inline("hello 2023-11-14!"), end.error
    assert end.rendered == {"text": "hello 2023-11-14"}


async def test_a_task_that_building_does_not_yield_again_is_said(worker: OneWorker) -> None:
    worker.place.write(_BUILT)
    error = await worker.error(Task("gone", OperatorWork("Shout")))
    assert error.startswith("TaskGone: building flow.py again yields no task 'gone' in DAG 'demo'")


def test_plain_names_are_rendered_as_jinja_would() -> None:
    """The short way round Jinja must not be seen: every text here is rendered both ways."""
    from potok.worker.templating import _render_by_jinja, _render_plain_names

    class Shop:
        name = "corner"

    context = {
        "ds": "2024-01-02",
        "none": None,
        "params": {"region": "north", "items": 3, "n": {"deep": 1.5}},
        "shop": Shop(),
    }
    for text in (
        "{{ ds }}", "a{{ds}}b {{  params.region }}\n", "{{ params.n.deep }} {{ none }}", "{{ shop.name }}",
        "no template", "{{ params.n }} и {{ ds }}",
    ):  # fmt: skip
        assert _render_plain_names(text, context) == _render_by_jinja(text, context)


@pytest.mark.parametrize(
    "text", ["{{ ds | upper }}", "{{ 1 + 1 }}", "{% raw %}{{ ds }}{% endraw %}", "{{ ds }} {{ x", "{{ ds.upper() }}"]
)
def test_whatever_is_more_than_a_name_goes_to_jinja(text: str) -> None:
    from potok.worker.templating import _render_plain_names

    with pytest.raises(LookupError):
        _render_plain_names(text, {"ds": "x"})


async def test_a_template_of_names_alone_does_not_load_jinja(worker: OneWorker) -> None:
    worker.place.write("import sys\n\ndef loaded(text):\n    return [text, 'jinja2' in sys.modules]\n")
    assert await worker.value(python("loaded", "{{ ds }}")) == ["2023-11-14", False]
    assert await worker.value(python("loaded", "{{ ds | upper }}")) == ["2023-11-14", True]
