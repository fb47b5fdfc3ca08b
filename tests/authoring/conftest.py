"""Builds DAG files written in the tests, the way the server does."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from potok.authoring.built import BuiltDag
from potok.authoring.registry import build_file
from potok.model.dag import Dag
from potok.model.errors import DagError

Built = dict[str, BuiltDag]


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., Built]:
    """`built(text)` writes `flow.py` (its line 1 is the text's first line) and builds it."""

    def build(text: str, **others: str) -> Built:
        for name, content in others.items():
            (tmp_path / f"{name}.py").write_text(dedent(content).lstrip("\n"))
        (tmp_path / "flow.py").write_text(dedent(text).lstrip("\n"))
        return build_file(tmp_path / "flow.py", tmp_path)

    return build


@pytest.fixture
def complaint(built: Callable[..., Built]) -> Callable[[str], str]:
    """`complaint(text)` is the sentence, with its line, that building the text ends in."""

    def complain(text: str) -> str:
        with pytest.raises(DagError) as caught:
            built(text)
        return str(caught.value)

    return complain


def pairs(dag: Dag) -> set[tuple[str, str]]:
    """The dependencies as pairs of task ids."""
    ids = [task.task_id for task in dag.tasks]
    return {(ids[a], ids[b]) for group in dag.edges for a in group.upstream for b in group.downstream}
