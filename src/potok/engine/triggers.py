"""When an event starts a run: what is seen is compared with what was, and several events before a run are one.

Pure: no I/O, no clock.
"""

from __future__ import annotations

import msgspec

from potok.model.trigger import Event, Mark, Sighting


def sight(mark: Mark | None, seen: Sighting, now: float) -> Mark:
    """The mark after the sighting.

    What is there when a trigger is new starts nothing; what was not there then is news when it comes. A thing that is
    back where it was is no news any more.
    """
    if mark is None:
        return troubled(Mark(seen.state or "", None if seen.state is None else now), seen.trouble, now)
    mark = troubled(mark, seen.trouble, now)
    if seen.state is None:
        return mark
    if seen.state == mark.state:
        return msgspec.structs.replace(mark, waiting=None)
    if mark.waiting is not None and mark.waiting.state == seen.state:
        return mark
    return msgspec.structs.replace(mark, waiting=_merged(mark.waiting, seen), seen_at=now)


def troubled(mark: Mark, trouble: str, now: float) -> Mark:
    """The mark with that trouble, or with none; it counts from when it was first told."""
    if trouble == mark.trouble:
        return mark
    return msgspec.structs.replace(mark, trouble=trouble, trouble_at=now if trouble else None)


def due(mark: Mark, *, is_paused: bool, is_queued: bool) -> Event | None:
    """The event to start a run for now. One run of the trigger waits in the queue at most: it takes the newest."""
    if mark.waiting is None or is_paused or is_queued:
        return None
    return mark.waiting.event


def started(mark: Mark, run_id: str, now: float) -> Mark:
    """The mark once a run was created for what waited."""
    assert mark.waiting is not None
    return Mark(mark.waiting.state or "", mark.seen_at, None, run_id, now, mark.trouble, mark.trouble_at)


def refused(mark: Mark, why: str) -> Mark:
    """The mark once it was found that what waited can start no run: trying again would end the same way."""
    assert mark.waiting is not None
    return msgspec.structs.replace(mark, state=mark.waiting.state or "", waiting=None, refused=why)


def _merged(earlier: Sighting | None, later: Sighting) -> Sighting:
    """Of two pushes to one branch only the later starts a run: it begins where the earlier one did."""
    if earlier is None or earlier.event is None or later.event is None or later.event.kind != "push":
        return later
    one, two = earlier.event, later.event
    if (one.repository, one.ref) != (two.repository, two.ref):
        return later
    files = tuple(dict.fromkeys((*one.files, *two.files))) if one.files and two.files else ()
    event = msgspec.structs.replace(two, before=one.before, files=files, files_count=len(files))
    return msgspec.structs.replace(later, event=event)
