"""`chain` and `cross_downstream`: order for many tasks at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from potok.authoring.location import user_location
from potok.authoring.step import link
from potok.model.errors import DagError


def chain(*parts: object) -> None:
    """Each part stands before the next; two lists in a row have the same length and are joined pair by pair."""
    for above, below in itertools.pairwise(parts):
        if isinstance(above, list | tuple) and isinstance(below, list | tuple):
            if len(above) != len(below):
                raise DagError(
                    f"chain joins lists pair by pair, but one has {len(above)} tasks and the next {len(below)}; "
                    "use cross_downstream to put all before all",
                    location=user_location(),
                )
            for one, other in zip(above, below, strict=True):
                link(one, other)
        else:
            link(above, below)


def cross_downstream(from_tasks: Sequence[object], to_tasks: Sequence[object]) -> None:
    """All of `from_tasks` stand before all of `to_tasks`."""
    link(list(from_tasks), list(to_tasks))
