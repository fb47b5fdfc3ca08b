"""`make bench-ui`: how fast and how light the pages are on a generated year. Only finds the package and starts it."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from bench.ui.command import main

    sys.exit(main(sys.argv[1:]))
