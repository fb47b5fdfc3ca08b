"""Reads potok.toml of the working folder and the environment into Settings. Writes nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from potok.model.errors import InvalidError
from potok.model.settings import FILE_NAME, Settings, resolve


def load_settings(folder: Path | None = None, overrides: Mapping[str, str] | None = None) -> Settings:
    """Settings of `folder` (default: the working folder); `overrides` are variables (`POTOK_PORT`: `9000`) that win.

    Raises InvalidError with the line when the file is not TOML or holds an unknown key or a wrong value.
    """
    folder = Path.cwd() if folder is None else folder
    path = folder / FILE_NAME
    environment = {**os.environ, **(overrides or {})}
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return resolve({}, environment, str(folder))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidError(f"{FILE_NAME} can't be read: {error}") from None
    return resolve(_parsed(text), environment, str(folder), text=text)


def _parsed(text: str) -> dict[str, object]:
    import tomllib  # most commands run where there is no file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = getattr(error, "lineno", None) or _line_in(str(error))
        raise InvalidError(f"{FILE_NAME}{f':{line}' if line else ''}: not valid TOML: {error}") from None


def _line_in(message: str) -> str:
    """Before Python 3.14 the line stands only in the text: `... (at line 3, column 1)`."""
    _, _, rest = message.partition("at line ")
    return rest.partition(",")[0] if rest else ""


def require_dag_folder(settings: Settings) -> None:
    if not Path(settings.dags).is_dir():
        raise InvalidError(
            f"the DAG folder {settings.dags} is not there; `potok init` makes one with an example, --dags names another"
        )
