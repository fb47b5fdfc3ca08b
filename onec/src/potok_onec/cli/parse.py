"""`potok-onec parse`: the tables of a source into a folder, all or nothing."""

import importlib.util
import sys
import time
from pathlib import Path

from msgspec import json

from potok_onec.cli import main
from potok_onec.cli.opening import complain, open_source, tell_trouble, verdict
from potok_onec.cli.progress import bar
from potok_onec.cli.texts import language, say
from potok_onec.output import FORMATS, ForeignFolderError, write
from potok_onec.overview import overview


def run(path: Path, out: Path, *, formats: str, as_json: bool, workers: int | None, cache: bool) -> int:
    if formats not in FORMATS:
        complain(say("bad-format", value=formats))
        return main.USAGE
    if formats != "jsonl" and importlib.util.find_spec("pyarrow") is None:
        complain(say("no-pyarrow"))
        return main.USAGE
    started = time.monotonic()
    reading = open_source(path, workers=workers, cache=cache)
    if reading is None:
        return main.NOTHING
    if not reading.projects:
        tell_trouble(reading.report)
        return main.NOTHING

    def summed() -> object:
        return overview(reading.report, seconds=time.monotonic() - started, language=language())

    try:
        with bar(reading.units) as advance:
            written = write(reading, out, formats=formats, overview=summed, progress=advance)
    except ForeignFolderError as error:
        complain(say("foreign-folder", path=out, name=error.name))
        return main.NOT_WRITTEN
    except OSError as error:
        complain(say("cannot-write", path=out, reason=error.strerror or str(error)))
        return main.NOT_WRITTEN
    if as_json:
        sys.stdout.buffer.write(json.encode({"out": str(out), "rows": written}) + b"\n")
    else:
        for name, rows in written.items():
            print(say("written", path=out / name, rows=rows))
    tell_trouble(reading.report)
    return verdict(reading.report)
