"""`Retry(...)` as authors write it. Makes the model's policy; decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from potok.authoring.location import user_location
from potok.model.duration import Duration, seconds
from potok.model.errors import DagError, InvalidError
from potok.model.retry import Retry as RetryPolicy

ExceptionName = type[BaseException] | str


def Retry(  # noqa: N802 - it reads as the value it makes
    retries: int = 3,
    *,
    delay: Duration = 0,
    backoff: float = 1.0,
    max_delay: Duration = "1d",
    jitter: float = 0.0,
    on: Sequence[ExceptionName] | ExceptionName = (),
    never: Sequence[ExceptionName] | ExceptionName = (),
) -> RetryPolicy:
    """Try again up to `retries` times after the first attempt.

    `delay`, times `backoff` with each further retry and never above `max_delay`, is waited and spread by ± `jitter`
    (a share, 0 to 1). `on` and `never` are exception classes or names; `never` wins; an empty `on` means any.
    Raises DagError with the line of the call.
    """
    if type(retries) is not int or retries < 0:
        raise _wrong(f"Retry takes a whole number of retries, zero or more, not {retries!r}")
    if not _is_number(backoff) or backoff < 1:
        raise _wrong(f"backoff multiplies the delay and is 1 or more, not {backoff!r}")
    if not _is_number(jitter) or not 0 <= jitter <= 1:
        raise _wrong(f"jitter is a share of the delay from 0 to 1, not {jitter!r}")
    return RetryPolicy(
        retries=retries,
        delay_s=_length(delay, "delay"),
        backoff=float(backoff),
        max_delay_s=_length(max_delay, "max_delay"),
        jitter=float(jitter),
        on=_names(on, "on"),
        never=_names(never, "never"),
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _length(value: Duration, name: str) -> float:
    try:
        return seconds(value)
    except (InvalidError, AttributeError) as error:
        told = str(error) if isinstance(error, InvalidError) else f"{value!r} is not a duration"
        raise _wrong(f"{name} of Retry: {told}") from None


def _names(given: Sequence[ExceptionName] | ExceptionName, option: str) -> tuple[str, ...]:
    several = given if isinstance(given, list | tuple | set | frozenset) else (given,)
    return tuple(_name(each, option) for each in several)


def _name(given: object, option: str) -> str:
    if isinstance(given, str) and given:
        known = _imported(given)
        return exception_name(known) if known is not None else given
    if isinstance(given, type) and issubclass(given, BaseException):
        return exception_name(given)
    raise _wrong(f"{option} of Retry names exceptions (a class or 'package.Error'), not {given!r}")


def exception_name(kind: type[BaseException]) -> str:
    """`ValueError` for a builtin, `module.Class` for any other: what an attempt's error is compared with."""
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _imported(name: str) -> type[BaseException] | None:
    """The class behind `requests.Timeout` (truly `requests.exceptions.Timeout`) when its package is imported."""
    package, _, attribute = name.rpartition(".")
    found = getattr(sys.modules.get(package), attribute, None) if package else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def _wrong(message: str) -> DagError:
    return DagError(message, location=user_location() or None)
