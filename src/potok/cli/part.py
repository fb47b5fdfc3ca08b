"""One of the two processes of `potok up --split`: the scheduler with its workers, or the API with its pages."""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from potok.cli.config import load_settings
from potok.cli.errors import ExitCode, exit_code, print_error, system_sentence
from potok.cli.home import SOCKET_FILE
from potok.cli.serve import announce, run, set_up_logging
from potok.cli.server import answering, scheduler, stop_asked, until_stopped
from potok.model.errors import PotokError

if TYPE_CHECKING:
    from potok.model.settings import Settings


def main() -> int:
    parser = argparse.ArgumentParser(prog="potok up --split", add_help=False)
    parser.add_argument("part", choices=("scheduler", "api"))
    parser.add_argument("--url", default="")
    parser.add_argument("--listen", type=int, default=-1, help="descriptor of the bound socket")
    parser.add_argument("--announce", default="", help="`text` or `json`: tell where the server is")
    parser.add_argument("--lifeline", type=int, help="descriptor of a pipe that ends with the supervisor")
    parser.add_argument("--ready", type=int, help="descriptor to write a byte to once this part works")
    options = parser.parse_args()
    set_up_logging()
    try:
        settings = load_settings()
        if options.part == "scheduler":
            run(run_scheduler(settings, options.url, options.lifeline, options.ready))
        else:
            told = partial(_announced, settings, options.url, options.announce, options.ready)
            run(run_api(settings, options.listen, options.lifeline, told))
    except PotokError as error:
        print_error(str(error))
        return exit_code(error)
    except OSError as error:
        print_error(system_sentence(error))
        return ExitCode.USAGE
    return ExitCode.OK


async def run_scheduler(settings: Settings, url: str, lifeline: int, ready: int) -> None:
    from potok.scheduler.remote import PortServer

    asked = stop_asked(lifeline)
    async with scheduler(settings, url) as running:
        port = PortServer(running.port, Path(settings.home) / SOCKET_FILE)
        await port.start()
        try:
            _tell(ready)
            await until_stopped(asked, running.broke)
        finally:
            await port.stop()


async def run_api(settings: Settings, listen: int, lifeline: int, told: Callable[[], None]) -> None:
    from potok.cli.database_url import opened
    from potok.scheduler.remote import RemoteScheduler

    asked = stop_asked(lifeline)
    port = RemoteScheduler(Path(settings.home) / SOCKET_FILE)
    await port.start()
    reader = opened(settings)
    try:
        with socket.socket(fileno=listen) as bound:
            bound.setblocking(False)
            async with answering(settings, port, reader, bound) as http:
                await asyncio.sleep(0)  # the task of the HTTP server begins
                told()
                await until_stopped(asked, http)
    finally:
        await port.stop()
        reader.close()


def _announced(settings: Settings, url: str, announcement: str, ready: int) -> None:
    _tell(ready)
    if announcement:
        announce(settings, url, as_json=announcement == "json")


def _tell(ready: int) -> None:
    os.write(ready, b"1")
    os.close(ready)


if __name__ == "__main__":
    sys.exit(main())
