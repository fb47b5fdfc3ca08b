"""`edt_analysis.toml`: which configurations are analysed, when, and where their outputs go. Reads one file."""

import re
import tomllib
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, ValidationError, convert

from potok_onec.pipeline import plan
from potok_onec.repository import is_address

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
_FIRST_OF_MESSAGE: Final = re.compile(r"^(.*?)(?: - at `\$\.?(.*)`)?$")


class SettingsError(Exception):
    """The file cannot be used: what is wrong in it, where, and how to mend it."""


class Configuration(Struct, frozen=True, forbid_unknown_fields=True):
    """One configuration. `path` is a folder or the address of a git repository, `ref` a commit, branch or tag of it.

    `steps` none is all of them. `watch` starts a run at each commit; `push_secret` names the secret variable that
    signs a forge's webhook, `branches` are those that count for both. `options` go to the steps, as in `analyze -O`.
    """

    path: str
    ref: str = ""
    schedule: str | None = None
    tz: str = "UTC"
    steps: tuple[str, ...] = ()
    quick: bool = False
    watch: bool = False
    push_secret: str = ""
    repository: str = ""
    branches: tuple[str, ...] = ()
    options: dict[str, str] = {}

    @property
    def is_remote(self) -> bool:
        return is_address(self.path)


class Settings(Struct, frozen=True):
    """Outputs go below `out`, relative to the workspace. `path` is what the analysis by hand offers; none asks."""

    out: str = "data/edt_analysis"
    path: str = ""
    configurations: Mapping[str, Configuration] = {}


def read_settings(file: Path) -> Settings:
    """The settings in `file`; all defaults when there is none. Raises SettingsError."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file.name} cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file.name} is not valid TOML: {error}") from None
    configurations = told.pop("configuration", {})
    unknown = sorted(set(told) - {"out", "path"})
    if unknown:
        raise SettingsError(
            f"{file.name}: there is no setting {unknown[0]!r}; those outside of a [configuration.NAME] are out, path"
        )
    if not isinstance(configurations, dict):
        raise SettingsError(f"{file.name}: a configuration stands under its name, such as [configuration.trade]")
    found = {name: _configuration(file.name, name, given) for name, given in configurations.items()}
    return Settings(_text(file.name, told, "out", Settings().out), _text(file.name, told, "path", ""), found)


def _text(file: str, told: Mapping[str, Any], name: str, otherwise: str) -> str:
    value = told.get(name, otherwise)
    if not isinstance(value, str) or (otherwise and not value):
        raise SettingsError(f"{file}: {name} is the path of a folder, not {value!r}")
    return value.rstrip("/")


def _configuration(file: str, name: str, given: object) -> Configuration:
    where = f"{file}, [configuration.{name}]"
    if not _NAME.fullmatch(name):
        raise SettingsError(f"{where}: a name has letters a to z, digits, '_' and '-' only; a DAG is called after it")
    try:
        found = convert(given, Configuration)
    except ValidationError as error:
        raise SettingsError(f"{where}: {_told(error)}") from None
    if not found.path:
        raise SettingsError(f'{where}: say what to analyse: path = "/srv/{name}"')
    unknown = [step for step in found.steps if step not in plan.NAMES]
    if unknown:
        raise SettingsError(f"{where}: there is no step {unknown[0]!r}; steps are {', '.join(plan.NAMES)}")
    if misspelt := plan.unknown_option(found.options):
        raise SettingsError(f"{where}: there is no option {misspelt!r}; there are {', '.join(plan.all_options())}")
    if found.watch and found.is_remote:
        raise SettingsError(
            f"{where}: commits are watched in a folder of this machine, and {found.path} is an address; "
            "use push_secret for it"
        )
    return found


def _told(error: ValidationError) -> str:
    """`watch: expected bool, got str`, and for a misspelt setting those that there are."""
    found = _FIRST_OF_MESSAGE.match(str(error))
    message, where = (found[1], found[2] or "") if found else (str(error), "")
    message = message.replace("Object contains unknown field", "there is no setting").replace(
        "Object missing required field", "it lacks the setting"
    )
    known = f"; there are {', '.join(Configuration.__struct_fields__)}" if "no setting" in message else ""
    return f"{where}: {message[:1].lower()}{message[1:]}{known}" if where else f"{message}{known}"


def name_of(path: str) -> str:
    """A name for a configuration that is analysed by hand: the last part of its path and what tells it from others."""
    last = path.rstrip("/").rpartition("/")[2].removesuffix(".git")
    plain = "".join(letter if letter.isalnum() or letter in "_-" else "_" for letter in last)[:40]
    return f"{plain or 'configuration'}-{blake2b(path.encode(), digest_size=4).hexdigest()}"
