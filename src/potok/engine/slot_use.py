"""How busy the slots were, in buckets of five minutes, from the turns alone: every change happens in one. Pure."""

from __future__ import annotations

import msgspec

BUCKET_S = 300.0
# after a longer gap than two days only the end of it is told
_BUCKETS_MAX = 576


class SlotUse(msgspec.Struct, frozen=True):
    """Slot-seconds in the bucket that begins at `at`, and the most slots that were busy at one time."""

    at: float
    busy_s: float
    peak: int


class SlotMeter:
    """Told at each turn how many attempts run from now on; hands out the buckets that are full."""

    __slots__ = ("_busy_s", "_last", "_peak", "_running")

    def __init__(self) -> None:
        self._last: float | None = None
        self._running = 0
        self._busy_s = 0.0
        self._peak = 0

    def moved(self, running: int, now: float) -> list[SlotUse]:
        """Full buckets since the last call, empty ones left out. A clock that went back begins anew."""
        if self._last is None or now < self._last:
            self._last, self._running, self._busy_s, self._peak = now, running, 0.0, running
            return []
        full = self._advance(now)
        self._running = running
        self._peak = max(self._peak, running)
        return full

    def so_far(self, now: float) -> SlotUse | None:
        """The bucket that is not full yet; None when nothing ran in it."""
        if self._last is None or now < self._last or _bucket(now) != _bucket(self._last):
            return None
        busy_s = self._busy_s + self._running * (now - self._last)
        return SlotUse(_bucket(now), busy_s, self._peak) if busy_s else None

    def _advance(self, now: float) -> list[SlotUse]:
        assert self._last is not None
        full: list[SlotUse] = []
        start = max(_bucket(self._last), _bucket(now) - _BUCKETS_MAX * BUCKET_S)
        at = max(self._last, start)
        while start + BUCKET_S <= now:
            end = start + BUCKET_S
            busy_s = self._busy_s + self._running * (end - at)
            if busy_s:
                full.append(SlotUse(start, busy_s, max(self._peak, self._running)))
            self._busy_s, self._peak, start, at = 0.0, self._running, end, end
            if not self._running:
                start = at = _bucket(now)
        self._busy_s += self._running * (now - at)
        self._last = now
        return full


def _bucket(at: float) -> float:
    return at - at % BUCKET_S
