"""The DAG whose body runs now. Import time is single-threaded, so a plain list will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from potok.authoring.graph import Graph

_open: list[Graph] = []


def graph() -> Graph | None:
    """The innermost open DAG; None outside any."""
    return _open[-1] if _open else None


def enter(opened: Graph) -> None:
    _open.append(opened)


def leave(opened: Graph) -> None:
    assert _open[-1] is opened
    _open.pop()
