"""`make bench`: measures Potok beside Celery + Redis and prints both. Only finds the package and starts the command."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    from bench.command import main

    sys.exit(main(sys.argv[1:]))
