"""`who-calls`, `impact` and `path`: questions to the dependencies of a source, answered with file and line."""

import sys
import tempfile
from pathlib import Path

from msgspec import json, to_builtins

from potok_onec.cli import main
from potok_onec.cli.opening import complain
from potok_onec.cli.texts import say
from potok_onec.dependencies import Edge, Graph
from potok_onec.pipeline.contract import BrokenContractError
from potok_onec.pipeline.run import run_step


def who_calls(name: str, source: Path, out: Path | None, *, as_json: bool) -> int:
    graph = _graph(source, out)
    if isinstance(graph, int):
        return graph
    found = sorted(graph.who_calls(name), key=lambda edge: (edge.source_file, edge.line, edge.column))
    if as_json:
        _print_json([to_builtins(edge) for edge in found])
    else:
        for edge in found:
            where = f"{edge.source}.{edge.source_method}" if edge.source_method else edge.source
            print(f"{edge.source_file}:{edge.line}:{edge.column}  {where}  {_how(edge)}")
        files = len({edge.source_file for edge in found})
        print(say("called", name=name, sites=len(found), files=files))
    return main.OK if found else main.IMPERFECT


def impact(name: str, source: Path, out: Path | None, *, depth: int | None, as_json: bool) -> int:
    graph = _graph(source, out)
    if isinstance(graph, int):
        return graph
    try:
        reached = graph.impact(name, depth=depth)
    except KeyError:
        return _unknown(name)
    rows = sorted(reached.items(), key=lambda each: (each[1][0], each[0]))
    if as_json:
        _print_json([{"object": item, "distance": far, "by": to_builtins(edge)} for item, (far, edge) in rows])
    else:
        for item, (far, edge) in rows:
            print(f"{far:>3}  {item}  {_how(edge)} {edge.target}  {edge.source_file}:{edge.line}")
        print(say("reached", name=name, objects=len(rows)))
    return main.OK


def path(start: str, end: str, source: Path, out: Path | None, *, as_json: bool) -> int:
    graph = _graph(source, out)
    if isinstance(graph, int):
        return graph
    try:
        way = graph.path(start, end)
    except KeyError as error:
        return _unknown(str(error.args[0]))
    if as_json:
        _print_json(None if way is None else [to_builtins(edge) for edge in way])
    elif way is None:
        print(say("no-way", start=start, end=end))
    else:
        for edge in way:
            print(f"{edge.source}  {_how(edge)}  {edge.target}  {edge.source_file}:{edge.line}")
    return main.OK if way is not None else main.IMPERFECT


def _how(edge: Edge) -> str:
    via = "" if edge.via == "name" else f" ({say(f'via-{edge.via}')})"
    return f"{say(f'edge-{edge.kind}')}{via}"


def _graph(source: Path, out: Path | None) -> Graph | int:
    """Over the outputs in `out`, made or refreshed first; without it in a folder that goes at the end. Or why not."""
    from potok_onec.dependencies.step import load

    if not source.exists():
        complain(say("missing-path", path=source))
        return main.NOTHING
    try:
        with tempfile.TemporaryDirectory(prefix="potok-onec-") as scratch:
            place = out or Path(scratch)
            run_step("parse", source, place, {})
            edges, _ = load(run_step("dependencies", source, place, {}).path)
    except BrokenContractError as error:
        complain(str(error))
        return main.NOTHING if error.step == "parse" else main.IMPERFECT
    except OSError as error:
        complain(say("cannot-write", path=error.filename or out, reason=error.strerror or str(error)))
        return main.NOT_WRITTEN
    return Graph(edges)


def _unknown(name: str) -> int:
    complain(say("unknown-name", name=name))
    return main.NOTHING


def _print_json(value: object) -> None:
    sys.stdout.buffer.write(json.format(json.encode(value), indent=2) + b"\n")
