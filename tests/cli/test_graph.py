"""The text graph, params, progress: pure pieces of what commands print."""

from potok.cli.graph import LINES_MAX, draw, edges_of_dag
from potok.cli.params import parse_params
from potok.cli.progress import Progress, row_line
from potok.model.dag import Dag, EdgeGroup, EmptyWork, Task
from potok.model.state import RunState, TaskState
from potok.scheduler.commands import RunChanged, TaskChanged
from potok.store.rows import RunCounts

NAMES = ["features", "drift", "train_1", "train_2", "train_3", "evaluate", "cleanup"]
ML = Dag(
    "ml",
    tuple(Task(name, EmptyWork(), group="train" if name.startswith("train") else "") for name in NAMES),
    edges=(
        EdgeGroup((0,), (1,)),
        EdgeGroup((1,), (2, 3, 4)),
        EdgeGroup((2, 3, 4), (5,)),
        EdgeGroup((5,), (6,)),
    ),
)


def test_each_task_stands_once_below_one_that_it_waits_for() -> None:
    assert draw(NAMES, edges_of_dag(ML), {"train_2": "  (pool ml)"}) == [
        "features",
        "└─ drift",
        "   ├─ train_1",
        "   ├─ train_2  (pool ml)",
        "   └─ train_3",
        "      └─ evaluate  ← also after train_1, train_2",
        "         └─ cleanup",
    ]


def test_dependency_that_another_implies_is_not_drawn() -> None:
    assert draw(["a", "b", "c"], {"b": ["a"], "c": ["a", "b"]}, {}) == ["a", "└─ b", "   └─ c"]


def test_several_roots_and_long_chains_are_drawn() -> None:
    assert draw(["a", "b"], {}, {}) == ["a", "b"]
    names = [f"t{number}" for number in range(10_000)]
    above = {name: [names[number]] for number, name in enumerate(names[1:])}
    lines = draw(names, above, {})
    assert len(lines) == LINES_MAX + 1
    assert lines[-1] == "… and 9,700 more tasks"


def test_many_tasks_above_are_counted() -> None:
    names = [f"t{number}" for number in range(20)]
    assert draw([*names, "end"], {"end": names}, {})[-1].endswith("t5 and 13 more")


def test_params_are_json_unless_the_dag_declares_a_text() -> None:
    schema = {"properties": {"name": {"type": "string"}}}
    found = parse_params(["name=5", "n=5", "flag=true", "list=[1,2]", "free=a=b", "empty="], schema)
    assert found == {"name": "5", "n": 5, "flag": True, "list": [1, 2], "free": "a=b", "empty": ""}


def progressed() -> Progress:
    progress = Progress(ML)
    progress.run_id = "r"
    return progress


def task(name: str, state: TaskState, at: float, try_number: int = 1) -> TaskChanged:
    return TaskChanged("r", name, state, try_number, at)


def test_progress_follows_the_events_of_its_run_alone() -> None:
    progress = progressed()
    changed = progress.apply(
        [
            RunChanged("r", "ml", RunState.RUNNING, RunCounts(7), 10.0),
            task("features", TaskState.RUNNING, 10.0),
            TaskChanged("other", "features", TaskState.FAILED, 1, 11.0),
            task("features", TaskState.SUCCESS, 12.5),
        ]
    )
    assert [row.task_id for row in changed] == ["features", "features"]
    assert progress.rows["features"].took_s(99.0) == 2.5
    assert "1/7 · 5.0 s" in progress.heading(15.0)
    progress.apply([RunChanged("r", "ml", RunState.FAILED, RunCounts(7), 20.0)])
    assert progress.state is RunState.FAILED
    assert "10 s" in progress.heading(99.0)


def test_rows_stand_below_their_group_and_count_tries() -> None:
    progress = progressed()
    progress.apply([task("train_2", TaskState.RUNNING, 1.0, try_number=2)])
    text = "\n".join(progress.lines(3.0, height=50))
    assert "train[/]\n    [dim]○ scheduled[/]  [bold]train_1[/]" in text
    assert "train_2[/]  [dim]2.0 s[/]  [yellow]try 2[/]" in text


def test_what_needs_an_eye_is_shown_first_when_the_screen_is_small() -> None:
    progress = progressed()
    progress.apply([task("features", TaskState.SUCCESS, 1.0), task("train_3", TaskState.RUNNING, 1.0)])
    lines = progress.lines(2.0, height=1)
    assert "train_3" in lines[2]
    assert lines[-1] == "  [dim]… and 6 more tasks[/]"


def test_task_that_never_ran_has_no_length() -> None:
    progress = progressed()
    progress.apply([task("cleanup", TaskState.UPSTREAM_FAILED, 5.0)])
    assert row_line(progress.rows["cleanup"], 9.0) == "[red]⬡ upstream_failed[/]  [bold]cleanup[/]"
