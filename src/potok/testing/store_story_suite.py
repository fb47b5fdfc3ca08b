"""What every store must hold for the page of a run: neighbours, spans, errors, environments, edited params.

A part of `store_suite.StoreSuite`; kept apart only for its length.
"""

from __future__ import annotations

import msgspec
import pytest

from potok.model.result_files import FilesRecord
from potok.model.run import ErrorInfo, TriggerKind, Usage
from potok.model.state import RunState, TaskState
from potok.model.trigger import Event, Mark, Sighting
from potok.store.protocol import Store
from potok.store.rows import AuditRow, EnvironmentRow, NewRun, ParamsEditRow, RunRow, TriggerMarkRow
from potok.testing.store_rows import T0, Writer, a_result, a_run, a_run_update, a_task, an_attempt


def an_environment(seen_at: float, digest: str) -> EnvironmentRow:
    return EnvironmentRow(seen_at, digest, "3.11.9", "linux", {"numpy": digest})


class StoreStorySuite:
    """Rows in, rows out."""

    __test__ = False

    @pytest.fixture
    def store(self) -> Store:
        """An empty store of the test's own, upgraded."""
        raise NotImplementedError

    @pytest.fixture
    def writer(self, store: Store) -> Writer:
        raise NotImplementedError

    def test_the_runs_around_a_run_are_of_its_dag_and_the_nearest_come_first(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(key, dag_id="other" if key == 3 else "etl") for key in range(1, 8)])
        before, after = writer.store.runs_around("etl", 4, 2, 2)
        assert [row.record.run_key for row in before] == [2, 1]
        assert [row.record.run_key for row in after] == [5, 6]
        assert writer.store.runs_around("etl", 7, 0, 5) == ([], [])

    def test_a_run_keeps_the_event_that_started_it(self, writer: Writer) -> None:
        event = Event("commit", T0, "/srv/erp", "1a2b", "0f0e", "main", "refs/heads/main")
        plain = a_run(1)
        record = msgspec.structs.replace(plain.row.record, trigger=TriggerKind.COMMIT, event=event)
        writer.commit(runs_new=[NewRun(RunRow(record, plain.row.counts), plain.tasks), a_run(2)])
        found = {row.record.run_key: row.record for row in writer.store.list_runs(limit=9)[0]}
        assert (found[1].trigger, found[1].event, found[2].event) == (TriggerKind.COMMIT, event, None)

    def test_the_mark_of_a_trigger_is_replaced_and_goes_with_it(self, writer: Writer) -> None:
        waiting = Sighting("3c4d", Event("commit", T0, commit="3c4d"))
        first = TriggerMarkRow("etl", "commit erp", Mark("1a2b", T0, waiting, "etl__1", T0 + 1))
        other = TriggerMarkRow("other", "change in", Mark(trouble="the folder in is not there"))
        writer.commit(trigger_marks=[first, other])
        assert writer.store.trigger_marks() == [first, other]
        later = TriggerMarkRow("etl", "commit erp", Mark("3c4d", T0 + 2))
        writer.commit(trigger_marks=[first, later])
        assert writer.store.trigger_marks("etl") == [later]
        writer.commit(trigger_marks_gone=[("etl", "commit erp")])
        assert writer.store.trigger_marks() == [other]

    def test_good_runs_before_a_run_are_successful_and_newest_first(self, writer: Writer) -> None:
        states = [RunState.SUCCESS, RunState.FAILED, RunState.SUCCESS, RunState.SUCCESS]
        writer.commit(runs_new=[a_run(at + 1, state=state) for at, state in enumerate(states)])
        assert [row.record.run_key for row in writer.store.good_runs_before("etl", 4, 5)] == [3, 1]
        assert [row.record.run_key for row in writer.store.good_runs_before("etl", 4, 1)] == [3]

    def test_good_spans_tell_successful_tasks_that_took_time(self, writer: Writer) -> None:
        took = {"started_at": T0, "ended_at": T0 + 5}
        good = [a_task(1, 0, TaskState.SUCCESS, **took), a_task(1, 2, TaskState.SUCCESS), a_task(1, 3)]
        writer.commit(runs_new=[a_run(1, tasks=4)])
        writer.commit(tasks=[*good, a_task(1, 1, TaskState.FAILED, **took)])
        assert writer.store.good_spans(1, 10) == [("step_0", T0, T0 + 5)]

    def test_attempt_spans_are_paged_by_position_then_attempt(self, writer: Writer) -> None:
        error = ErrorInfo("ValueError", "bad")
        rows = [an_attempt(number, 1, position) for number, position in ((1, 0), (2, 1), (3, 0))]
        writer.commit(runs_new=[a_run(1)], attempts_new=rows)
        ended = an_attempt(
            3, 1, 0, outcome="failed", queued_at=T0 + 1, started_at=T0 + 2, ended_at=T0 + 4, exit_code=1, oom=True,
            usage=Usage(0.5, 0.25, 33.0), error=error,
        )  # fmt: skip
        writer.commit(attempts_ended=[ended])
        first = writer.store.attempt_spans(1, 2)
        assert [(row.position, row.attempt_id) for row in first] == [(0, 1), (0, 3)]
        span = first[1]
        assert (span.queued_at, span.started_at, span.ended_at) == (T0 + 1, T0 + 2, T0 + 4)
        assert (span.outcome, span.exit_code, span.oom, span.error) == ("failed", 1, True, error)
        assert span.usage == Usage(0.5, 0.25, 33.0)
        assert [row.attempt_id for row in writer.store.attempt_spans(1, 9, (0, 3))] == [2]

    def test_errors_of_runs_are_the_newest_ones_of_each(self, writer: Writer) -> None:
        failed = [
            an_attempt(number, key, 0, outcome="failed", error=ErrorInfo("ValueError", f"bad {number}"))
            for number, key in ((1, 1), (2, 1), (3, 1), (4, 2))
        ]
        writer.commit(runs_new=[a_run(1), a_run(2), a_run(3)], attempts_new=[*failed, an_attempt(5, 3)])
        found = writer.store.errors_of_runs([1, 2, 3], 2)
        assert [row.error.message for row in found[1]] == ["bad 3", "bad 2"]
        assert [(row.task_id, row.attempt_id) for row in found[2]] == [("step_0", 4)]
        assert found[3] == []

    def test_a_result_is_found_by_its_position(self, writer: Writer) -> None:
        result = a_result(1, data=b'{"rows":7}')
        writer.commit(runs_new=[a_run(1)], results=[result])
        assert writer.store.result_at(1, result.position) == result
        assert writer.store.result_at(1, 99) is None

    def test_the_files_that_results_of_a_run_name_are_found(self, writer: Writer) -> None:
        site = FilesRecord("/srv/site", "/srv/site-1a2b", "index.html", "Сайт", 12, 3456, True, "ab.cd")
        named = a_result(1, 2, files=(site, FilesRecord("/srv/x.csv", "/srv/x.csv", is_folder=False)))
        writer.commit(
            runs_new=[a_run(1, tasks=3), a_run(2)], results=[a_result(1, 0), named, a_result(2, files=(site,))]
        )
        assert writer.store.result_at(1, 2) == named
        [found] = writer.store.files_of_run(1, 9)
        assert (found.position, found.task_id, found.attempt_id, found.files) == (2, "step_2", 1, named.files)
        assert writer.store.files_of_run(1, 0) == []
        writer.commit(results=[a_result(1, 2)])
        assert writer.store.files_of_run(1, 9) == [] and writer.store.files_of_run(7, 9) == []

    def test_only_a_change_of_the_environment_is_kept_and_found_by_time(self, store: Store) -> None:
        assert store.environment_at(T0) is None
        assert store.note_environment(an_environment(T0, "a"))
        assert not store.note_environment(an_environment(T0 + 1, "a"))
        assert store.note_environment(an_environment(T0 + 2, "b"))
        assert store.environment_at(T0 - 1) is None
        assert store.environment_at(T0 + 1.5) == an_environment(T0, "a")
        assert store.environment_at(T0 + 9) == an_environment(T0 + 2, "b")

    def test_settings_that_changed_are_found_by_time(self, writer: Writer) -> None:
        actions = ("set variable", "trigger", "delete pool", "set connection")
        writer.commit(audit=[AuditRow(T0 + at, "ann", action, f"s{at}") for at, action in enumerate(actions)])
        found = writer.store.settings_changed(T0, T0 + 3, 9)
        assert [(row.action, row.subject) for row in found] == [("set connection", "s3"), ("delete pool", "s2")]
        assert len(writer.store.settings_changed(T0 - 1, T0 + 9, 2)) == 2

    def test_edited_params_replace_those_of_the_run_and_go_with_it(self, writer: Writer) -> None:
        writer.commit(runs_new=[a_run(1)])
        edit = ParamsEditRow(1, T0 + 3, "ann", {"days": 7}, {"days": 3})
        writer.commit(params_edits=[edit], runs=[a_run_update(1, a_run(1).row.counts, RunState.FAILED)])
        run = writer.store.run("etl__1")
        assert run is not None and run.record.params == {"days": 3}
        assert writer.store.params_edits(1) == [edit]
        writer.store.delete_runs_before(T0 + 10**6, 1.0)
        assert writer.store.params_edits(1) == []
