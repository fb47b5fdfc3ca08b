"""Runs a task's command by bash, in the worker's own process group. Its output goes through the worker's pipes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from potok.authoring.runtime import Skip
from potok.model.dag import BashWork
from potok.model.local_wire import INSTANCE_VARIABLE, ZYGOTE_VARIABLE
from potok.worker.failure import TaskError
from potok.worker.output_pipes import OutputPipes
from potok.worker.process_control import end_descendants

# What a cancelled or late command gets to tidy up before it is killed.
_END_GRACE_S = 3.0


def run_bash(work: BashWork, folder: str, facts: dict[str, str], outputs: OutputPipes) -> str | None:
    """Run `work`, whose templates are rendered, and return the last line of its stdout, None if it printed none.

    A relative `cwd` is meant from `folder`, the DAG file's. `facts` are variables that tell the command of its run.
    Raises Skip for the agreed exit code, TaskError for any other but 0.
    """
    import subprocess

    environment = {**os.environ, **facts, **work.env} if work.append_env else {**facts, **work.env}
    for mark in (INSTANCE_VARIABLE, ZYGOTE_VARIABLE):
        if mark in os.environ:
            environment[mark] = os.environ[mark]
    cwd = None if work.cwd is None else os.path.normpath(os.path.join(folder, os.path.expanduser(work.cwd)))
    try:
        child = subprocess.Popen(["bash", "-c", work.command], env=environment, cwd=cwd, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise TaskError("BashNotStarted", _why_not_started(error, cwd)) from None
    except ValueError as error:
        raise TaskError("BashNotStarted", f"the command or its environment cannot be passed to bash: {error}") from None
    try:
        code = child.wait()
    except BaseException:
        end_descendants(_END_GRACE_S)
        child.returncode = -signal.SIGTERM
        raise
    outputs.drain()
    outputs.capture.end_lines()
    if code == 0:
        last = outputs.capture.last_stdout_line.decode("utf-8", "backslashreplace").rstrip("\r")
        return last or None
    if code == work.skip_on_exit_code:
        raise Skip(f"exited with {code}")
    raise TaskError(
        "BashFailed",
        _why_failed(code, [line.decode("utf-8", "backslashreplace") for line in outputs.capture.stderr_tail]),
    )


def render_bash(work: BashWork, render: Callable[[str, str], str]) -> BashWork:
    """The same work with `render(field, text)` applied to its texts."""
    env = {name: render(f"env.{name}", text) for name, text in work.env.items()}
    cwd = None if work.cwd is None else render("cwd", work.cwd)
    return BashWork(render("command", work.command), env, work.append_env, cwd, work.skip_on_exit_code)


def _why_not_started(error: OSError, cwd: str | None) -> str:
    if cwd is not None and not os.path.isdir(cwd):
        return f"the working folder {cwd} is not there"
    if isinstance(error, FileNotFoundError):
        return "bash is not installed or not on PATH"
    return f"bash cannot be started: {error.strerror}"


def _why_failed(code: int, stderr: list[str]) -> str:
    if code < 0:
        ending = f"was killed by {_signal_name(-code)}"
    elif code > 128 and _signal_name(code - 128).startswith("SIG"):
        ending = f"exited with {code} (its command was killed by {_signal_name(code - 128)})"
    else:
        ending = f"exited with {code}"
    tail = "\n".join(stderr).strip()
    return f"{ending}: {tail}" if tail else ending


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
