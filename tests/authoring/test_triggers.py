"""What starts a DAG besides its schedule: read into values, and refused with the author's line."""

from collections.abc import Callable

import pytest

from potok import DagError, dag, on_change, on_commit, on_push, task
from potok.authoring.built import BuiltDag
from potok.model.trigger import OnChange, OnCommit, OnPush

Complaint = Callable[[str], str]

FLOW = """
    from potok import dag, on_change, on_commit, on_push, task

    @task
    def read(path): ...

    @dag(triggers={triggers})
    def flow({params}):
        read("x")
"""


def test_triggers_are_values_of_the_dag() -> None:
    @task
    def read(path: str) -> None: ...

    @dag(
        triggers=[
            on_commit("erp/", branches=["main", "release/*"], params={"path": "path", "since": "before"}),
            on_change("/in", ignore=["*.part"], quiet="2s"),
            on_push(secret="forge", repository="team/erp", params={"since": "before"}),
        ]
    )
    def flow(path: str = ".", since: str = "") -> None:
        read(path)

    assert flow.build().dag.triggers == (
        OnCommit("erp", ("main", "release/*"), {"path": "path", "since": "before"}),
        OnChange("/in", ("*.part",), 2.0),
        OnPush("forge", "team/erp", params={"since": "before"}),
    )


def test_a_task_that_is_a_dag_takes_triggers(built: Callable[[str], dict[str, BuiltDag]]) -> None:
    dags = built("""
        from potok import on_change, task

        @task(triggers=[on_change("in")])
        def read(): ...
    """)
    assert dags["read"].dag.triggers == (OnChange("in"),)


@pytest.mark.parametrize(
    ("triggers", "params", "told"),
    [
        ("on_commit('erp')", "", "triggers is a list; write triggers=[on_commit(…)]"),
        ("['erp']", "", "triggers takes on_commit(…), on_change(…), on_push(…), not 'erp'"),
        ("[on_commit('erp'), on_commit('./erp')]", "", "the trigger 'commit in erp' is there twice"),
        ("[on_commit(3)]", "", "on_commit: the path is a text such as '/srv/erp', not 3"),
        (
            "[on_commit('erp', branches='main')]",
            "",
            "on_commit: branches is a list of names, not 'main'; write ['main']",
        ),
        ("[on_change('in', quiet='soon')]", "", "on_change: quiet: 'soon' is not a duration"),
        ("[on_push(secret='')]", "", "on_push: secret is a secret variable's name"),
        (
            "[on_commit('erp', params={'since': 'before'})]",
            "sinse=''",
            "on_commit: the DAG has no param 'since'; did you mean 'sinse'?",
        ),
        ("[on_commit('erp', params={'since': 'before'})]", "", "on_commit: the DAG has no param 'since'; it has none"),
        (
            "[on_commit('erp', params={'since': 'files'})]",
            "since=''",
            "on_commit: its event has no field 'files'; it has commit, before, branch, ref, path",
        ),
        (
            "[on_change('in')]",
            "path",
            "on_change: nobody gives ['path'] to a run that it starts; give these params defaults, "
            "or fill them by params={'path': 'path'}",
        ),
    ],
)
def test_a_trigger_that_cannot_work_is_refused(complaint: Complaint, triggers: str, params: str, told: str) -> None:
    said = complaint(FLOW.format(triggers=triggers, params=params))
    assert said.startswith(("flow.py:6: ", "flow.py:7: "))
    assert said.partition(": ")[2].startswith(told)


def test_a_misspelt_trigger_option_is_pythons_own_error() -> None:
    with pytest.raises(TypeError, match="branch"):
        on_commit("erp", branch="main")  # type: ignore[call-arg]


def test_on_push_without_a_name_is_told_how_to_make_one() -> None:
    with pytest.raises(DagError, match="potok variables set NAME --secret"):
        on_push(secret="")
