"""What cannot be run is one sentence: what, where, how to mend it."""

from collections.abc import Callable

import pytest

Complaint = Callable[[str], str]

HEAD = "from potok import *\n"


def test_a_cycle_is_named_task_by_task(complaint: Complaint) -> None:
    told = complaint("""
        from potok import Dag, EmptyOperator

        with Dag("round"):
            a, b, c = [EmptyOperator(task_id=name) for name in "abc"]
            a >> b >> c
            c >> a
    """)
    assert told.startswith("flow.py:6: the tasks stand in a circle: a -> b -> c -> a; take out one of these")


def test_a_cycle_through_results_is_a_cycle_too(complaint: Complaint) -> None:
    told = complaint("""
        from potok import dag, task

        @task
        def up(): ...
        @task
        def down(x): ...
        @dag
        def flow():
            first = up()
            second = down(first)
            second >> first
    """)
    assert told.startswith("flow.py:11: the tasks stand in a circle: up -> down -> up")


def test_a_duplicate_task_id_names_both_lines(complaint: Complaint) -> None:
    told = complaint("""
        from potok import Dag, EmptyOperator
        with Dag("twice"):
            EmptyOperator(task_id="a")
            EmptyOperator(task_id="a")
    """)
    assert told == (
        "flow.py:4: task id 'a' is taken twice in DAG 'twice' (first at flow.py:3); give one of them another task_id"
    )


def test_two_dags_of_one_id_in_a_file_name_both_lines(complaint: Complaint) -> None:
    told = complaint("from potok import Dag\nDag('x')\nDag('x')\n")
    assert told == "flow.py:3: dag id 'x' is taken twice (first at flow.py:2); give one of them another dag_id"


def test_an_unknown_upstream_is_told_with_the_nearest_name(complaint: Complaint) -> None:
    told = complaint("""
        from potok import Dag, EmptyOperator
        with Dag("d"):
            EmptyOperator(task_id="extract")
            EmptyOperator(task_id="load").after("extrakt")
    """)
    assert told == "flow.py:4: DAG 'd' has no task 'extrakt' to put in order; did you mean 'extract'?"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("@task(trigger_rule='all_dome')", "there is no trigger rule 'all_dome'; did you mean 'all_done'?"),
        ("@task(retires=3)", "a task has no option 'retires'; did you mean 'retries'?"),
        ("@task(priority_weight=3)", "a task has no option 'priority_weight'; here it is priority"),
        ("@task(retries='three')", "retries is a whole number of 0 or more, not 'three'"),
        ("@task(retries=-1)", "retries is a whole number of 0 or more, not -1"),
        ("@task(retry='3')", "retry is Retry(3, delay='5m') or a number of retries, not '3'"),
        ("@task(retry=Retry(2), retries=3)", "retry and retries say the same thing; keep one of them"),
        ("@task(retry=Retry(2, delay='5 parsecs'))", "delay of Retry: '5 parsecs' is not a duration"),
        ("@task(retry=Retry(-2))", "Retry takes a whole number of retries, zero or more, not -2"),
        ("@task(retry=Retry(2, backoff=0.5))", "backoff multiplies the delay and is 1 or more, not 0.5"),
        ("@task(retry=Retry(2, jitter=2))", "jitter is a share of the delay from 0 to 1, not 2"),
        (
            "@task(retry=Retry(2, on=[int]))",
            "on of Retry names exceptions (a class or 'package.Error'), not <class 'int'>",
        ),
        ("@task(timeout='soon')", "timeout: 'soon' is not a duration"),
        ("@task(timeout=0)", "timeout has to be longer than zero, not 0"),
        ("@task(timeout=[1])", "timeout: [1] is not a duration; write '5m' or 300"),
        ("@task(pool=7)", "pool is a text, not 7"),
        ("@task(pool_slots=0)", "pool_slots is a whole number of 1 or more, not 0"),
        ("@task(priority='high')", "priority is a whole number, not 'high'"),
        ("@task(may_fail='yes')", "may_fail is True or False, not 'yes'"),
        ("@task(connections='db')", "connections is a list of names, not 'db'; write ['db']"),
        ("@task(variables=[1])", "variables is a list of names, not [1]"),
        ("@task(on_failure='mail')", "on_failure takes functions, not 'mail'; give the function itself"),
        ("@task(checks=[3])", "checks takes functions, not 3"),
        ("@task(concurrency=3)", "concurrency is a key such as 'report {city}' or Concurrency(key, limit), not 3"),
        ("@task(isolation='docker')", "isolation is 'warm' (a shared worker process) or 'fork'"),
        ("@task(task_id='a b')", "task id 'a b' may have letters, digits, '_', '-' and '.' only"),
    ],
)
def test_a_wrong_option_of_a_task(complaint: Complaint, line: str, sentence: str) -> None:
    told = complaint(f"{HEAD}\n{line}\ndef work(): ...\n")
    assert told.startswith(f"flow.py:3: {sentence}")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("schedule='0 2 * *'", "cron '0 2 * *' has 4 fields; it needs five"),
        ("schedule='0 25 * * *'", "cron '0 25 * * *' is not valid: bad hour"),
        ("schedule='0 0 31 2,4 *'", "cron '0 0 31 2,4 *' is not valid: bad day-of-month"),
        ("schedule='@dayly'", "there is no preset '@dayly'; did you mean '@daily'?"),
        ("schedule=5", "schedule is a cron text, a preset, 'every 15m', a timedelta or None, not 5"),
        ("schedule='every now'", "the interval of schedule: 'now' is not a duration"),
        ("schedule='every 0s'", "an interval of 0 s is too short; the least is one second"),
        (
            "schedule='@daily', tz='Europe/Moskow'",
            "there is no time zone 'Europe/Moskow'; did you mean 'Europe/Moscow'?",
        ),
        ("tz=3", "tz is the name of a time zone such as 'Europe/Moscow', not 3"),
        ("schedule='@daily', start='yesterday'", "start is not a date: 'yesterday'; write it as '2026-01-31'"),
        ("schedule='@daily', start='2026-02-01', end='2026-01-01'", "end (2026-01-01) is before start (2026-02-01)"),
        ("schedule='@daily', catchup=True", "catchup=True needs start="),
        ("overlap='wait'", "there is no overlap policy 'wait'; known are queue, skip, cancel"),
        ("start_date='2026-01-01'", "a DAG has no option 'start_date'; here it is start"),
        ("shedule='@daily'", "a DAG has no option 'shedule'; did you mean 'schedule'?"),
        ("retries=3", "'retries' is an option of tasks; put it in default_args={'retries': …}"),
        ("default_args={'retires': 3}", "a task has no option 'retires'; did you mean 'retries'?"),
        ("default_args=[1]", "default_args is a mapping of names to values, not [1]"),
        ("tags='a'", "tags is a list of names, not 'a'; write ['a']"),
        ("max_active_runs=0", "max_active_runs is a whole number of 1 or more, not 0"),
        ("deadline='late'", "deadline: 'late' is not a duration"),
        ("on_failure=[1]", "on_failure takes functions, not 1"),
        ("params={'n': Param(5, type='integer', maximum=3)}", "the default of param 'n' (5) breaks its own schema"),
        ("params={'n': Param('x', type='integer')}", "the default of param 'n' ('x') breaks its own schema"),
        ("params={'n': Param(1, type='int')}", "'int' is not a JSON type; known are array"),
        ("params={'n': object}", "the default of param 'n' is not JSON"),
    ],
)
def test_a_wrong_option_of_a_dag(complaint: Complaint, options: str, sentence: str) -> None:
    told = complaint(f"{HEAD}\nDag('d', {options})\n")
    assert told.startswith(f"flow.py:3: {sentence}")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("work(1, 2)", "work() too many positional arguments"),
        ("work(y=2)", "work() missing a required argument: 'x'"),
        ("work(1) >> None", "only tasks, task groups and lists of them can be put in order, not None"),
        ("work >> work(1)", "only tasks, task groups and lists of them can be put in order"),
        ("[each for each in work(1)]", "the result of 'work' is known only when it has run, so it cannot be iterated"),
        ("work(1)[0]", "an item of the result of 'work' is named by a text, not 0"),
        ("work(1) if n else None", "param 'n' has no value while the DAG is built, so it cannot be tested here"),
        ("range(n)", "param 'n' has no value while the DAG is built, so it cannot be used as a number here"),
        ("n == 3", "param 'n' has no value while the DAG is built, so it cannot be compared here"),
        ("BashOperator(task_id='b', bash_comand='x', bash_command='y')", "BashOperator has no argument 'bash_comand'"),
        (
            "BashOperator(task_id='b', command='x')",
            "BashOperator has no argument 'command'; did you mean 'bash_command'?",
        ),
        ("BashOperator(task_id='b')", "bash_command is empty"),
        ("BashOperator(task_id='b', bash_command=' ')", "bash_command is empty"),
        ("BashOperator(task_id='b', bash_command=3)", "bash_command is a text, not 3"),
        ("BashOperator(task_id='b', bash_command='x', env={'A': 1})", "env['A'] is a text, not 1"),
        ("PythonOperator(task_id='p', python_callable='work')", "python_callable is a function, not 'work'"),
        ("TaskGroup('a b')", "group id 'a b' may have letters, digits, '_' and '-' only"),
        ("TaskGroup('g') >> work(1)", "task group 'g' is empty, so nothing can stand before or after it"),
        ("work.override(schedule='@daily')", "'schedule' belongs to a DAG; override takes options of a task"),
        ("chain([work(1)], [work(1), work(1)])", "chain joins lists pair by pair, but one has 1 tasks and the next 2"),
        ("outside >> work(1)", "a dependency cannot cross DAGs: 'other' and 'flow'"),
        ("work(outside)", "task 'work' takes the result of 'outside', which is not a task of DAG 'flow'"),
        ("other_flow()", "DAG 'other_flow' is called inside another DAG; make the shared part a @task_group"),
    ],
)
def test_a_wrong_line_in_the_body_of_a_dag(complaint: Complaint, body: str, sentence: str) -> None:
    told = complaint(
        f"{HEAD}@task\ndef work(x): ...\nwith Dag('other'):\n    outside = EmptyOperator(task_id='outside')\n"
        f"@dag\ndef other_flow(): ...\n@dag\ndef flow(n: int = 1):\n    {body}\n"
    )
    assert told.startswith(f"flow.py:10: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("EmptyOperator(task_id='a')", "flow.py:2: EmptyOperator 'a' stands outside a DAG"),
        ("TaskGroup('g')", "flow.py:2: task group 'g' stands outside a DAG"),
        (
            "@task(schedule='@daily')\ndef f(x, y=1): ...",
            "flow.py:2: DAG 'f' runs by its schedule, where nobody gives ['x']",
        ),
        (
            "Dag('d', default_args={'owner': 'me'})",
            "flow.py:2: a task has no option 'owner'; here it is owner of the DAG",
        ),
        ("Dag('a b')", "flow.py:2: dag id 'a b' may have letters"),
        ("Dag('x' * 300)", "flow.py:2: dag id 'xxxxxxxxxx"),
        ("task(3)", "flow.py:2: only a function can be a task, not 3"),
        ("@task\ndef many():\n    yield 1", "flow.py:2: many is a generator; a task returns its result"),
        ("@task\nclass Work: ...", "flow.py:2: class Work is not a function"),
        ("dag('name')", "flow.py:2: @dag stands over a function, not 'name'; name the DAG by dag_id="),
        (
            "def f():\n    @task(schedule='@daily')\n    def inner(): ...\nf()",
            "flow.py:3: 'schedule' makes a function a DAG",
        ),
    ],
)
def test_a_wrong_line_outside_any_dag(complaint: Complaint, text: str, sentence: str) -> None:
    assert complaint(f"{HEAD}{text}\n").startswith(sentence)


def test_a_task_with_no_such_dag_option_is_told_by_name(complaint: Complaint) -> None:
    told = complaint(
        "from potok import Dag, EmptyOperator\nwith Dag('d'):\n    EmptyOperator(task_id='a', retrise=1)\n"
    )
    assert told == "flow.py:3: a task has no option 'retrise'; did you mean 'retries'?"
