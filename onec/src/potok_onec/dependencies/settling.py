"""Edges of a whole snapshot, object by object: resolved anew, or as before where nothing could lead them elsewhere."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct, msgpack
from msgspec.structs import astuple

from potok_onec.configuration import Portion
from potok_onec.dependencies.asking import AskedIndex
from potok_onec.dependencies.edge import Edge, Loose
from potok_onec.dependencies.facts import facts
from potok_onec.dependencies.index import Entry, Index, entry_of
from potok_onec.dependencies.resolving import Resolution, resolve
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.questions import Question
from potok_onec.pipeline.snapshot import Snapshot


class _Settled(Struct, frozen=True, array_like=True):
    """Of one portion. Edges and loose ends as the values of their fields."""

    questions: list[Question]
    answers: bytes
    edges: list[tuple[Any, ...]]
    loose: list[tuple[Any, ...]]


class Settler:
    """Two passes over a snapshot: who is there, then who is meant. `reread` are modules that were resolved anew."""

    def __init__(self, snapshot: Snapshot, parts: Parts) -> None:
        self._snapshot = snapshot
        self._parts = parts
        self._portions = msgpack.Decoder(Portion)
        self.index = Index(snapshot.projects)
        self.reread = 0

    def resolutions(self) -> Iterator[Resolution]:
        modules = [self._take(entries) for entries in self._entries()]
        asked = AskedIndex(self.index)
        decoder = msgpack.Decoder(_Settled)
        for frame, amount in zip(self._snapshot.frames(), modules, strict=True):
            key = self._parts.key("edges", frame)
            body = self._parts.find(key)
            settled = decoder.decode(body) if body is not None else None
            if body is None or settled is None or asked.questions.answers(settled.questions) != settled.answers:
                settled = self._settle(asked, self._portions.decode(frame))
                self.reread += amount
                body = msgpack.encode(settled)
            self._parts.keep(key, body)
            yield from (Edge(*values) for values in settled.edges)
            yield from (Loose(*values) for values in settled.loose)

    def _entries(self) -> Iterator[list[Entry]]:
        decoder = msgpack.Decoder(list[Entry])
        for frame in self._snapshot.frames():
            key = self._parts.key("entries", frame)
            body = self._parts.find(key)
            if body is None:
                body = msgpack.encode([entry_of(item) for item in self._portions.decode(frame).objects])
            self._parts.keep(key, body)
            yield decoder.decode(body)

    def _take(self, entries: list[Entry]) -> int:
        for entry in entries:
            self.index.take(entry)
        return sum(len(entry.modules) for entry in entries)

    def _settle(self, asked: AskedIndex, portion: Portion) -> _Settled:
        edges: list[tuple[Any, ...]] = []
        loose: list[tuple[Any, ...]] = []
        for item in portion.objects:
            # a query that joins a table twice, an owner named by two properties of one line: one edge
            found = dict.fromkeys(each for fact in facts(item) for each in resolve(asked, item.project, fact))
            for one in found:
                (edges if isinstance(one, Edge) else loose).append(astuple(one))
        questions = asked.questions.asked()
        return _Settled(questions, asked.questions.answers(questions), edges, loose)
