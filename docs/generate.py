"""Writes docs/reference from the code: commands, settings, API, states. `--check` only tells what is out of date.

The same code always yields the same pages: nothing of the machine, the clock or the environment goes in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from docs.api_page import api_page
from docs.cli_page import cli_page
from docs.configuration_page import configuration_page
from docs.states_page import states_page

REFERENCE = Path(__file__).parent / "reference"
PAGES: dict[str, Callable[[], str]] = {
    "api.md": api_page,
    "cli.md": cli_page,
    "configuration.md": configuration_page,
    "states.md": states_page,
}
NOTICE = "<!-- Made by `make docs` from the code: change it there. -->\n\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Write the reference pages that come from the code.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when a page is out of date")
    check = parser.parse_args().check
    stale = [name for name, page in PAGES.items() if _differs(name, NOTICE + page(), write=not check)]
    for name in stale:
        print(f"docs/reference/{name} {'is out of date: run `make docs`' if check else 'written'}")
    return 1 if check and stale else 0


def _differs(name: str, text: str, *, write: bool) -> bool:
    path = REFERENCE / name
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    if write:
        REFERENCE.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
