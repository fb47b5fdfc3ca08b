"""`python -m potok.testing.simulation --seed N` replays one seed, `--seeds N` plays many; prints what broke."""

from __future__ import annotations

import argparse
import sys
import time
import traceback

from potok.testing.simulation import simulate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m potok.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the (first) seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many seeds from there")
    parser.add_argument("--keep-going", action="store_true", help="play on after a failure")
    chosen = parser.parse_args()
    began, failed = time.perf_counter(), 0
    for seed in range(chosen.seed, chosen.seed + chosen.seeds):
        if chosen.seeds == 1:
            pass
        try:
            simulate(seed)
        except Exception:
            failed += 1
            if not chosen.keep_going:
                traceback.print_exc()
                return 1
        else:
            if chosen.seeds == 1:
                pass
    time.perf_counter() - began
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
