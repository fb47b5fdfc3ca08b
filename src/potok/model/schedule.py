"""When a DAG runs by itself: cron, interval, or never; with its zone, bounds and overlap policy."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Overlap(StrEnum):
    """What happens when a run is due while `max_active_runs` are still active."""

    QUEUE = "queue"
    SKIP = "skip"
    CANCEL = "cancel"


class Cron(msgspec.Struct, frozen=True, tag="cron"):
    """Five-field cron (`expression`), presets already spelled out. Fires by the wall clock of the schedule's zone."""

    expression: str


class Interval(msgspec.Struct, frozen=True, tag="interval"):
    """Every `every_s` seconds of elapsed time, counted from `start` or else from the Unix epoch."""

    every_s: float


class Once(msgspec.Struct, frozen=True, tag="once"):
    """One run, at `start` (or as soon as the DAG is seen)."""


Timetable = Cron | Interval | Once


class Schedule(msgspec.Struct, frozen=True, omit_defaults=True):
    """`start`, `end`: seconds since the epoch, both inclusive. `text` is what the author wrote."""

    timetable: Timetable
    text: str
    tz: str = "UTC"
    start: float | None = None
    end: float | None = None
    catchup: bool = False
    overlap: Overlap = Overlap.QUEUE
