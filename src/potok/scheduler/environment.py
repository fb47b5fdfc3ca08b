"""What tasks run on: Python and the installed packages, read from names of folders alone so that a start stays fast."""

from __future__ import annotations

import hashlib
import platform
import sys
from pathlib import Path

import msgspec

from potok.store.rows import EnvironmentRow

_MARK = ".dist-info"


def read_environment(now: float) -> EnvironmentRow:
    """Workers are this very interpreter, so that its packages are theirs. Versions by name, as the installer wrote."""
    packages = dict(sorted(_packages().items()))
    python, system = platform.python_version(), f"{platform.system()} {platform.machine()}"
    told = msgspec.json.encode((python, system, packages))
    return EnvironmentRow(now, hashlib.sha256(told).hexdigest()[:16], python, system, packages)


def _packages() -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in sys.path:
        try:
            names = [entry.name for entry in Path(folder or ".").iterdir()]
        except OSError:
            continue
        for name in names:
            if name.endswith(_MARK):
                package, _, version = name.removesuffix(_MARK).rpartition("-")
                # the first on the path is the one that is imported
                found.setdefault(package.replace("_", "-").lower(), version)
    return found
