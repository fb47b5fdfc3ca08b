"""What authors write, and the DAG that it becomes."""

from collections.abc import Callable

from potok.model.dag import (
    BashWork,
    CallableRef,
    Concurrency,
    EmptyWork,
    FromParam,
    FromTask,
    ListOf,
    Literal,
    Live,
    MappingOf,
    OperatorWork,
    PythonWork,
    TaskRole,
)
from potok.model.schedule import Cron, Interval, Once, Overlap
from potok.model.trigger_rule import TriggerRule
from tests.authoring.conftest import Built, pairs

Build = Callable[..., Built]


def test_results_passed_on_make_the_dependencies(built: Build) -> None:
    dag = built("""
        from potok import dag, task

        @task
        def extract() -> dict: ...
        @task
        def load(data, options=None): ...

        @dag
        def etl():
            data = extract()
            load(data["rows"], options={"all": [data, 1], "plain": 2})
    """)["etl"].dag
    assert pairs(dag) == {("extract", "load")}
    load = dag.tasks[1]
    assert load.args == (FromTask("extract", "rows"),)
    assert load.kwargs == {
        "options": MappingOf({"all": ListOf((FromTask("extract"), Literal(1))), "plain": Literal(2)})
    }
    assert load.work == PythonWork(CallableRef("load"))
    assert (dag.file, dag.location, load.location) == ("flow.py", "flow.py:8", "flow.py:11")


def test_arrows_lists_chain_and_after(built: Build) -> None:
    dag = built("""
        from potok import Dag, EmptyOperator, chain, cross_downstream

        with Dag("order") as dag:
            a, b, c, d, e, f, g, h = [EmptyOperator(task_id=name) for name in "abcdefgh"]
            a >> [b, c] >> d
            e << d
            chain(e, [f, g], h)
            h.after("a", [b])
            cross_downstream([a, b], [g, h])
    """)["order"].dag
    assert pairs(dag) == {
        *(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("d", "e"), ("e", "f"), ("e", "g"), ("f", "h"), ("g", "h")),
        *(("a", "h"), ("b", "h"), ("a", "g"), ("b", "g")),
    }
    assert all(isinstance(task.work, EmptyWork) for task in dag.tasks)


def test_all_to_all_is_one_group(built: Build) -> None:
    dag = built("""
        from potok import Dag, EmptyOperator, cross_downstream

        with Dag("wide"):
            above = [EmptyOperator(task_id=f"a{n}") for n in range(100)]
            below = [EmptyOperator(task_id=f"b{n}") for n in range(100)]
            cross_downstream(above, below)
            above[0] >> below[0]
    """)["wide"].dag
    [group] = dag.edges
    assert (len(group.upstream), len(group.downstream)) == (100, 100)


def test_tasks_come_in_topological_order_whatever_the_order_of_writing(built: Build) -> None:
    dag = built("""
        from potok import Dag, EmptyOperator

        with Dag("back"):
            last = EmptyOperator(task_id="last")
            first = EmptyOperator(task_id="first")
            last << first
    """)["back"].dag
    assert [task.task_id for task in dag.tasks] == ["first", "last"]
    assert pairs(dag) == {("first", "last")}


def test_repeated_calls_are_numbered_and_override_names_them(built: Build) -> None:
    dag = built("""
        from potok import dag, task

        @task(retries=2, pool="ml", queue="gpu")
        def train(model): ...

        @dag
        def models():
            for name in ["a", "b"]:
                train(name)
            train.override(task_id="big", retries=5, trigger_rule="all_done")("c")
    """)["models"].dag
    assert [task.task_id for task in dag.tasks] == ["train", "train__1", "big"]
    big = dag.tasks[2]
    assert (big.retry.retries, big.trigger_rule, big.pool, big.queue) == (5, TriggerRule.ALL_DONE, "ml", "gpu")


def test_groups_prefix_ids_and_stand_in_order_as_a_whole(built: Build) -> None:
    dag = built("""
        from potok import Dag, EmptyOperator, TaskGroup, dag, task, task_group

        @task
        def load(x): ...
        @task
        def clean(x): ...

        @task_group
        def prepare(source):
            \"\"\"Bring it in.\"\"\"
            return clean(load(source))

        @dag
        def flow():
            start = EmptyOperator(task_id="start")
            with TaskGroup("outer", label="Outer") as outer:
                first = prepare("a")
                with TaskGroup("inner"):
                    EmptyOperator(task_id="x") >> EmptyOperator(task_id="y")
            start >> outer >> EmptyOperator(task_id="end")
            prepare("b")
            prepare("c")
    """)["flow"].dag
    ids = [task.task_id for task in dag.tasks]
    assert {"outer.prepare.load", "outer.inner.x", "prepare.load", "prepare__1.clean"} <= set(ids)
    found = pairs(dag)
    assert {("start", "outer.prepare.load"), ("start", "outer.inner.x")} <= found
    assert {("outer.prepare.clean", "end"), ("outer.inner.y", "end")} <= found
    assert ("start", "outer.inner.y") not in found
    groups = {group.group_id: group for group in dag.groups}
    assert groups["outer"].label == "Outer"
    assert groups["prepare"].doc == "Bring it in."
    assert next(task.group for task in dag.tasks if task.task_id == "outer.inner.x") == "outer.inner"


def test_parameters_become_params_with_types_and_defaults(built: Build) -> None:
    dag = built("""
        from typing import Literal
        from potok import BashOperator, Param, dag, task

        @task
        def train(size, where): ...

        @dag(params={"note": "none"})
        def ml(size: int, mode: Literal["fast", "good"] = "fast", share: float = Param(0.5, minimum=0, maximum=1),
               names: list[str] | None = None):
            train(size, where=[mode, "fixed"])
            BashOperator(task_id="show", bash_command=f"echo {mode}")
    """)["ml"].dag
    assert dag.params == {
        "type": "object",
        "properties": {
            "note": {"default": "none"},
            "size": {"type": "integer"},
            "mode": {"enum": ["fast", "good"], "default": "fast"},
            "share": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
            "names": {
                "anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}],
                "default": None,
            },
        },
        "required": ["size"],
        "additionalProperties": False,
    }
    assert dag.tasks[0].args == (FromParam("size"),)
    assert dag.tasks[0].kwargs == {"where": ListOf((FromParam("mode"), Literal("fixed")))}
    show = dag.tasks[1].work
    assert isinstance(show, BashWork)
    assert show.command == "echo {{ params.mode }}"


def test_a_param_inside_an_annotation_adds_to_the_schema(built: Build) -> None:
    dag = built("""
        from typing import Annotated
        from potok import Param, dag, task

        @task
        def show(limit, share): ...

        @dag
        def ml(limit: Annotated[int, Param(minimum=1, description="rows")] = 5,
               share: Annotated[float, Param(0.5, maximum=1)] = Param(minimum=0)):
            show(limit, share)
    """)["ml"].dag
    assert dag.params["properties"] == {
        "limit": {"type": "integer", "minimum": 1, "description": "rows", "default": 5},
        "share": {"type": "number", "default": 0.5, "maximum": 1, "minimum": 0},
    }


def test_params_of_a_dag_object_are_references(built: Build) -> None:
    dag = built("""
        from potok import Dag, Param, PythonOperator

        def work(n): ...

        with Dag("d", params={"n": Param(3, type="integer")}) as dag:
            PythonOperator(task_id="w", python_callable=work, op_args=[dag.params["n"]])
    """)["d"].dag
    assert dag.tasks[0].args == (FromParam("n"),)
    assert dag.tasks[0].work == PythonWork(CallableRef("work"))


def test_a_function_that_no_dag_uses_is_a_dag_of_its_own(built: Build) -> None:
    found = built("""
        from potok import dag, task

        @task(schedule="@daily", retries=1, tags=["night"])
        def backup(days: int = 7, ds=None):
            \"\"\"Save everything.\"\"\"
        @task
        def add(x: int, y: int) -> int:
            return x + y
        @task
        def used(): ...
        @dag
        def flow():
            used()
        def helper(): ...
    """)
    assert sorted(found) == ["add", "backup", "flow"]
    backup = found["backup"].dag
    assert backup.schedule is not None
    assert backup.schedule.timetable == Cron("0 0 * * *")
    assert (backup.doc, backup.tags) == ("Save everything.", ("night",))
    assert backup.tasks[0].kwargs == {"days": FromParam("days")}
    assert (backup.tasks[0].retry.retries, backup.tasks[0].doc) == (1, "Save everything.")
    assert found["add"].dag.params["required"] == ["x", "y"]


def test_schedules_as_people_write_them(built: Build) -> None:
    found = built("""
        from datetime import date, timedelta
        from potok import Dag

        Dag("cron", schedule="0 2 * * mon-fri", tz="Europe/Moscow", start=date(2026, 1, 1), catchup=True)
        Dag("every", schedule=timedelta(minutes=90))
        Dag("text", schedule="every 15m", overlap="skip")
        Dag("once", schedule="@once")
        Dag("weekly", schedule="@weekly", end="2026-12-31T00:00:00+00:00")
        Dag("never")
    """)
    schedules = {dag_id: each.dag.schedule for dag_id, each in found.items()}
    cron, every, text, once, weekly = (schedules[name] for name in ("cron", "every", "text", "once", "weekly"))
    assert cron is not None and every is not None and text is not None and once is not None and weekly is not None
    assert (cron.timetable, cron.tz, cron.catchup) == (Cron("0 2 * * MON-FRI"), "Europe/Moscow", True)
    assert cron.start == 1767214800.0  # midnight in Moscow, three hours before that of UTC
    assert (every.timetable, every.text) == (Interval(5400.0), "every 1 h 30 min")
    assert (text.timetable, text.overlap) == (Interval(900.0), Overlap.SKIP)
    assert once.timetable == Once()
    assert (weekly.timetable, weekly.end) == (Cron("0 0 * * 0"), 1798675200.0)
    assert schedules["never"] is None


def test_every_option_reaches_the_model(built: Build) -> None:
    found = built("""
        from potok import Concurrency, Dag, EmptyOperator, Retry, dag, task

        def ring(context): ...

        @task(
            retry=Retry(3, delay="5m", backoff=2, max_delay="1h", jitter=0.1, on=[ValueError, "pkg.Gone"]),
            timeout="30m", trigger_rule="one_success", pool="ml", pool_slots=2, priority=7, queue="gpu",
            concurrency=Concurrency("city {city}", 3), at_most_once=True, may_fail=True, connections=["db"],
            variables=["token"], on_failure=ring, isolation="fork", doc="About it.",
        )
        def work(): ...

        @dag(
            dag_id="named", owner="ann", description="Short.", doc="Long.", tags=["a"], max_active_runs=2,
            max_active_tasks=9, timeout="2h", deadline="1h", default_args={"retries": 4, "pool": "common"},
            on_success=[ring], paused=True,
        )
        def flow():
            work()
            EmptyOperator(task_id="plain")
            EmptyOperator(task_id="own", retry=0)
    """)["named"]
    dag = found.dag
    work = next(task for task in dag.tasks if task.task_id == "work")
    retry = work.retry
    assert (retry.retries, retry.delay_s, retry.backoff, retry.max_delay_s, retry.jitter) == (
        3,
        300.0,
        2.0,
        3600.0,
        0.1,
    )
    assert retry.on == ("ValueError", "pkg.Gone")
    assert (work.timeout_s, work.trigger_rule, work.pool, work.pool_slots, work.priority, work.queue) == (
        *(1800.0, TriggerRule.ONE_SUCCESS, "ml", 2, 7, "gpu"),
    )
    assert (work.concurrency, work.at_most_once, work.may_fail) == (Concurrency("city {city}", 3), True, True)
    assert (work.connections, work.variables, work.isolation, work.doc) == (("db",), ("token",), "fork", "About it.")
    assert work.callbacks.on_failure == (CallableRef("ring"),)
    plain, own = (next(task for task in dag.tasks if task.task_id == name) for name in ("plain", "own"))
    assert (plain.retry.retries, plain.pool) == (4, "common")
    assert (own.retry.retries, own.pool) == (0, "common")
    assert (dag.owner, dag.description, dag.doc, dag.tags) == ("ann", "Short.", "Long.", ("a",))
    assert (dag.max_active_runs, dag.max_active_tasks, dag.timeout_s, dag.deadline_s) == (2, 9, 7200.0, 3600.0)
    assert dag.paused_at_first
    assert dag.callbacks.on_success == (CallableRef("ring"),)
    assert found.callbacks["on_success"][0].__name__ == "ring"


def test_setups_and_teardowns_know_each_other(built: Build) -> None:
    found = built("""
        from potok import EmptyOperator, TaskGroup, dag, setup, task, teardown

        @setup
        def make(): ...
        @task
        def use(): ...
        @teardown
        def remove(): ...

        @dag
        def direct():
            with TaskGroup("work") as work:
                made, gone = make(), remove()
                made >> use() >> gone
                made >> gone
            work >> EmptyOperator(task_id="next")

        @dag
        def named():
            made = use.override(task_id="make")()
            made >> use() >> use.override(task_id="clean")().as_teardown(setups=made)
    """)
    direct = found["direct"].dag
    tasks = {task.task_id: task for task in direct.tasks}
    assert tasks["work.make"].role is TaskRole.SETUP
    assert (tasks["work.remove"].role, tasks["work.remove"].setups) == (TaskRole.TEARDOWN, ("work.make",))
    assert pairs(direct) >= {("work.use", "next")}
    assert ("work.remove", "next") not in pairs(direct)
    named = {task.task_id: task for task in found["named"].dag.tasks}
    assert (named["make"].role, named["clean"].role) == (TaskRole.SETUP, TaskRole.TEARDOWN)
    assert named["clean"].setups == ("make",)
    assert pairs(found["named"].dag) == {("make", "use"), ("use", "clean"), ("make", "clean")}


def test_operators_and_their_templates(built: Build) -> None:
    found = built("""
        from potok import BaseOperator, BashOperator, Dag, PythonOperator, task

        class Copy(BaseOperator):
            template_fields = ("source", "target")
            def __init__(self, *, source, target, **options):
                super().__init__(**options)
                self.source, self.target = source, target
            def execute(self, context): ...

        @task
        def where(): ...

        with Dag("ops") as dag:
            place = where()
            BashOperator(task_id="b", bash_command=f"cp {place} /x", env={"F": place["f"]}, cwd="work")
            Copy(task_id="c", source="{{ ds }}.csv", target=place)
            PythonOperator(task_id="p", python_callable=lambda: 1)
        BashOperator(task_id="late", bash_command="true", dag=dag)
    """)["ops"]
    dag = found.dag
    tasks = {task.task_id: task for task in dag.tasks}
    assert pairs(dag) == {("where", "b"), ("where", "c")}
    bash = tasks["b"].work
    assert isinstance(bash, BashWork)
    assert bash.command == "cp {{ ti.xcom_pull(task_ids='where', key='return_value') }} /x"
    assert bash.env == {"F": "{{ ti.xcom_pull(task_ids='where', key='f') }}"}
    assert isinstance(tasks["c"].work, OperatorWork)
    assert tasks["c"].kwargs == {"source": Literal("{{ ds }}.csv"), "target": FromTask("where")}
    assert found.live["c"].kwargs == {"source": "{{ ds }}.csv", "target": FromTask("where")}
    assert type(found.live["c"].operator).__name__ == "Copy"
    assert tasks["p"].work == PythonWork(CallableRef(None))
    function = found.live["p"].function
    assert function is not None and function() == 1
    assert "late" in tasks


def test_a_worker_finds_by_name_only_what_the_name_leads_to(built: Build) -> None:
    found = built(
        """
        import helper
        from potok import PythonOperator, dag, not_empty, task

        @task(checks=[not_empty()])
        def checked(): ...
        def plain(): ...

        @dag
        def flow():
            @task
            def inner(): ...
            inner()
            checked()
            checked.override(task_id="other", checks=[len])()
            PythonOperator(task_id="plain", python_callable=plain)
            PythonOperator(task_id="elsewhere", python_callable=helper.work)
            PythonOperator(task_id="with_checks", python_callable=plain, checks=[len])
        """,
        helper="def work(): ...\n",
    )["flow"]
    refs = {task.task_id: task.work.function.qualname for task in found.dag.tasks if isinstance(task.work, PythonWork)}
    assert refs == {
        "inner": None,
        "checked": "checked",
        "other": None,
        "plain": "plain",
        "elsewhere": "helper:work",
        "with_checks": None,
    }
    assert found.live["other"].checks == (len,)
    function = found.live["inner"].function
    assert function is not None and function.__name__ == "inner"
    checks = {task.task_id: task.checks for task in found.dag.tasks}
    assert (checks["checked"], checks["other"]) == (("not_empty()",), ("len",))


def test_objects_that_json_cannot_carry_stay_live(built: Build) -> None:
    found = built("""
        from pathlib import Path
        from potok import dag, task

        @task
        def up(): ...
        @task
        def use(*args): ...

        @dag
        def flow():
            result = up()
            use(Path("x"), (1, 2), {3}, [result, Path("y")], (result, 1), {1: result}, float("nan"), 2**70)
    """)["flow"]
    use = found.dag.tasks[1]
    live = Live()
    assert use.args == (live, live, live, ListOf((FromTask("up"), live)), live, live, live, live)
    assert pairs(found.dag) == {("up", "use")}
    args = found.live["use"].args
    assert args[1:3] == ((1, 2), {3})
    assert args[4:6] == ((FromTask("up"), 1), {1: FromTask("up")})


def test_a_called_task_outside_a_dag_is_the_function(built: Build) -> None:
    from potok import task

    @task(retries=3)
    def add(x: int, y: int = 1) -> int:
        """Adds."""
        return x + y

    assert add(2) == 3
    assert (add.name, add.__doc__) == ("add", "Adds.")


def test_the_body_of_a_dag_runs_when_it_is_built_not_when_its_file_is_imported(built: Build) -> None:
    found = built("""
        from potok import EmptyOperator, dag

        bodies = []

        @dag
        def lazy(size: int = 1):
            bodies.append(1)
            EmptyOperator(task_id="x", doc=str(len(bodies)))

        lazy()
        lazy(size=5)
        assert bodies == []
    """)["lazy"].dag
    assert found.tasks[0].doc == "1"
    assert found.params["properties"] == {"size": {"type": "integer", "default": 5}}


def test_a_factory_makes_dags_for_the_file_that_calls_it(built: Build) -> None:
    found = built(
        """
        from factory import make

        for name in ("one", "two"):
            make(name)
        """,
        factory="""
        from potok import BashOperator, Dag

        def make(name):
            with Dag(name):
                BashOperator(task_id="x", bash_command="true")
        """,
    )
    assert sorted(found) == ["one", "two"]


def test_dags_imported_from_another_dag_file_stay_there(built: Build) -> None:
    others = "from potok import Dag, task\nwith Dag('theirs'): ...\n@task\ndef shared(): ...\n"
    found = built("from other import shared\nfrom potok import Dag\nwith Dag('ours'):\n    shared()\n", other=others)
    assert sorted(found) == ["ours"]


def test_an_empty_dag_is_a_dag(built: Build) -> None:
    assert built("from potok import Dag\nDag('nothing')\n")["nothing"].dag.tasks == ()


def test_context_values_need_no_argument(built: Build) -> None:
    dag = built("""
        from potok import dag, task

        @task
        def work(data, ti, ds=None, **context): ...

        @dag
        def flow():
            work(1)
    """)["flow"].dag
    assert dag.tasks[0].args == (Literal(1),)


def test_lists_are_read_when_they_are_given(built: Build) -> None:
    dag = built("""
        from potok import dag, task

        @task
        def one(): ...
        @task
        def merge(many): ...

        @dag
        def flow():
            many = [one() for _ in range(10)]
            merge(many)
            many.append(one())
            merge(many)
            merge(many[:5])
    """)["flow"].dag
    found = pairs(dag)
    assert len([1 for _, below in found if below == "merge"]) == 10
    assert len([1 for _, below in found if below == "merge__1"]) == 11
    assert len([1 for _, below in found if below == "merge__2"]) == 5
