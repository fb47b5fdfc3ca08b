"""Which sightings become runs, and which of several becomes the one."""

from hypothesis import given
from hypothesis import strategies as st

from potok.engine.triggers import due, refused, sight, started
from potok.model.trigger import Event, Mark, Sighting


def seen(commit: str) -> Sighting:
    return Sighting(commit, Event("commit", 0.0, commit=commit))


def pushed(delivery: str, before: str, commit: str, *files: str, ref: str = "refs/heads/main") -> Sighting:
    event = Event("push", 0.0, commit=commit, before=before, ref=ref, files=files, files_count=len(files))
    return Sighting(delivery, event)


def free(mark: Mark) -> Event | None:
    return due(mark, is_paused=False, is_queued=False)


def test_what_is_there_when_a_trigger_is_new_starts_nothing() -> None:
    mark = sight(None, seen("a"), 1.0)
    assert (mark.state, mark.seen_at, free(mark)) == ("a", 1.0, None)


def test_what_was_not_there_is_news_when_it_comes() -> None:
    mark = sight(None, Sighting(None, trouble="the folder erp is not there"), 1.0)
    assert (mark.trouble, mark.seen_at, free(mark)) == ("the folder erp is not there", None, None)
    mark = sight(mark, seen("a"), 2.0)
    event = free(mark)
    assert event is not None
    assert (mark.trouble, event.commit) == ("", "a")


def test_several_commits_before_a_run_are_one_run_for_the_newest() -> None:
    mark = sight(None, seen("a"), 1.0)
    for commit in "bcd":
        mark = sight(mark, seen(commit), 2.0)
        assert due(mark, is_paused=False, is_queued=True) is None
    event = free(mark)
    assert event is not None
    assert event.commit == "d"
    mark = started(mark, "run", 3.0)
    assert (mark.state, mark.run_id, mark.started_at, free(mark)) == ("d", "run", 3.0, None)


def test_a_paused_dag_takes_the_newest_commit_later() -> None:
    mark = sight(sight(sight(None, seen("a"), 1.0), seen("b"), 2.0), seen("c"), 3.0)
    assert due(mark, is_paused=True, is_queued=False) is None
    event = free(mark)
    assert event is not None
    assert event.commit == "c"


def test_back_where_it_was_is_no_news_any_more() -> None:
    mark = sight(sight(sight(None, seen("a"), 1.0), seen("b"), 2.0), seen("a"), 3.0)
    assert free(mark) is None


def test_a_return_to_an_older_commit_is_news_once_the_newer_one_had_its_run() -> None:
    mark = started(sight(sight(None, seen("a"), 1.0), seen("b"), 2.0), "run", 3.0)
    assert free(sight(mark, seen("a"), 4.0)) == seen("a").event


def test_trouble_loses_nothing_that_waits() -> None:
    mark = sight(sight(None, seen("a"), 1.0), seen("b"), 2.0)
    mark = sight(mark, Sighting(None, trouble="gone"), 3.0)
    assert (mark.trouble, free(mark)) == ("gone", seen("b").event)


def test_an_event_that_can_start_no_run_is_not_tried_for_ever() -> None:
    mark = refused(sight(sight(None, seen("a"), 1.0), seen("b"), 2.0), "param depth is missing")
    assert (mark.state, mark.refused, free(mark)) == ("b", "param depth is missing", None)
    assert sight(mark, seen("b"), 3.0) == mark
    assert started(sight(mark, seen("c"), 4.0), "run", 5.0).refused == ""


def test_two_pushes_to_one_branch_begin_where_the_first_did() -> None:
    mark = sight(Mark(), pushed("1", "a", "b", "x", "y"), 1.0)
    mark = sight(mark, pushed("2", "b", "c", "y", "z"), 2.0)
    event = free(mark)
    assert event is not None
    assert (event.before, event.commit, event.files, event.files_count) == ("a", "c", ("x", "y", "z"), 3)


def test_files_of_two_pushes_are_not_known_when_those_of_one_are_not() -> None:
    mark = sight(sight(Mark(), pushed("1", "a", "b"), 1.0), pushed("2", "b", "c", "z"), 2.0)
    event = free(mark)
    assert event is not None
    assert (event.files, event.files_count) == ((), 0)


def test_a_push_to_another_branch_takes_the_place_of_one_that_waits() -> None:
    mark = sight(Mark(), pushed("1", "a", "b"), 1.0)
    mark = sight(mark, pushed("2", "k", "l", ref="refs/heads/dev"), 2.0)
    event = free(mark)
    assert event is not None
    assert (event.before, event.commit) == ("k", "l")


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), max_size=30))
def test_at_rest_a_run_was_started_for_what_is_there(history: list[tuple[str, bool, bool]]) -> None:
    """However commits, pauses and queued runs fall together: no commit has two runs in a row, the last has one."""
    mark, runs = sight(None, seen("a"), 0.0), ["a"]
    for commit, is_paused, is_queued in [*history, (history[-1][0] if history else "a", False, False)]:
        mark = sight(mark, seen(commit), 1.0)
        event = due(mark, is_paused=is_paused, is_queued=is_queued)
        if event is not None:
            assert event.commit != runs[-1]
            runs.append(event.commit)
            mark = started(mark, str(len(runs)), 2.0)
    assert runs[-1] == mark.state == (history[-1][0] if history else "a")
    assert mark.waiting is None
