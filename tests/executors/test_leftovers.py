"""What a dead server left running is killed by its mark, and nobody else's processes are."""

from __future__ import annotations

import subprocess
from pathlib import Path

from potok.executors.process import ProcessExecutor
from potok.executors.process.leftovers import new_instance
from potok.model.local_wire import INSTANCE_VARIABLE


def test_the_mark_of_another_home_is_not_ours_to_kill(tmp_path: Path) -> None:
    """A copied database names the instance of the server it was copied from, which may well be alive."""
    executor = ProcessExecutor(tmp_path / "copy", 1)
    theirs = new_instance(tmp_path / "original")
    with subprocess.Popen(["sleep", "60"], env={INSTANCE_VARIABLE: theirs}) as alive:
        executor.clear_leftovers(theirs)
        assert alive.poll() is None
        ProcessExecutor(tmp_path / "original", 1).clear_leftovers(theirs)
        assert alive.wait(5) == -9
