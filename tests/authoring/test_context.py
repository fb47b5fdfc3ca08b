"""What a running task may know and ask."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from potok import connection, get_current_context, variable
from potok.authoring.context import Context, build_context, context_arguments, set_current_context, wants_context
from potok.authoring.requests import RefusedError, set_requester
from potok.authoring.runtime import AttemptFacts
from potok.model.dag import EmptyWork, Task
from potok.model.errors import NotFoundError, PotokError
from potok.model.wire import (
    AskConnection,
    AskResult,
    AskVariable,
    Connection,
    GotConnection,
    GotResult,
    GotVariable,
    Inline,
    Refused,
    RunContext,
    Value,
    WorkerReply,
    WorkerRequest,
)

# 22:30 in UTC is half past one of the next day in Moscow
LOGICAL = datetime(2026, 3, 9, 22, 30, tzinfo=UTC).timestamp()


def context(tz: str = "Europe/Moscow") -> Context:
    run = RunContext(
        "run-1", "etl", LOGICAL, LOGICAL, LOGICAL + 3600, tz, "manual", LOGICAL, {"city": "Tver"}, "a note"
    )
    return build_context(run, Task("load", EmptyWork()), AttemptFacts(7, 2, 4))


@pytest.fixture
def server() -> Iterator[list[WorkerRequest]]:
    """Answers like a scheduler; yields what it was asked."""
    asked: list[WorkerRequest] = []

    def answer(request: WorkerRequest) -> WorkerReply:
        asked.append(request)
        if isinstance(request, AskConnection):
            return GotConnection(Connection(request.name, host="db.example"))
        if isinstance(request, AskVariable):
            if request.name == "hidden":
                return Refused("task 'load' did not declare variable 'hidden'; add variables=['hidden']")
            return GotVariable({"limit": 3}, secret=False)
        return GotResult(Inline(b'{"rows": 5}') if request.task_id == "extract" else None)

    def load(value: Value) -> object:
        assert isinstance(value, Inline)
        return json.loads(value.data)

    set_requester(answer, attempt_id=7, token="t", load=load)
    yield asked
    set_requester(None)


def test_dates_are_those_of_the_dags_own_zone() -> None:
    names = context()
    assert (names["ds"], names["ds_nodash"]) == ("2026-03-10", "20260310")
    assert (names["ts"], names["ts_nodash"]) == ("2026-03-10T01:30:00+03:00", "20260310T013000")
    assert context("UTC")["ds"] == "2026-03-09"
    assert (names["data_interval_end"] - names["data_interval_start"]).total_seconds() == 3600
    assert names["logical_date"].timestamp() == LOGICAL


def test_the_usual_names_are_all_there() -> None:
    names = context()
    assert set(names) == {
        *("ds", "ds_nodash", "ts", "ts_nodash", "logical_date", "data_interval_start", "data_interval_end", "run_id"),
        *("dag_run", "dag", "task", "ti", "task_instance", "params", "try_number", "conn", "var", "macros"),
    }
    assert (names["dag_run"].conf, names["dag_run"].run_type, names["dag"].dag_id) == (
        {"city": "Tver"},
        "manual",
        "etl",
    )
    assert (names["ti"].task_id, names["ti"].try_number, names["ti"].max_tries) == ("load", 2, 4)
    assert names["macros"].ds_add("2026-01-31", 1) == "2026-02-01"
    assert names["macros"].ds_format("2026-01-31", "%Y-%m-%d", "%d.%m.%Y") == "31.01.2026"


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="the task context has no 'execution_date'; it has conn, dag"):
        context()["execution_date"]


def test_the_context_is_built_at_the_first_question_and_ends_with_the_task() -> None:
    made = []

    def factory() -> Context:
        made.append(1)
        return context()

    set_current_context(factory)
    try:
        assert made == []
        assert get_current_context()["run_id"] == "run-1"
    finally:
        set_current_context(None)
    with pytest.raises(PotokError, match="works while a task runs"):
        get_current_context()


def test_threads_of_the_task_see_its_context(server: list[WorkerRequest]) -> None:
    set_current_context(context)
    found: list[object] = []

    def ask() -> None:
        found.extend([get_current_context()["ds"], variable("limits")])

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    set_current_context(None)
    assert found == ["2026-03-10", {"limit": 3}]


def test_signatures_get_what_they_name_and_nothing_that_was_given() -> None:
    def named(x: int, ds: str, ti: object = None, run_id: str = "mine") -> None: ...
    def everything(x: int, **context: object) -> None: ...
    def plain(x: int) -> None: ...

    names = context()
    assert wants_context(named) and wants_context(everything) and not wants_context(plain)
    got = context_arguments(named, [1], {}, names)
    assert got == {"ds": "2026-03-10", "ti": names["ti"]}
    assert context_arguments(named, [1, "given"], {"ti": 5}, names) == {"ti": 5}
    assert context_arguments(everything, [1], {"ds": "mine"}, names) == {**names, "ds": "mine"}


def test_results_connections_and_variables_are_asked_for(server: list[WorkerRequest]) -> None:
    names = context()
    assert names["ti"].xcom_pull("extract") == {"rows": 5}
    assert names["ti"].xcom_pull(task_ids=["extract", "none"]) == [{"rows": 5}, None]
    assert names["ti"].xcom_pull("extract", key="rows") == 5
    assert names["conn"].db.host == "db.example"
    assert connection("db").host == "db.example"
    assert names["var"].json.limits == {"limit": 3}
    assert names["var"].value.limits == "{'limit': 3}"
    assert server[0] == AskResult(7, "t", "extract")


def test_what_was_not_declared_is_refused_in_the_servers_words(server: list[WorkerRequest]) -> None:
    with pytest.raises(RefusedError, match="did not declare variable 'hidden'; add variables="):
        variable("hidden")


def test_a_missing_item_and_a_push_are_one_sentence(server: list[WorkerRequest]) -> None:
    with pytest.raises(PotokError, match="the result has no item 'cols': it is dict"):
        context()["ti"].xcom_pull("extract", key="cols")
    with pytest.raises(PotokError, match="from the task instead of xcom_push"):
        context()["ti"].xcom_push("a", 1)
    with pytest.raises(PotokError, match="xcom_pull needs task_ids"):
        context()["ti"].xcom_pull()


def test_outside_a_worker_the_environment_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_CONN_MAIN_DB", "postgresql://ann:p%40ss@db.example:5433/shop?sslmode=require")
    monkeypatch.setenv("POTOK_CONN_JSON", '{"kind": "http", "host": "api.example", "extra": {"a": 1}}')
    monkeypatch.setenv("POTOK_VAR_LIMITS", '{"n": 3}')
    monkeypatch.setenv("POTOK_VAR_TEXT", "plain words")
    main = connection("main-db")
    assert (main.kind, main.login, main.password, main.host, main.port, main.schema) == (
        *("postgresql", "ann", "p@ss", "db.example", 5433, "shop"),
    )
    assert main.extra == {"sslmode": "require"}
    assert connection("json").extra == {"a": 1}
    assert (variable("limits"), variable("text")) == ({"n": 3}, "plain words")
    with pytest.raises(NotFoundError, match="set POTOK_CONN_NONE"):
        connection("none")
    with pytest.raises(NotFoundError, match="set POTOK_VAR_NONE"):
        variable("none")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{broken secret", "is not valid JSON"),
        ('{"kind": "x", "hots": "secret"}', "has no field 'hots'"),
        ('{"kind": "x", "port": "secret"}', "port is of the wrong type"),
        ("secret", "has no kind"),
        ("x://h:secret", "is not a valid URI"),
    ],
)
def test_a_bad_connection_is_told_without_its_text(monkeypatch: pytest.MonkeyPatch, text: str, sentence: str) -> None:
    monkeypatch.setenv("POTOK_CONN_BAD", text)
    with pytest.raises(PotokError, match=sentence) as caught:
        connection("bad")
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
