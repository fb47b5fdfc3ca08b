"""The executor of one machine: warm workers forked from a lean zygote, each in a process group of its own."""

from potok.executors.process.executor import ProcessExecutor
from potok.executors.process.leftovers import kill_leftovers

__all__ = ["ProcessExecutor", "kill_leftovers"]
