"""Facts of one module of code, by way of the parser of potok_onec.bsl: methods, queries, regions, problems."""

from hashlib import blake2b

from potok_onec import bsl
from potok_onec.bsl.tree import Method as ParsedMethod
from potok_onec.configuration.model import Method, Module
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
    module = Module(
        kind=kind,
        file=file,
        owner=owner,
        lines=parsed.line_count,
        bytes=len(data),
        encoding=decoded.encoding,
        methods=tuple(_method(parsed, method) for method in parsed.methods),
        regions=tuple(region.name for region in parsed.regions),
        is_broken=bool(parsed.errors),
    )
    return module, problems


def _method(module: bsl.Module, method: ParsedMethod) -> Method:
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
        digest=_digest(module.source(method)),
    )


def _digest(text: str) -> str:
    """Line breaks are the checkout's affair: git may turn LF into CRLF."""
    lines = "\n".join(text.splitlines())
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
