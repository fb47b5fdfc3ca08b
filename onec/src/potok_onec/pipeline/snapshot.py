"""Step 1: everything that later steps read, as it was at one moment: the tables, the model, the text of modules."""

import os
import time
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

from msgspec import Struct, json, msgpack

from potok_onec import bsl, output
from potok_onec.configuration import MetadataObject, Portion, Project, Reading, read
from potok_onec.overview import overview
from potok_onec.pipeline import seen
from potok_onec.pipeline.contract import Finding, at_least, equal, share
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.step import Inputs, Step
from potok_onec.tables import COLUMNS, rows_by_table

STEP: Final = Step("parse", (), ("bsl", "configuration"), "potok_onec.pipeline.snapshot:make")

_PORTIONS: Final = "portions.bin"
_TEXTS: Final = "texts.bin"
_HEAD: Final = "head.json"
_LENGTH_BYTES: Final = 4
# Text of modules is read again rarely: speed counts more than the last per cent.
_PACK_LEVEL: Final = 1


class Head(Struct, frozen=True):
    """What stands before the portions: the projects, and where the source was read."""

    source: str
    projects: tuple[Project, ...]


class Snapshot:
    """The output of step 1, read by all others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.head = json.decode((folder / _HEAD).read_bytes(), type=Head)

    @property
    def projects(self) -> tuple[Project, ...]:
        return self.head.projects

    def frames(self) -> Iterator[bytes]:
        """Portions as they are written: what each part of a later step is made of."""
        return _frames(self.folder / _PORTIONS)

    def text_frames(self) -> Iterator[bytes]:
        """Of each portion, in the same order, the texts of its modules as they are written."""
        return _frames(self.folder / _TEXTS)

    def portions(self) -> Iterator[Portion]:
        decoder = msgpack.Decoder(Portion)
        for body in self.frames():
            yield decoder.decode(body)

    def objects(self) -> Iterator[MetadataObject]:
        for portion in self.portions():
            yield from portion.objects

    def texts(self) -> Iterator[tuple[str, str]]:
        """(file, text) of every module in the order of the objects; line breaks are as in the file."""
        for body in self.text_frames():
            yield from unpacked(body)


def unpacked(body: bytes) -> list[tuple[str, str]]:
    """The texts of one portion."""
    return msgpack.decode(zlib.decompress(body), type=list[tuple[str, str]])


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Read the source over its cache and write it down."""
    began = time.time()
    reading = read(inputs.source)
    before = seen.state_of(reading.root) if inputs.memory else None
    trust = seen.recall(inputs.memory, reading.root, inputs.since) if inputs.memory and inputs.since else None
    if trust is not None:
        reading.trust = trust
    writer = _Writer(reading.root, inputs.parts, began)
    with (
        (folder / _PORTIONS).open("wb") as portions,
        (folder / _TEXTS).open("wb") as texts,
        output.Tables(folder, COLUMNS, "parquet") as tables,
    ):
        for key, body in reading.encoded():
            part = writer.part(key, body)
            _frame(portions, body)
            _frame(texts, part.texts)
            for name, rows in part.rows.items():
                tables.add(name, rows)
    if inputs.memory:
        seen.remember(inputs.memory, reading.root, before, reading.keys)
    head = Head(inputs.source.name, tuple(reading.projects))
    (folder / _HEAD).write_bytes(json.encode(head))
    told = overview(reading.report, seconds=0.0)
    told.pop("peak_rss_mb")
    told.pop("cache")
    told["root"] = ""
    (folder / "report.json").write_bytes(json.format(json.encode(told), indent=2))
    return _facts(reading, tables.rows), _findings(reading, tables.rows)


class _Part(Struct, frozen=True, array_like=True):
    """What a portion becomes in the snapshot beside itself: its modules' texts, packed, and its rows by table."""

    texts: bytes
    rows: dict[str, list[tuple[Any, ...]]]


class _Writer:
    """Makes the parts of the snapshot, or finds them among those of the last one."""

    def __init__(self, root: Path, parts: Parts, began: float) -> None:
        self._root = root
        self._parts = parts
        self._began = began
        self._portions = msgpack.Decoder(Portion)
        self._decoder = msgpack.Decoder(_Part)
        self._encoder = msgpack.Encoder()

    def part(self, key: bytes, body: bytes) -> _Part:
        own = self._parts.key("snapshot", key, body)
        found = self._parts.find(own) if key else None
        if found is not None:
            self._parts.keep(own, found)
            return self._decoder.decode(found)
        portion = self._portions.decode(body)
        is_settled = True
        texts: list[tuple[str, str]] = []
        for item in portion.objects:
            for module in item.modules:
                path = self._root / module.file
                texts.append((module.file, _text(path)))
                is_settled = is_settled and _changed_at(path) < self._began
        packed = zlib.compress(self._encoder.encode(texts), _PACK_LEVEL)
        part = _Part(packed, rows_by_table(portion))
        # a file that was written while it was read: the text may be another than the one that the key stands for
        if key and is_settled:
            self._parts.keep(own, self._encoder.encode(part))
        return part


def _text(path: Path) -> str:
    decoded = bsl.decode_module(path.read_bytes())
    return "" if isinstance(decoded, bsl.Refused) else decoded.text


def _changed_at(path: Path) -> float:
    facts = path.stat()
    return max(facts.st_mtime, facts.st_ctime)


def _facts(reading: Reading, written: dict[str, int]) -> dict[str, Any]:
    report = reading.report
    return {"projects": len(report.projects), "files": report.files, "rows": written, "reread": reading.modules_read}


def _findings(reading: Reading, written: dict[str, int]) -> list[Finding]:
    report = reading.report
    modules = sum(part.counts.modules for part in report.projects)
    broken = sum(part.counts.modules_broken for part in report.projects)
    methods = sum(part.counts.procedures + part.counts.functions for part in report.projects)
    return [
        at_least("projects", len(report.projects), 1),
        equal("files accounted for", report.accounted, report.files),
        at_least("objects", written["objects"], 1),
        equal("rows of modules", written["modules"], modules),
        equal("rows of methods", written["methods"], methods),
        share("modules without a syntax error", modules - broken, modules, 0.9),
    ]


def fingerprint(source: Path) -> str:
    """Changes when any file below the source may have: names, sizes and times, not contents. 9,000 files take 0.1 s.

    The time of the last change cannot be set back, as that of the last writing can.
    """
    found = blake2b(digest_size=16)
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(folder, name)
            try:
                facts = path.lstat()
            except OSError:
                continue
            told = f"{path}:{facts.st_size}:{facts.st_mtime_ns}:{facts.st_ctime_ns};"
            found.update(told.encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _frame(file: BinaryIO, body: bytes) -> None:
    file.write(len(body).to_bytes(_LENGTH_BYTES, "little"))
    file.write(body)


def _frames(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while head := file.read(_LENGTH_BYTES):
            yield file.read(int.from_bytes(head, "little"))
