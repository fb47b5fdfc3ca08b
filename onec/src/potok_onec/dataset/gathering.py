"""First pass: every method of a snapshot becomes a row on a heap beside, its sketch stays in memory."""

from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field, msgpack

from potok_onec.configuration import Portion
from potok_onec.dataset.row import Row, Split
from potok_onec.dataset.similarity import Groups, Sketches
from potok_onec.dataset.specimens import Collector, Lot, Specimen
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.snapshot import Snapshot, unpacked

_LENGTH_BYTES: Final = 4


class Gathered(Struct):
    """In the order of the rows. `exact` numbers the first method with the same body, `long` tells of its length.

    `reread` are modules that were looked at anew, not taken from the last run.
    """

    digests: list[bytes] = field(default_factory=list)
    exact: list[int] = field(default_factory=list)
    is_long: list[bool] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    modules: int = 0
    reread: int = 0
    cut_duplicates: int = 0

    @property
    def long_duplicates(self) -> int:
        """Bodies that would go if every long one were kept once."""
        return sum(each != at for at, each in enumerate(self.exact) if self.is_long[at])


class Gatherer:
    """Takes portions with the texts of their modules, or what the last run made of the same."""

    def __init__(self, parts: Parts, heap: BinaryIO) -> None:
        self.gathered = Gathered()
        self._parts = parts
        self._heap = heap
        self._collector = Collector()
        self._first: dict[bytes, int] = {}
        self._cut: set[bytes] = set()
        self._sketches = Sketches()

    def take(self, snapshot: Snapshot) -> None:
        decoder = msgpack.Decoder(Lot)
        portions = msgpack.Decoder(Portion)
        for frame, packed in zip(snapshot.frames(), snapshot.text_frames(), strict=True):
            key = self._parts.key("lot", frame, packed)
            body = self._parts.find(key)
            if body is None:
                lot = self._collector.lot(portions.decode(frame), unpacked(packed))
                self.gathered.reread += lot.modules
                body = msgpack.encode(lot)
            else:
                lot = decoder.decode(body)
            self._parts.keep(key, body)
            self.gathered.modules += lot.modules
            for specimen in lot.specimens:
                self._take(specimen)

    def groups(self) -> Groups:
        """Exact duplicates and what is like them."""
        found = Groups(len(self.gathered.exact))
        for at, first in enumerate(self.gathered.exact):
            if at != first:
                found.join(at, first)
        self._sketches.join_similar(found)
        return found

    def _take(self, specimen: Specimen) -> None:
        found = self.gathered
        at = len(found.digests)
        first = self._first.setdefault(specimen.digest, at)
        found.digests.append(specimen.digest)
        found.exact.append(first)
        found.is_long.append(specimen.is_long)
        found.splits.append(specimen.split)
        if first == at and specimen.sketch:
            self._sketches.add(at, array("I", specimen.sketch))
        if specimen.cut:
            found.cut_duplicates += specimen.cut in self._cut
            self._cut.add(specimen.cut)
        _put(self._heap, specimen.row)


def _put(heap: BinaryIO, body: bytes) -> None:
    heap.write(len(body).to_bytes(_LENGTH_BYTES, "little"))
    heap.write(body)


def heaped(path: Path) -> Iterator[Row]:
    decoder = msgpack.Decoder(Row)
    with path.open("rb") as heap:
        while head := heap.read(_LENGTH_BYTES):
            yield decoder.decode(heap.read(int.from_bytes(head, "little")))
