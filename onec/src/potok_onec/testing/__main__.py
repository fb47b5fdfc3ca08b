"""`python -m potok_onec.testing FOLDER --layout designer --size 4` writes a generated configuration."""

import argparse
from pathlib import Path

from potok_onec.testing.generate import LAYOUTS, generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m potok_onec.testing", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layout", choices=LAYOUTS, default="edt")
    parser.add_argument("--size", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    generate(chosen.folder, layout=chosen.layout, size=chosen.size, seed=chosen.seed)


main()
