"""The server process: `potok up` becomes this. Reads settings, says where it listens, ends in order on a signal."""

from __future__ import annotations

import argparse
import gc
import logging
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from potok.cli.address import is_loopback
from potok.cli.config import load_settings
from potok.cli.errors import ExitCode, exit_code, print_error, system_sentence
from potok.cli.home import read_token
from potok.model.errors import PotokError
from potok.version import __version__

if TYPE_CHECKING:
    from potok.model.settings import Settings


log = logging.getLogger("potok.server")


def main() -> int:
    parser = argparse.ArgumentParser(prog="potok up", add_help=False)
    parser.add_argument("--split", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    set_up_logging()
    try:
        settings = load_settings()
        if options.split:
            from potok.cli.supervisor import run_split

            return run_split(settings, as_json=options.json)
        from potok.cli.server import run_standalone

        run(run_standalone(settings, lambda url: announce(settings, url, as_json=options.json)))
    except PotokError as error:
        print_error(str(error))
        return exit_code(error)
    except OSError as error:
        print_error(system_sentence(error))
        return ExitCode.USAGE
    return ExitCode.OK


def run(server: Coroutine[None, None, None]) -> None:
    """On uvloop where it is installed; it halves the gap between two steps."""
    import asyncio

    try:
        from uvloop import new_event_loop
    except ImportError:
        asyncio.run(server)
        return
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(server)


def set_up_logging() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def announce(settings: Settings, url: str, *, as_json: bool) -> None:
    """Where it listens and how to log in. Afterwards what is loaded stays: collections need not look at it again."""
    from potok.api.auth import login_link
    from potok.cli.database_url import shown_url

    link = login_link(url, read_token(Path(settings.home)), time.time())
    database = shown_url(settings.database_url)
    if as_json:
        import json

        facts = {"url": url, "login": link, "dags": settings.dags, "home": settings.home, "database": database}
        # one line, so that a program that started us knows when it has read it all
        print(json.dumps({**facts, "workers": settings.workers, "version": __version__}), flush=True)
    else:
        warm = f", {settings.warm_workers} of them warm" if settings.warm_workers < settings.workers else ""
        print(
            f"Potok {__version__} runs at {url}\n"
            f"  log in   {link}\n"
            f"  DAGs     {settings.dags}\n"
            f"  store    {database}\n"
            f"  workers  {settings.workers}{warm}\n"
            f"  stop     Ctrl+C",
            flush=True,
        )
    if not is_loopback(settings.host):
        log.warning("other machines can reach this server at %s; put TLS in front of it", settings.host)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
