"""One client that pages flat out through what a browser shows. Prints `ready`, and at its end how many answers came."""

from __future__ import annotations

import sys
import time
from pathlib import Path


def main(host: str, port: str, token: str, length_s: str) -> None:
    from bench.http_wire import Wire

    wire = Wire(host, int(port), token)
    paths = ["/api/v1/runs?limit=50", "/api/v1/dags", "/api/v1/runs?limit=50&state=success", "/api/v1/dags/chain_10"]
    requests = [wire.encode("GET", path) for path in paths]
    for path in paths:
        wire.call("GET", path)
    print("ready", flush=True)
    count = 0
    give_up = time.monotonic() + float(length_s)
    while time.monotonic() < give_up:
        for request in requests:
            wire.send(request)
            status, _ = wire.receive()
            assert status == 200, status
            count += 1
    print(count, flush=True)


if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    main(*sys.argv[1:])
