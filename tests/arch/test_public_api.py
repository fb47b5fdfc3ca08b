"""What `from potok import …` offers, and what importing it costs."""

import subprocess
import sys
from functools import cache
from pathlib import Path

import potok

PUBLIC_API = Path(__file__).with_name("public_api.txt")

# A DAG file is imported in a child process each time it changes: what it drags in, everybody waits for.
HEAVY = {
    *("asyncio", "concurrent.futures.process", "multiprocessing", "sqlite3", "ssl"),
    *(
        "cryptography",
        "httpx",
        "jinja2",
        "prometheus_client",
        "psycopg",
        "rich",
        "starlette",
        "typer",
        "uvicorn",
        "uvloop",
    ),
    *("numpy", "pandas", "pyarrow", "sklearn"),
}
AUTHORING_ROOMS = {"authoring", "model", "version"}


@cache
def _loaded_by_import() -> frozenset[str]:
    program = "import sys; before = set(sys.modules); import potok; print(*sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


def test_public_names_change_only_on_purpose() -> None:
    written = [line for line in PUBLIC_API.read_text(encoding="utf-8").split() if line]
    offered = sorted(getattr(potok, "__all__", []))
    assert offered == sorted(written), f"when this change is meant, write it into {PUBLIC_API.name} and CHANGELOG.md"


def test_every_public_name_is_there() -> None:
    missing = [name for name in getattr(potok, "__all__", []) if not hasattr(potok, name)]
    assert not missing


def test_importing_potok_loads_nothing_heavy() -> None:
    assert not HEAVY & _loaded_by_import()


def test_importing_potok_opens_no_other_room() -> None:
    rooms = {name.split(".")[1] for name in _loaded_by_import() if name.startswith("potok.")}
    assert rooms <= AUTHORING_ROOMS
