"""What differs between a run and the last good run of its DAG. Blocks: reads code and results, bounded in each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from potok.api import views
from potok.api.code_changes import changed_files
from potok.api.run_facts import RunFacts
from potok.api.run_story import pool_waits
from potok.api.shape_cache import ShapeCache
from potok.engine.difference import changed_numbers, changed_values
from potok.model.run import CheckResult
from potok.model.state import TaskState
from potok.model.story import (
    Environment,
    EnvironmentChange,
    FileChange,
    LengthChange,
    ResultChange,
    RunChanges,
    SettingChange,
    ValueChange,
    WaitChange,
)
from potok.store.rows import EnvironmentRow, ResultRow

TASKS_COMPARED_MAX = 50
VALUES_SHOWN_MAX = 20
LENGTHS_SHOWN_MAX = 10
SETTINGS_LOOKED_AT_MAX = 200
# Shorter waits and smaller differences are noise of the machine.
_NOISE_S = 1.0
_CHANGED_BY = 0.2

_Found = tuple[str, object, object]


def changes_of(facts: RunFacts, shapes: ShapeCache, home: Path) -> RunChanges:
    """The comparison with the newest good run before this one."""
    if not facts.good_runs:
        return _nothing(facts)
    good = RunFacts(facts.reader, shapes, facts.good_runs[0], facts.now)
    old_bundle, new_bundle = good.record.bundle, facts.record.bundle
    version = facts.reader.load_version(facts.record.dag_id, new_bundle)
    files: tuple[FileChange, ...] = ()
    cut = False
    if old_bundle != new_bundle:
        old_version = facts.reader.load_version(good.record.dag_id, old_bundle)
        names = {*(old_version.files if old_version else ()), *(version.files if version else ())}
        files, cut = changed_files(home / "bundles", old_bundle, new_bundle, names)
    results, results_cut = _results(facts, good)
    params = _values(changed_values(good.record.params, facts.record.params))
    settings = _settings(facts, good)
    environment, environment_change = _environment(facts, good)
    waits = _waits(facts, good)
    lengths, spread = _lengths(facts, good)
    is_same = {
        "code": not files,
        "results": not results,
        "params": not params,
        "settings": not settings,
        "environment": environment is not None and environment_change is None,
        "waiting": not waits,
        "durations": not lengths and spread is not None,
    }
    return RunChanges(
        since=views.run_brief(good.record, facts.now),
        old_bundle=old_bundle,
        new_bundle=new_bundle,
        new_code_at=views.instant(version.created_at) if version and files else None,
        files=files,
        results=results,
        params=params,
        settings=settings,
        environment=environment,
        environment_change=environment_change,
        waits=waits,
        lengths=lengths,
        length_spread=spread,
        same=tuple(name for name, same in is_same.items() if same),
        bounded=cut or results_cut,
    )


def _nothing(facts: RunFacts) -> RunChanges:
    environment = _environment_at(facts)
    return RunChanges(
        since=None,
        old_bundle="",
        new_bundle=facts.record.bundle,
        new_code_at=None,
        files=(),
        results=(),
        params=(),
        settings=(),
        environment=_summary(environment) if environment else None,
        environment_change=None,
        waits=(),
        lengths=(),
        length_spread=None,
        same=(),
        bounded=False,
    )


def _values(found: Sequence[_Found]) -> tuple[ValueChange, ...]:
    return tuple(ValueChange(name, old, new) for name, old, new in found[:VALUES_SHOWN_MAX])


def _results(facts: RunFacts, good: RunFacts) -> tuple[tuple[ResultChange, ...], bool]:
    """Of the tasks above what failed (of all, when nothing did), the nearest first."""
    failed = {at for at, row in enumerate(facts.tasks) if row.state is TaskState.FAILED}
    looked_at = failed | facts.graph.above(failed) if failed else set(range(len(facts.tasks)))
    nearest = sorted(looked_at, reverse=True)
    changes = [change for at in nearest[:TASKS_COMPARED_MAX] if (change := _result(facts, good, at)) is not None]
    return tuple(changes), len(nearest) > TASKS_COMPARED_MAX


def _result(facts: RunFacts, good: RunFacts, at: int) -> ResultChange | None:
    name = facts.tasks[at].task_id
    old_at = good.graph.position.get(name)
    if old_at is None:
        return None
    values = _numbers(
        facts.reader.result_at(good.record.run_key, old_at), facts.reader.result_at(facts.record.run_key, at)
    )
    old_checks, new_checks = _checks(good, old_at), _checks(facts, at)
    if not old_checks or not new_checks:
        old_checks = new_checks = ()
    old_checks, new_checks = _without(old_checks, new_checks), _without(new_checks, old_checks)
    return ResultChange(name, values, old_checks, new_checks) if values or new_checks else None


def _numbers(old: ResultRow | None, new: ResultRow | None) -> tuple[ValueChange, ...]:
    if old is None or new is None:
        return ()
    if old.data is None or new.data is None or old.codec != "json" or new.codec != "json":
        return (ValueChange("size", old.size, new.size),) if old.size != new.size else ()
    if old.data == new.data:
        return ()
    return _values(changed_numbers(msgspec.json.decode(old.data), msgspec.json.decode(new.data)))


def _checks(facts: RunFacts, at: int) -> tuple[CheckResult, ...]:
    if not facts.graph.dag.tasks[at].checks:
        return ()
    attempts = facts.reader.attempts(facts.record.run_key, at)
    return attempts[-1].checks if attempts else ()


def _without(checks: tuple[CheckResult, ...], others: tuple[CheckResult, ...]) -> tuple[CheckResult, ...]:
    """Those that did not find the very same in the other run: a task may have a dozen."""
    return tuple(check for check in checks if check not in others)


def _settings(facts: RunFacts, good: RunFacts) -> tuple[SettingChange, ...]:
    """What the DAG uses and someone changed after the good run began; the newest change of each."""
    tasks = facts.graph.dag.tasks
    used = {("variable", name) for task in tasks for name in task.variables}
    used |= {("connection", name) for task in tasks for name in task.connections}
    used |= {("pool", task.pool) for task in tasks}
    until = facts.record.ended_at or facts.now
    found: dict[tuple[str, str], SettingChange] = {}
    for row in facts.reader.settings_changed(good.record.created_at, until, SETTINGS_LOOKED_AT_MAX):
        action, _, kind = row.action.partition(" ")
        change = SettingChange(kind, row.subject, action == "delete", row.actor, views.instant(row.at))
        if (kind, row.subject) in used:
            found.setdefault((kind, row.subject), change)
    return tuple(found.values())


def _environment_at(facts: RunFacts) -> EnvironmentRow | None:
    return facts.reader.environment_at(facts.record.started_at or facts.record.created_at)


def _summary(row: EnvironmentRow) -> Environment:
    return Environment(row.python, row.platform, len(row.packages))


def _environment(facts: RunFacts, good: RunFacts) -> tuple[Environment | None, EnvironmentChange | None]:
    new, old = _environment_at(facts), _environment_at(good)
    if new is None or old is None:
        return (_summary(new) if new else None), None
    if new.digest == old.digest:
        return _summary(new), None
    python = ValueChange("python", old.python, new.python) if old.python != new.python else None
    packages = tuple(ValueChange(*found) for found in changed_values(old.packages, new.packages))
    return _summary(new), EnvironmentChange(python, packages)


def _waits(facts: RunFacts, good: RunFacts) -> tuple[WaitChange, ...]:
    old = {wait.pool: wait for wait in pool_waits(good)}
    new = {wait.pool: wait for wait in pool_waits(facts)}
    found = []
    for pool in sorted({*old, *new}):
        before, after = (old[pool].wait_s if pool in old else 0.0), (new[pool].wait_s if pool in new else 0.0)
        if _is_changed(before, after):
            found.append(WaitChange(pool, before, after, new[pool].longest_task if pool in new else ""))
    return tuple(found)


def _lengths(facts: RunFacts, good: RunFacts) -> tuple[tuple[LengthChange, ...], float | None]:
    """The tasks whose length changed, the largest difference first, and how far the others are apart at most."""
    old, new = _good_lengths(good), _good_lengths(facts)
    both = [LengthChange(name, round(old[name], 3), round(length, 3)) for name, length in new.items() if name in old]
    changed = [one for one in both if _is_changed(one.old_s, one.new_s)]
    others = [abs(one.new_s / one.old_s - 1) for one in both if one not in changed and one.old_s >= _NOISE_S]
    changed.sort(key=lambda one: -abs(one.new_s - one.old_s))
    spread = round(max(others), 4) if others else (0.0 if both and not changed else None)
    return tuple(changed[:LENGTHS_SHOWN_MAX]), spread


def _good_lengths(facts: RunFacts) -> dict[str, float]:
    return {
        row.task_id: span[1] - span[0]
        for row, span in zip(facts.tasks, facts.spans, strict=True)
        if span is not None and row.state is TaskState.SUCCESS
    }


def _is_changed(old_s: float, new_s: float) -> bool:
    return abs(new_s - old_s) >= _NOISE_S and abs(new_s - old_s) > _CHANGED_BY * old_s
