"""First pass: every method of a snapshot becomes a row on a heap beside, its sketch stays in memory."""

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from msgspec import Struct, field, msgpack

from potok_onec import bsl
from potok_onec.architecture.layers import context_of, layer
from potok_onec.configuration import MetadataObject, Method, Module
from potok_onec.dataset.lexemes import Fragment, Ids, fragment
from potok_onec.dataset.origin import Origin
from potok_onec.dataset.row import Row, Split
from potok_onec.dataset.scrubbing import scrub, scrub_text
from potok_onec.dataset.similarity import Groups, Sketches, sketch
from potok_onec.dataset.splitting import split_of_module
from potok_onec.pipeline.snapshot import Snapshot

# Exact duplicates are counted among bodies longer than this: shorter ones are alike without being copies.
LONG_BODY: Final = 80
_LENGTH_BYTES: Final = 4
_DIGEST_BYTES: Final = 10


class Gathered(Struct):
    """In the order of the rows. `exact` numbers the first method with the same body, `long` tells of its length."""

    digests: list[bytes] = field(default_factory=list)
    exact: list[int] = field(default_factory=list)
    is_long: list[bool] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    modules: int = 0
    cut_duplicates: int = 0

    @property
    def long_duplicates(self) -> int:
        """Bodies that would go if every long one were kept once."""
        return sum(each != at for at, each in enumerate(self.exact) if self.is_long[at])


class Gatherer:
    """Takes objects with the texts of their modules in the same order."""

    def __init__(self, origin: Origin, heap: BinaryIO) -> None:
        self.gathered = Gathered()
        self._origin = origin
        self._heap = heap
        self._encoder = msgpack.Encoder()
        self._ids = Ids()
        self._first: dict[bytes, int] = {}
        self._cut: set[bytes] = set()
        self._sketches = Sketches()

    def take(self, snapshot: Snapshot) -> None:
        texts = snapshot.texts()
        for item in snapshot.objects():
            for module in item.modules:
                file, text = next(texts)
                if file != module.file:
                    raise ValueError(f"the text of {file} stands where that of {module.file} is expected")
                self._module(item, module, text)

    def groups(self) -> Groups:
        """Exact duplicates and what is like them."""
        found = Groups(len(self.gathered.exact))
        for at, first in enumerate(self.gathered.exact):
            if at != first:
                found.join(at, first)
        self._sketches.join_similar(found)
        return found

    def _module(self, item: MetadataObject, module: Module, text: str) -> None:
        self.gathered.modules += 1
        if not module.methods:
            return
        tokens = bsl.tokenize(text)
        runs = layer(item, module)
        calls = _by_method(module)
        tables = _tables(module)
        split = split_of_module(f"{item.full_name}/{module.owner}/{module.kind}")
        for method in module.methods:
            part = fragment(tokens, method.start, method.end)
            compared = part.compared()
            row = self._row(item, module, method, part, runs)
            row.tokens = len(compared)
            row.calls = calls.get(method.name, ())
            row.tables = tables.get(method.name, ())
            self._remember(row, part.plain_body, compared, split)
            self._count_cut(part.cut_body)
            _put(self._heap, self._encoder.encode(row))

    def _remember(self, row: Row, plain: str, compared: list[str], split: Split) -> None:
        digest = _digest(plain)
        row.body_digest, row.body_length = digest.hex(), len(plain)
        found = self.gathered
        at = len(found.digests)
        first = self._first.setdefault(digest, at)
        found.digests.append(digest)
        found.exact.append(first)
        found.is_long.append(len(plain) > LONG_BODY)
        found.splits.append(split)
        if first == at:
            values = sketch(self._ids.of(compared))
            if values is not None:
                self._sketches.add(at, values)

    def _count_cut(self, body: str) -> None:
        if len(body) > LONG_BODY:
            digest = _digest(body)
            self.gathered.cut_duplicates += digest in self._cut
            self._cut.add(digest)

    def _row(self, item: MetadataObject, module: Module, method: Method, part: Fragment, runs: str) -> Row:
        scrubbed: list[str] = []
        return Row(
            project=item.project,
            object=item.full_name,
            owner=module.owner,
            module=module.kind,
            file=module.file,
            line=method.line,
            end_line=method.end_line,
            name=method.name,
            kind=method.kind,
            is_exported=method.is_exported,
            is_async=method.is_async,
            parameters=tuple(scrub_text(each, scrubbed) for each in method.parameters),
            directives=method.annotations,
            region=method.region,
            layer=runs,
            context=context_of(method.annotations, runs),
            lines=method.end_line - method.line + 1,
            statements=method.statements,
            tokens=0,
            cyclomatic=method.cyclomatic,
            cognitive=method.cognitive,
            nesting=method.nesting,
            description=scrub_text(method.description, scrubbed),
            code="".join(scrub(part.kinds, part.spellings, scrubbed)),
            body_length=0,
            calls=(),
            tables=(),
            scrubbed=tuple(sorted(scrubbed)),
            body_digest="",
            source=self._origin.source,
            commit=self._origin.commit,
            licence=self._origin.licence,
        )


def _digest(body: str) -> bytes:
    return blake2b(body.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def _by_method(module: Module) -> dict[str, tuple[str, ...]]:
    """What each method calls, every name once, in the order of the text."""
    found: dict[str, dict[str, None]] = {}
    for reference in module.references:
        if reference.kind == "call" and reference.method:
            found.setdefault(reference.method, {})[reference.path] = None
    return {method: tuple(paths) for method, paths in found.items()}


def _tables(module: Module) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for query in module.queries:
        for table in query.tables:
            found.setdefault(query.method, {})[table] = None
    return {method: tuple(names) for method, names in found.items()}


def _put(heap: BinaryIO, body: bytes) -> None:
    heap.write(len(body).to_bytes(_LENGTH_BYTES, "little"))
    heap.write(body)


def heaped(path: Path) -> Iterator[Row]:
    decoder = msgpack.Decoder(Row)
    with path.open("rb") as heap:
        while head := heap.read(_LENGTH_BYTES):
            yield decoder.decode(heap.read(int.from_bytes(head, "little")))
