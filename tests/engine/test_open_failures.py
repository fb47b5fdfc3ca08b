"""A failure is open until a newer run of its DAG succeeds; equal errors are one thing."""

from potok.engine.open_failures import (
    RUNS_MAX,
    SIGNATURES_MAX,
    Open,
    OpenFailure,
    changes,
    failed,
    forgotten,
    signature_of,
    succeeded,
)
from potok.model.run import ErrorInfo


def one(run_key: int, signature: str = "s", position: int | None = 0) -> OpenFailure:
    return OpenFailure(signature, (run_key,), position, float(run_key))


def opened(*found: OpenFailure) -> Open:
    known: Open = {}
    for failure in found:
        known = failed(known, failure)
    return known


def test_equal_errors_are_counted_together_and_the_newest_is_shown() -> None:
    known = opened(one(1), one(2), one(3, "t"), one(5, position=4))
    assert known["s"].run_keys == (1, 2, 5)
    assert (known["s"].run_key, known["s"].at, known["s"].position) == (5, 5.0, 4)
    assert known["t"].run_keys == (3,)


def test_an_older_run_that_fails_late_does_not_take_the_place_of_the_newest() -> None:
    known = opened(one(5, position=4), one(2))
    assert (known["s"].run_keys, known["s"].position, known["s"].at) == ((2, 5), 4, 5.0)


def test_a_success_closes_what_failed_before_it_and_nothing_after_it() -> None:
    known = succeeded(opened(one(1), one(4), one(2, "t")), 3)
    assert {mark: failure.run_keys for mark, failure in known.items()} == {"s": (4,)}
    assert succeeded(known, 4) == {}


def test_a_run_that_fails_again_is_counted_once_even_with_another_error() -> None:
    assert opened(one(1), one(1))["s"].run_keys == (1,)
    assert set(opened(one(1), one(1, "t"))) == {"t"}


def test_a_cancelled_run_needs_nobody() -> None:
    known = forgotten(opened(one(1), one(2, position=7)), 2)
    assert (known["s"].run_keys, known["s"].position) == ((1,), None)


def test_what_is_kept_is_bounded() -> None:
    many = opened(*(one(key) for key in range(1, RUNS_MAX + 10)))
    assert len(many["s"].run_keys) == RUNS_MAX
    varied = opened(*(one(key, str(key)) for key in range(1, SIGNATURES_MAX + 5)))
    assert len(varied) == SIGNATURES_MAX
    assert "1" not in varied


def test_changes_tell_what_to_write_and_what_is_gone() -> None:
    before, after = opened(one(1), one(2, "t")), opened(one(1), one(3, "u"))
    written, gone = changes(before, after)
    assert [failure.signature for failure in written] == ["u"]
    assert gone == ["t"]


def test_the_signature_leaves_out_what_differs_each_time() -> None:
    def of(message: str, task_id: str = "a") -> str:
        return signature_of(task_id, ErrorInfo("ValueError", message), "failed")

    assert of("row 17 of /tmp/x/a.csv") == of("row 4 of /tmp/y/b.csv")
    assert of("bad") != of("worse")
    assert of("bad") != of("bad", "b")
    assert signature_of("a", None, "timeout") != signature_of("a", None, "poison")
