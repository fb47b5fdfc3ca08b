"""The English sentence of every reason code. Other languages translate the same codes and values. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from potok.engine.explanation import Sentence
from potok.model.duration import human
from potok.model.reason import Reason

Values = Mapping[str, object]
_NAMES_MAX = 5


def sentence(why: Reason) -> Sentence:
    """`why` with its English text; a code without a text of its own shows its values."""
    write = _TEXTS.get(why.code)
    text = write(why.values) if write else _plain(why)
    return Sentence(why.code, dict(why.values), text)


def names(found: object) -> str:
    """`a, b and 3 more` of a tuple of names."""
    items = [str(item) for item in found] if isinstance(found, tuple | list) else []
    if len(items) <= _NAMES_MAX:
        return ", ".join(items)
    return ", ".join(items[:_NAMES_MAX]) + f" and {len(items) - _NAMES_MAX} more"


def count(number: object, one: str, many: str | None = None) -> str:
    """`1 task`, `2 tasks`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def number_of(values: Values, name: str) -> float:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else 0.0


def instant(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _plain(why: Reason) -> str:
    return " ".join([why.code.replace("_", " "), *(f"{key}={value}" for key, value in why.values.items())])


def _after(values: Values) -> str:
    return f" after {human(number_of(values, 'duration_s'))}" if values.get("duration_s") is not None else ""


def _below(values: Values, them: str) -> str:
    blocked = values.get("blocked")
    return f"; {count(blocked, 'task')} below {them} did not run" if blocked else ""


def _held(values: Values) -> str:
    return f", held by {names(values['held_by'])}" if values.get("held_by") else ""


def _by(values: Values) -> str:
    return f" by {values['by']}" if values.get("by") else ""


def _note(values: Values) -> str:
    return f": {values['note']}" if values.get("note") else ""


def _one_failed(v: Values) -> str:
    return f"`{v['task']}` failed on try {v['try']} of {v['of']}{_after(v)}{_below(v, 'it')}"


def _failed_oom(v: Values) -> str:
    at = f" at {megabytes(number_of(v, 'rss_mb'))}" if v.get("rss_mb") else ""
    return f"`{v['task']}` was killed: out of memory{at}{_below(v, 'it')}"


def _failed_timeout(v: Values) -> str:
    return f"`{v['task']}` ran into its time limit of {human(number_of(v, 'limit_s'))}{_below(v, 'it')}"


def _failed_poison(v: Values) -> str:
    return f"`{v['task']}` lost its worker {v['losses']} times, the last time because {v['how']}{_below(v, 'it')}"


def megabytes(amount: float) -> str:
    """`412 MB`, `2.0 GB`."""
    return f"{amount:.0f} MB" if amount < 1000 else f"{amount / 1024:.1f} GB"


def _timed_out(v: Values) -> str:
    return f"ran into its time limit of {human(number_of(v, 'limit_s'))}"


def _wait_upstream(v: Values) -> str:
    return f"waits for {count(v['n'], 'task')} above: {names(v['tasks'])}"


def _wait_pool(v: Values) -> str:
    wants = f" (wants {v['wants']})" if number_of(v, "wants") > 1 else ""
    return f"waits for a slot of pool {v['pool']}: {v['used']}/{v['slots']}{wants}{_held(v)}"


def _running(v: Values) -> str:
    return f"Running for {human(number_of(v, 'for_s'))}: {v['done']} of {count(v['total'], 'task')} done{_now(v)}"


def _still(v: Values) -> str:
    return f"; {names(v['tasks'])} still runs" if v.get("tasks") else ""


def _now(v: Values) -> str:
    return f"; now {names(v['tasks'])}" if v.get("tasks") else ""


def _tries_alike(v: Values) -> str:
    return "Both tries ended with the same error" if v["n"] == 2 else f"All {v['n']} tries ended with the same error"


def _new_params(v: Values) -> str:
    return f" with other params: {names(v['params'])}" if v.get("params") else ""


def _unlikely(v: Values) -> str:
    return ", so a plain retry will most likely fail again" if v.get("unlikely") else ""


def _on_path(v: Values) -> str:
    return f"; `{v['task']}` is on the critical path" if v.get("task") else ""


def _recovered(v: Values) -> str:
    return f"{count(v['n'], 'run')} of them ended well after a retry, so one may help"


def _late_for(v: Values) -> str:
    usual = f", usually {human(number_of(v, 'usual_s'))}" if v.get("usual_s") else ""
    return f"{v['done']} of {count(v['total'], 'task')} done after {human(number_of(v, 'for_s'))}{usual}"


_TEXTS: dict[str, Callable[[Values], str]] = {
    # the verdict on a run
    "run_failed": _one_failed,
    "run_failed_timeout": _failed_timeout,
    "run_failed_oom": _failed_oom,
    "run_failed_poison": _failed_poison,
    "run_failed_marked": lambda v: f"`{v['task']}` was marked failed{_by(v)}{_note(v)}{_below(v, 'it')}",
    "run_failed_many": lambda v: f"{v['n']} tasks failed: {names(v['tasks'])}{_below(v, 'them')}",
    "run_failed_unfinished": lambda v: f"{count(v['n'], 'task')} did not finish: {names(v['tasks'])}",
    "run_timeout": lambda v: f"The run passed its time limit of {human(number_of(v, 'limit_s'))}",
    "run_cancelled": lambda v: f"Cancelled{_by(v)}{_note(v)}; {count(v['cancelled'], 'task')} did not finish",
    "run_expired": lambda v: "Cancelled: it had not begun before it expired",
    "run_success": lambda v: f"Succeeded in {human(number_of(v, 'duration_s'))}",
    "run_success_usual": lambda v: f"Succeeded in {human(number_of(v, 'duration_s'))}, as usual",
    "run_success_slower": lambda v: (
        f"Succeeded in {human(number_of(v, 'duration_s'))}, usually {human(number_of(v, 'usual_s'))}"
    ),
    "run_success_faster": lambda v: (
        f"Succeeded in {human(number_of(v, 'duration_s'))}, usually {human(number_of(v, 'usual_s'))}"
    ),
    "run_running_left": lambda v: (
        f"Running for {human(number_of(v, 'for_s'))}, about {human(number_of(v, 'left_s'))} left{_on_path(v)}"
    ),
    "run_success_but": lambda v: (
        f"Succeeded in {human(number_of(v, 'duration_s'))}; {names(v['tasks'])} may fail and did"
    ),
    "run_running": _running,
    "run_stopping": lambda v: f"Being stopped{_by(v)}{_still(v)}",
    "run_waits_runs": lambda v: f"Waits to begin: {v['active']} of {v['limit']} runs of this DAG are active",
    "run_waits_time": lambda v: f"Waits to begin until {instant(number_of(v, 'at'))}",
    "run_waits": lambda v: "Waits to begin",
    # what speaks for or against a plain retry
    "advice_tries_alike": _tries_alike,
    "advice_tries_differ": lambda v: f"The {v['n']} tries ended with different errors",
    "advice_first_seen": lambda v: f"First seen in this DAG{_unlikely(v)}",
    "advice_not_seen": lambda v: (
        f"This error was not seen in the last {count(v['of'], 'run')} of this DAG{_unlikely(v)}"
    ),
    "advice_same_error": lambda v: f"Same error as in {v['seen']} of the last {count(v['of'], 'run')}",
    "advice_recovered": _recovered,
    "advice_never_recovered": lambda v: "None of them ended well, so a plain retry will most likely fail again",
    "advice_lost_worker": lambda v: "Its worker was lost, which is no fault of its code: a retry may help",
    "advice_out_of_memory": lambda v: "A plain retry needs the same memory and will most likely end the same way",
    # what caused a run
    "cause_schedule": lambda v: (
        f"Started by its schedule ({v['schedule']}) for {instant(number_of(v, 'logical_date'))}"
    ),
    "cause_catchup": lambda v: f"Started to catch up the missed date {instant(number_of(v, 'logical_date'))}",
    "cause_manual": lambda v: f"Triggered{_by(v)} at {instant(number_of(v, 'at'))}{_note(v)}",
    "cause_commit": lambda v: f"Started by commit {v['commit']}{_on(v)} in {v['path']}",
    "cause_push": lambda v: f"Started by a push of {v['commit']}{_on(v)}{_to(v)}{_by(v)}",
    "cause_change": lambda v: (
        f"Started because {count(v['n'], 'file')} changed in {v['path']}"
        if v["n"]
        else f"Started because files changed in {v['path']}"
    ),
    # a task instance
    "ran": lambda v: f"succeeded on try {v['try']}{_after(v)}",
    "passed_empty": lambda v: "has nothing to run and passed at once",
    "failed": lambda v: f"failed on try {v['try']} of {v['of']}{_after(v)}: {v['error']}",
    "timeout": _timed_out,
    "crashed": lambda v: str(v["error"]),
    "poison": lambda v: f"parked: it lost its worker {v['losses']} times, the last time because {v['how']}",
    "lost_at_most_once": lambda v: f"not tried again because it is at_most_once: {v['how']}",
    "interrupted": lambda v: f"runs again without spending a try: {v['how']}",
    "retry": lambda v: "is tried again",
    "upstream_failed": lambda v: f"did not run: {names(v['tasks'])} failed above",
    "skipped_by_task": lambda v: f"skipped itself{_note(v)}",
    "skipped_by_rule": lambda v: f"skipped: its rule {v['rule']} found above: {v['above']}",
    "broken_by_rule": lambda v: f"did not run: its rule {v['rule']} found above: {v['above']}",
    "cancelled": lambda v: f"was stopped with the run{_by(v)}{_note(v)}",
    "expired": lambda v: "was stopped: the run expired before it began",
    "marked": lambda v: f"was marked {v['state']}{_by(v)}{_note(v)}",
    "cleared": lambda v: f"was cleared{_by(v)} and runs again{_new_params(v)}",
    "running": lambda v: f"runs since {human(number_of(v, 'for_s'))}, try {v['try']} of {v['of']}",
    "being_killed": lambda v: f"is being stopped: {v['why']}",
    "up_for_retry": lambda v: f"waits {human(number_of(v, 'in_s'))} more for try {v['try']} of {v['of']}",
    "wait_upstream": _wait_upstream,
    "wait_run": lambda v: "waits for its run to begin",
    "wait_pool": _wait_pool,
    "wait_queue": lambda v: f"no live worker serves queue {v['queue']}",
    "wait_key": lambda v: f"waits for its turn with key {v['key']} (at most {v['limit']}){_held(v)}",
    "wait_dag_tasks": lambda v: f"{v['limit']} tasks of DAG {v['dag']} run, which is its max_active_tasks",
    "wait_worker": lambda v: f"waits for a free worker; all are busy{_busy(v)}{_held(v)}",
    # a condition that is met
    "met_run": lambda v: "its run has begun",
    "met_upstream": lambda v: f"{count(v['n'], 'task')} above ended",
    "met_queue": lambda v: f"queue {v['queue']} is served",
    "met_pool": lambda v: f"pool {v['pool']} has a free slot: {v['used']}/{v['slots']}",
    "met_key": lambda v: f"key {v['key']} is free: {v['used']}/{v['limit']}",
    "met_dag_tasks": lambda v: f"{v['used']} of at most {v['limit']} tasks of DAG {v['dag']} run",
    "met_worker": lambda v: f"{count(v['free'], 'worker slot')} free",
    "wait_turn": lambda v: "waits for its turn and starts in a moment",
    # what needs a person
    "error_line": lambda v: str(v["line"]),
    "need_times": lambda v: f"{v['n']} runs failed this way",
    "need_tries_alike": _tries_alike,
    "need_blocked": lambda v: f"{count(v['n'], 'task')} below did not run",
    "need_roots": lambda v: f"{v['n']} tasks failed in this run",
    "need_code_changed": lambda v: "The code changed since the last good run",
    "need_never_good": lambda v: "No good run yet",
    "late_by": lambda v: (
        f"Late by {human(number_of(v, 'late_s'))}: deadline was {instant(number_of(v, 'deadline_at'))}"
    ),
    "late_start": lambda v: f"Should have started at {instant(number_of(v, 'at'))} and has not",
    "late_progress": _late_for,
    "late_queued": lambda v: "It has not begun yet",
    "lost_worker": lambda v: str(v["how"]),
    "lost_runs_again": lambda v: (
        f"Lost {v['times']} times; the task runs again by itself"
        if v["times"] != 1
        else "The task runs again by itself"
    ),
    "import_keeps": lambda v: f"{count(v['n'], 'DAG')} keep running the previous version",
    "import_none": lambda v: "No DAG of this file can run",
    "queue_unserved": lambda v: f"no live worker serves queue {v['queue']}",
    "queue_waiters": lambda v: f"{count(v['n'], 'task')} wait for it, the first is {v['task']} of {v['dag']}",
    "next_collision": lambda v: f"starts with {v['dag']}: both want pool {v['pool']}",
    "next_previous_version": lambda v: "will run the previous version: import error",
}


def _on(v: Values) -> str:
    return f" on {v['branch']}" if v.get("branch") else ""


def _to(v: Values) -> str:
    return f" to {v['repository']}" if v.get("repository") else ""


def _busy(v: Values) -> str:
    return f" ({v['busy']})" if v.get("busy") else ""
