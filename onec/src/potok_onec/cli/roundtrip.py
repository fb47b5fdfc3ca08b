"""`potok-onec check-roundtrip`: every module is cut into tokens, put together again and compared with its file."""

import sys
from pathlib import Path
from typing import Any

from msgspec import json

from potok_onec import bsl
from potok_onec.cli import main
from potok_onec.cli.opening import complain
from potok_onec.cli.progress import bar
from potok_onec.cli.texts import say
from potok_onec.configuration.walk import walk

_MIB = 1024 * 1024


def run(path: Path, *, as_json: bool) -> int:
    if not path.exists():
        complain(say("missing-path", path=path))
        return main.NOTHING
    files = _modules(path)
    if not files:
        complain(say("no-modules", path=path))
        return main.NOTHING
    modules = refused = size = 0
    bad: list[dict[str, Any]] = []
    with bar(len(files)) as advance:
        for file in files:
            try:
                data = file.read_bytes()
            except OSError as error:
                bad.append({"file": str(file), "error": error.strerror or str(error)})
                continue
            offset = first_difference(data)
            if offset is None:
                refused += 1
            else:
                modules += 1
                size += len(data)
                if offset >= 0:
                    bad.append({"file": str(file), "offset": offset})
            advance()
    if as_json:
        facts = {"modules": modules, "bytes": size, "refused": refused, "bad": bad}
        sys.stdout.buffer.write(json.encode(facts) + b"\n")
    else:
        for item in bad:
            if "offset" in item:
                complain(say("roundtrip-bad", path=item["file"], offset=item["offset"]))
            else:
                complain(f"{item['file']}: {item['error']}")
        if not bad:
            print(say("roundtrip-ok", modules=modules, megabytes=size / _MIB, refused=refused))
    return main.IMPERFECT if bad else main.OK


def _modules(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [path / entry.path for entry in walk(path) if not entry.refused and entry.path.lower().endswith(".bsl")]


def first_difference(data: bytes) -> int | None:
    """-1 when the tokens restore the file, the first offset where they do not, None when it is not text."""
    decoded = bsl.decode_module(data)
    if isinstance(decoded, bsl.Refused):
        return None
    restored = decoded.encode(bsl.tokenize(decoded).join())
    if restored == data:
        return -1
    pairs = zip(data, restored, strict=False)
    return next((index for index, (one, two) in enumerate(pairs) if one != two), min(len(data), len(restored)))
