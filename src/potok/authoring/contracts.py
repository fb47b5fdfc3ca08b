"""What a task promises of its result: its return annotation and its checks. Judges values; changes none."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import numbers
import typing
import uuid
from collections.abc import Callable, Iterable
from pathlib import PurePath
from types import UnionType

import msgspec

from potok.authoring.checks import Verdict, between, columns, no_nulls, not_empty, rows
from potok.authoring.files import Files
from potok.authoring.options import check_name
from potok.authoring.params import type_hints
from potok.model.errors import PotokError
from potok.model.run import CheckResult

__all__ = [
    "ContractError", "accept_argument", "between", "columns", "no_nulls", "not_empty", "return_annotation", "rows",
    "run_checks", "validate_result",
]  # fmt: skip

T = typing.TypeVar("T")
_ANYTHING = (object, typing.Any)
_VERDICTS_MAX = 200
_TRUTHS: tuple[type, ...] = (bool,)
# Ours or made from text: what is not one of them is refused, where a class that we do not know is left alone.
_MADE_FROM_TEXT = (
    Files,
    enum.Enum,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    uuid.UUID,
    decimal.Decimal,
    PurePath,
)


class ContractError(PotokError, ValueError):
    """A value is not what the function declares."""


def return_annotation(function: Callable[..., object]) -> object:
    """The declared type of the result; None when nothing is declared (`-> None` is NoneType)."""
    return type_hints(function).get("return")


def validate_result(value: T, annotation: object) -> T:
    """`value` itself when it is what `annotation` says; raises ContractError with what was found.

    What no JSON type describes (a data frame, a class of the author) is compared by isinstance.
    """
    problem = _problem(value, annotation)
    if problem is None:
        return value
    raise ContractError(f"the result is not the {_shown(annotation)} that the function declares: {problem}")


def accept_argument(value: object, annotation: object) -> object:
    """JSON-shaped `value` as the dataclass, Struct, pydantic model, enum, date or path that a parameter declares.

    Anything else passes untouched: annotations of plain types are promises, not conversions. Raises ContractError.
    """
    if isinstance(annotation, type) and isinstance(value, annotation):
        return value
    makes, has_strangers = _converts(annotation)
    if not makes:
        return value
    try:
        return msgspec.convert(value, annotation, dec_hook=_make)
    except (msgspec.ValidationError, TypeError, ValueError) as error:
        if has_strangers:
            return value
        raise ContractError(f"{_shown(annotation)} expected: {_told(error)}") from None


def run_checks(value: object, checks: Iterable[Callable[..., object]]) -> list[CheckResult]:
    """Every check's verdict, in order. A check that raises has not held; none stops the others.

    A plain function holds by returning None or True; it fails by False, by a text that says why, or by raising. One
    that returns a list of Verdicts judges several things, each a result of its own.
    """
    return [found for check in checks for found in _checked(value, check)]


def _checked(value: object, check: Callable[..., object]) -> list[CheckResult]:
    name = check_name(check)
    try:
        answer = check(value)
    except Exception as error:
        told = str(error) or type(error).__name__
        said = told if isinstance(error, AssertionError | ValueError) else f"{type(error).__name__}: {told}"
        return [CheckResult(name, False, said)]
    if isinstance(answer, list):
        return _several(name, answer)
    return [_judged(name, answer)]


def _several(name: str, verdicts: list[object]) -> list[CheckResult]:
    if not verdicts:
        return [CheckResult(name, False, "it judged nothing")]
    if len(verdicts) > _VERDICTS_MAX:
        return [
            CheckResult(name, False, f"it gave {len(verdicts):,} verdicts, of which at most {_VERDICTS_MAX} are kept")
        ]
    return [_judged(name, verdict) for verdict in verdicts]


def _judged(name: str, answer: object) -> CheckResult:
    if isinstance(answer, Verdict):
        return CheckResult(answer.name or name, answer.ok, answer.detail, answer.wanted)
    if isinstance(answer, str):
        return CheckResult(name, not answer, answer)
    if answer is None or (not isinstance(answer, bool) and _is_true(answer)) or answer is True:
        return CheckResult(name, True)
    return CheckResult(name, False, "it does not hold")


def _is_true(answer: object) -> bool:
    try:
        return bool(answer)
    except (TypeError, ValueError):
        return False


def _problem(value: object, annotation: object) -> str | None:
    """What is wrong with `value`, or None."""
    if annotation in _ANYTHING or isinstance(annotation, typing.TypeVar | str):
        return None
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, UnionType):
        problems = [_problem(value, each) for each in typing.get_args(annotation)]
        return None if any(problem is None for problem in problems) else f"it is {_found(value)}"
    if annotation is None or annotation is type(None):
        return None if value is None else f"it is {_found(value)}"
    if isinstance(annotation, type) and origin is None:
        return _class_problem(value, annotation)
    try:
        msgspec.convert(value, annotation, dec_hook=_as_it_is)
    except msgspec.ValidationError as error:
        return _told(error)
    except TypeError:
        outer = origin if isinstance(origin, type) else None
        return None if outer is None or isinstance(value, outer) else f"it is {_found(value)}"
    return None


def _class_problem(value: object, kind: type) -> str | None:
    if typing.is_typeddict(kind):
        return _shape_problem(value, kind)
    if kind in (int, float):
        wanted = numbers.Integral if kind is int else numbers.Real
        fits = isinstance(value, wanted) and not isinstance(value, _TRUTHS)
        return None if fits else f"it is {_found(value)}"
    if isinstance(value, kind):
        return None
    if isinstance(value, dict) and _is_record(kind):
        return _shape_problem(value, kind)
    return f"it is {_found(value)}"


def _shape_problem(value: object, kind: type) -> str | None:
    try:
        if hasattr(kind, "model_validate"):
            kind.model_validate(value)
        else:
            msgspec.convert(value, kind, dec_hook=_make)
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        return _told(error)
    return None


def _is_record(kind: type) -> bool:
    return dataclasses.is_dataclass(kind) or issubclass(kind, msgspec.Struct) or hasattr(kind, "model_validate")


def _converts(annotation: object) -> tuple[bool, bool]:
    """Whether something inside is made from JSON by conversion, and whether something is a class we do not know."""
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is typing.Literal:
        return False, False
    if arguments:
        inner = [_converts(each) for each in arguments]
        return any(makes for makes, _ in inner), any(strange for _, strange in inner)
    if not isinstance(annotation, type) or annotation in (
        object,
        str,
        int,
        float,
        bool,
        type(None),
        list,
        dict,
        tuple,
        set,
    ):
        return False, False
    if _is_record(annotation) or issubclass(annotation, _MADE_FROM_TEXT) or typing.is_typeddict(annotation):
        return True, False
    return (True, False) if hasattr(annotation, "_fields") and issubclass(annotation, tuple) else (False, True)


def _make(kind: type, value: object) -> object:
    if isinstance(value, kind):
        return value
    if hasattr(kind, "model_validate"):
        return kind.model_validate(value)
    if issubclass(kind, PurePath) and isinstance(value, str):
        return kind(value)
    return value


def _as_it_is(kind: type, value: object) -> object:
    """Classes that JSON does not know: the converter itself compares the class then."""
    return _make(kind, value) if hasattr(kind, "model_validate") else value


def _told(error: Exception) -> str:
    first = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"{first[:1].lower()}{first[1:]}".replace("`", "'").replace("'$", "'result")


def _found(value: object) -> str:
    if value is None:
        return "None"
    text = repr(value)
    return f"{text} ({type(value).__name__})" if len(text) <= 60 else f"of type {type(value).__name__}"


def _shown(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) and not typing.get_args(annotation) else str(annotation)
