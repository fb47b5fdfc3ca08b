"""Step 1: everything that later steps read, as it was at one moment: the tables, the model, the text of modules."""

import os
import zlib
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final

from msgspec import Struct, json, msgpack

from potok_onec import bsl, output
from potok_onec.configuration import MetadataObject, Portion, Project, Reading, read
from potok_onec.overview import overview
from potok_onec.pipeline.contract import Finding, at_least, equal, share
from potok_onec.pipeline.step import Inputs, Step

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

    def portions(self) -> Iterator[Portion]:
        decoder = msgpack.Decoder(Portion)
        for body in _frames(self.folder / _PORTIONS):
            yield decoder.decode(body)

    def objects(self) -> Iterator[MetadataObject]:
        for portion in self.portions():
            yield from portion.objects

    def texts(self) -> Iterator[tuple[str, str]]:
        """(file, text) of every module in the order of the objects; line breaks are as in the file."""
        decoder = msgpack.Decoder(tuple[str, str])
        for body in _frames(self.folder / _TEXTS):
            yield decoder.decode(zlib.decompress(body))


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Read the source over its cache and write it down."""
    reading = read(inputs.source)
    root = inputs.source if inputs.source.is_dir() else inputs.source.parent
    with (folder / _PORTIONS).open("wb") as portions, (folder / _TEXTS).open("wb") as texts:
        written = output.write_tables(_Written(reading, root, portions, texts), folder, "parquet", None)
    head = Head(inputs.source.name, tuple(reading.projects))
    (folder / _HEAD).write_bytes(json.encode(head))
    told = overview(reading.report, seconds=0.0)
    told.pop("peak_rss_mb")
    told.pop("cache")
    told["root"] = ""
    (folder / "report.json").write_bytes(json.format(json.encode(told), indent=2))
    return _facts(reading, written), _findings(reading, written)


class _Written:
    """A reading that writes down what passes by: tables are made of the same portions in the same pass."""

    def __init__(self, reading: Reading, root: Path, portions: BinaryIO, texts: BinaryIO) -> None:
        self._reading = reading
        self._root = root
        self._portions = portions
        self._texts = texts

    def __iter__(self) -> Iterator[Portion]:
        encoder = msgpack.Encoder()
        for portion in self._reading:
            _frame(self._portions, encoder.encode(portion))
            for item in portion.objects:
                for module in item.modules:
                    text = _text(self._root / module.file)
                    _frame(self._texts, zlib.compress(encoder.encode((module.file, text)), _PACK_LEVEL))
            yield portion


def _text(path: Path) -> str:
    decoded = bsl.decode_module(path.read_bytes())
    return "" if isinstance(decoded, bsl.Refused) else decoded.text


def _facts(reading: Reading, written: dict[str, int]) -> dict[str, Any]:
    report = reading.report
    return {"projects": len(report.projects), "files": report.files, "rows": written}


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
    """Changes when any file below the source may have: names, sizes and times, not contents. 9,000 files take 0.1 s."""
    found = blake2b(digest_size=16)
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(name for name in folders if name != ".git")
        for name in sorted(names):
            path = Path(folder, name)
            try:
                facts = path.lstat()
            except OSError:
                continue
            found.update(f"{path}:{facts.st_size}:{facts.st_mtime_ns};".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _frame(file: BinaryIO, body: bytes) -> None:
    file.write(len(body).to_bytes(_LENGTH_BYTES, "little"))
    file.write(body)


def _frames(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while head := file.read(_LENGTH_BYTES):
            yield file.read(int.from_bytes(head, "little"))
