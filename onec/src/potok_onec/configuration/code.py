"""Facts of one module of code, by way of the parser of potok_onec.bsl: methods, queries, regions, problems."""

from bisect import bisect_right
from hashlib import blake2b

from potok_onec import bsl
from potok_onec.bsl.marks import Mark as ParsedMark
from potok_onec.bsl.marks import marks
from potok_onec.bsl.references import Reference as ParsedReference
from potok_onec.bsl.references import references
from potok_onec.bsl.tree import Method as ParsedMethod
from potok_onec.configuration.model import Mark, Method, Module, Query, Reference
from potok_onec.configuration.problem import Problem

# A broken module may have an error in every line; the first ones tell what happened.
PROBLEMS_MAX = 20


def read(data: bytes, kind: str, file: str, owner: str) -> tuple[Module | None, list[Problem]]:
    """None for a module that is not text; the problem says why."""
    decoded = bsl.decode_module(data)
    if isinstance(decoded, bsl.Refused):
        arguments = {"reason": decoded.message, "reason_ru": decoded.message_ru}
        return None, [Problem("module-refused", file, severity="warning", arguments=arguments)]
    problems: list[Problem] = []
    if decoded.encoding != "utf-8":
        arguments = {"encoding": decoded.encoding}
        problems.append(Problem("module-encoding", file, severity="warning", arguments=arguments))
    parsed = bsl.parse_module(decoded)
    for error in parsed.errors[:PROBLEMS_MAX]:
        arguments = {"reason": error.message, "reason_ru": error.message_ru, "column": str(error.column)}
        problems.append(Problem("syntax", file, error.line, severity="warning", arguments=arguments))
    queries = bsl.queries(parsed)
    problems.extend(_query_problems(queries, file))
    module = Module(
        kind=kind,
        file=file,
        owner=owner,
        lines=parsed.line_count,
        bytes=len(data),
        encoding=decoded.encoding,
        methods=tuple(_method(parsed, method) for method in parsed.methods),
        queries=tuple(_query(parsed, query) for query in queries),
        references=tuple(_reference(parsed, reference) for reference in references(parsed)),
        regions=tuple(region.name for region in parsed.regions),
        marks=tuple(_mark(parsed, mark) for mark in marks(parsed)),
        is_broken=bool(parsed.errors),
    )
    return module, problems


def _reference(module: bsl.Module, reference: ParsedReference) -> Reference:
    line, column, _ = module.position(reference.offset)
    return Reference(
        reference.kind, line, column, reference.method, reference.path, reference.root, reference.arguments
    )


def _mark(module: bsl.Module, mark: ParsedMark) -> Mark:
    line, column, _ = module.position(mark.start)
    end_line, end_column, _ = module.position(mark.end)
    return Mark(mark.kind, line, column, end_line, end_column, mark.method, mark.detail)


def _query_problems(queries: list[bsl.QueryLiteral], file: str) -> list[Problem]:
    """A piece that is put together at run time need not make sense by itself: what is odd in it is only a note."""
    found: list[Problem] = []
    for query in queries:
        if query.errors:
            error = query.errors[0]
            arguments = {"reason": error.message, "reason_ru": error.message_ru, "column": str(error.column)}
            code, severity = ("query-syntax", "warning") if query.is_whole else ("query-fragment", "note")
            found.append(Problem(code, file, error.line, severity=severity, arguments=arguments))
    return found[:PROBLEMS_MAX]


def _query(module: bsl.Module, query: bsl.QueryLiteral) -> Query:
    package = query.package
    line = module.position(query.start).line
    return Query(
        line=line,
        tables=tuple(dict.fromkeys(table.name for table in package.tables)),
        temporary_tables=tuple(package.temporary_tables),
        parameters=tuple(package.parameters),
        fragment=query.fragment or "",
        error=query.errors[0].message if query.errors else "",
        method=_method_at(module, query.start),
    )


def _method_at(module: bsl.Module, offset: int) -> str:
    """Methods stand in the order of the text: the last one that begins before the place is the one, if it reaches."""
    index = bisect_right(module.methods, offset, key=lambda method: method.start) - 1
    if index < 0 or module.methods[index].end < offset:
        return ""
    return module.methods[index].name


def _method(module: bsl.Module, method: ParsedMethod) -> Method:
    measured = bsl.metrics(method)
    return Method(
        name=method.name,
        kind=method.kind,
        line=method.start_line,
        end_line=method.end_line,
        is_exported=method.exported,
        is_async=method.is_async,
        parameters=tuple(" ".join(module.source(parameter).split()) for parameter in method.parameters),
        annotations=tuple(method.directives),
        region="/".join(method.region),
        description=method.comment,
        cyclomatic=measured.cyclomatic,
        cognitive=measured.cognitive,
        nesting=measured.nesting,
        statements=measured.statements,
        digest=_digest(module.source(method)),
        start=method.start,
        end=method.end,
    )


def _digest(text: str) -> str:
    """Line breaks are the checkout's affair: git may turn LF into CRLF."""
    lines = "\n".join(text.splitlines())
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
