"""What is too old or belongs to nobody goes; what is in use stays."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from potok.model.wire import AskConnection, AskVariable, GotConnection, GotVariable
from potok.scheduler.retention import Keep, delete_old_logs, delete_orphaned_results
from potok.store.protocol import Store
from tests.scheduler.scripted import ScriptedExecutor, chain_of, ended, serving, task, trigger


def test_log_folders_go_by_day_and_nothing_else_is_touched(tmp_path: Path) -> None:
    for name in ("2026-01-01", "2026-02-28", "2026-03-01", "notes"):
        (tmp_path / name).mkdir()
    now = datetime(2026, 3, 31, 12, tzinfo=UTC).timestamp()
    assert delete_old_logs(tmp_path, Keep(logs_days=30), now) == ["2026-01-01", "2026-02-28"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-03-01", "notes"]
    assert delete_old_logs(tmp_path, Keep(logs_days=0), now * 2) == []


async def test_results_of_deleted_runs_go_and_those_of_stored_runs_stay(store: Store, tmp_path: Path) -> None:
    async with serving(store, ScriptedExecutor(), chain_of("etl", "a"), home=tmp_path) as service:
        run_id = await trigger(service, "etl")
        await ended(service, run_id)
        for name in (run_id, "etl.gone"):
            (tmp_path / "results" / name / "a").mkdir(parents=True)
        assert delete_orphaned_results(tmp_path / "results", store) == ["etl.gone"]
        assert [path.name for path in (tmp_path / "results").iterdir()] == [run_id]
        assert store.bundles_in_use() == {"b1"}


async def test_the_servers_environment_goes_before_the_store_for_declared_names(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POTOK_CONN_MY_DB", "postgresql://u:p4ss@db:5432/app")
    monkeypatch.setenv("POTOK_VAR_LIMIT", "7")
    dag = chain_of("etl", "a")
    declared = type(dag)("etl", (task("a", connections=("my-db",), variables=("limit",)),), file="etl.py")
    executor = ScriptedExecutor(lambda call: None)
    async with serving(store, executor, declared, home=tmp_path) as service:
        await trigger(service, "etl")
        call = executor.calls[0]
        found = executor.requests(AskConnection(call.attempt_id, call.token, "my-db"))
        assert isinstance(found, GotConnection) and found.connection.password == "p4ss"
        assert executor.requests(AskVariable(call.attempt_id, call.token, "limit")) == GotVariable(7, True)
