"""`potok-onec ast` and `tokens`: what the parser sees in one module."""

import dataclasses
import sys
from pathlib import Path
from typing import Any

from msgspec import json

from potok_onec import bsl
from potok_onec.bsl.tree import Node
from potok_onec.cli import main
from potok_onec.cli.opening import complain
from potok_onec.cli.texts import language, say


def _text(file: Path) -> bsl.ModuleText | int:
    """The text of a module, or the exit code when there is none; why has been said then."""
    try:
        decoded = bsl.decode_module(file.read_bytes())
    except OSError as error:
        complain(say("not-a-module", path=file, reason=error.strerror or str(error)))
        return main.NOTHING
    if isinstance(decoded, bsl.Refused):
        reason = decoded.message_ru if language() == "ru" else decoded.message
        complain(say("not-a-module", path=file, reason=reason))
        return main.IMPERFECT
    return decoded


def show_tokens(file: Path, *, as_json: bool) -> int:
    text = _text(file)
    if isinstance(text, int):
        return text
    for token in bsl.tokenize(text):
        line, column, offset = token.position
        if as_json:
            row = {"kind": token.kind_name, "text": token.text, "line": line, "column": column, "offset": offset}
            sys.stdout.buffer.write(json.encode(_clean(row)) + b"\n")
        else:
            print(f"{line}:{column}\t{token.kind_name}\t{_clean(repr(token.text))}")
    return main.OK


def show_tree(file: Path) -> int:
    text = _text(file)
    if isinstance(text, int):
        return text
    module = bsl.parse_module(text)
    facts = {
        "file": str(file),
        "lines": module.line_count,
        "items": [_value(item, module) for item in module.items],
        "regions": [_value(region, module) for region in module.regions],
        "errors": [
            {
                "line": error.line,
                "column": error.column,
                "text": error.message_ru if language() == "ru" else error.message,
            }
            for error in module.errors
        ],
    }
    sys.stdout.buffer.write(json.format(json.encode(_clean(facts)), indent=2) + b"\n")
    for error in module.errors:
        complain(f"{file}:{error.line}: {error.message_ru if language() == 'ru' else error.message}")
    return main.IMPERFECT if module.errors else main.OK


def _value(value: Any, module: bsl.Module) -> Any:
    if isinstance(value, Node):
        line, column, _ = module.position(value.start)
        found: dict[str, Any] = {"node": type(value).__name__, "line": line, "column": column}
        assert dataclasses.is_dataclass(value)
        for field in dataclasses.fields(value):
            found[field.name] = _value(getattr(value, field.name), module)
        return found
    if isinstance(value, (list, tuple)):
        return [_value(item, module) for item in value]
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)


def _clean(value: Any) -> Any:
    """Bytes that cp1251 leaves undefined travel as lone surrogates, which no output may hold."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _clean(item) for name, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value
