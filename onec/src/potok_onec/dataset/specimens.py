"""What a method brings to the data set by itself, before the others are known: its row, its digests, its sketch."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import Final

from msgspec import Struct, msgpack

from potok_onec import bsl
from potok_onec.architecture.layers import context_of, layer
from potok_onec.configuration import MetadataObject, Method, Module, Portion
from potok_onec.dataset.lexemes import Fragment, Ids, fragment
from potok_onec.dataset.row import Row, Split
from potok_onec.dataset.scrubbing import scrub, scrub_text
from potok_onec.dataset.similarity import sketch
from potok_onec.dataset.splitting import split_of_module

# Exact duplicates are counted among bodies longer than this: shorter ones are alike without being copies.
LONG_BODY: Final = 80
_DIGEST_BYTES: Final = 10


class Specimen(Struct, frozen=True, array_like=True, gc=False):
    """One method. `row` is a Row as msgpack; `cut` is the digest of its body as line tools see it.

    `cut` is empty for a body that is not long, `sketch` for one that is too short to be compared.
    """

    row: bytes
    digest: bytes
    is_long: bool
    cut: bytes
    split: Split
    sketch: bytes


class Lot(Struct, frozen=True, array_like=True):
    """The methods of one portion in the order of its modules."""

    modules: int
    specimens: list[Specimen]


class Collector:
    """Makes lots; what a lot is made of is its portion and the texts of its modules, nothing else."""

    def __init__(self) -> None:
        self._encoder = msgpack.Encoder()
        self._ids = Ids()

    def lot(self, portion: Portion, texts: list[tuple[str, str]]) -> Lot:
        pairs = [(item, module) for item in portion.objects for module in item.modules]
        found: list[Specimen] = []
        for (item, module), (file, text) in zip(pairs, texts, strict=True):
            if file != module.file:
                raise ValueError(f"the text of {file} stands where that of {module.file} is expected")
            found.extend(self._module(item, module, text))
        return Lot(len(pairs), found)

    def _module(self, item: MetadataObject, module: Module, text: str) -> Iterator[Specimen]:
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
            yield self._specimen(row, part, compared, split)

    def _specimen(self, row: Row, part: Fragment, compared: list[str], split: Split) -> Specimen:
        plain, cut = part.plain_body, part.cut_body
        digest = _digest(plain)
        row.body_digest, row.body_length = digest.hex(), len(plain)
        values = sketch(self._ids.of(compared))
        return Specimen(
            self._encoder.encode(row),
            digest,
            len(plain) > LONG_BODY,
            _digest(cut) if len(cut) > LONG_BODY else b"",
            split,
            values.tobytes() if values is not None else b"",
        )

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
            source="",
            commit="",
            licence="",
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
