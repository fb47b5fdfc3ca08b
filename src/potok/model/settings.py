"""What a server and its commands may be told, by potok.toml and by the environment over it.

Pure: the file's content and the environment come in as arguments. `SETTINGS` is the one table: resolving, the error
messages and the reference page all come from it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal

import msgspec

from potok.model.duration import seconds
from potok.model.errors import InvalidError

FILE_NAME = "potok.toml"


class Kind(StrEnum):
    """How the value of a setting is read."""

    TEXT = "text"
    FOLDER = "folder"
    NUMBER = "number"
    DURATION = "duration"
    CHOICE = "choice"
    TEXTS = "list of texts"
    SLOTS = "table of numbers"
    SECRET = "secret"


class Setting(msgspec.Struct, frozen=True):
    """One row of the table. `key` is its place in potok.toml ("" when only the environment may give it), `env` its
    variable ("" when only the file may). `low` and `high` bound a number, or the seconds of a duration."""

    field: str
    key: str
    kind: Kind
    default: object
    env: str
    doc: str
    low: float = 0
    high: float = 1_000_000
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("dags", "dags", Kind.FOLDER, "dags", "POTOK_DAGS", "The DAG folder: it is watched, its files are sources."),
    Setting(
        "home",
        "home",
        Kind.FOLDER,
        ".potok",
        "POTOK_HOME",
        "Where the server keeps what it must not lose: database, keys, token, results, logs, code versions.",
    ),
    Setting(
        "host",
        "host",
        Kind.TEXT,
        "127.0.0.1",
        "POTOK_HOST",
        "The address the server listens on. Anything but loopback lets others reach it: put TLS in front.",
    ),
    Setting(
        "port", "port", Kind.NUMBER, 8080, "POTOK_PORT", "The port of API and pages; 0 takes a free one.", high=65_535
    ),
    Setting(
        "allowed_hosts",
        "allowed_hosts",
        Kind.TEXTS,
        (),
        "POTOK_ALLOWED_HOSTS",
        "Host names, beside loopback, that browsers and clients may use for this server; `*` is any.",
    ),
    Setting(
        "path_prefix",
        "path_prefix",
        Kind.TEXT,
        "",
        "POTOK_PATH_PREFIX",
        "Where a proxy mounts the server, such as `/potok`.",
    ),
    Setting(
        "workers",
        "workers",
        Kind.NUMBER,
        4,
        "POTOK_WORKERS",
        "How many tasks may run at once on this machine.",
        low=1,
        high=1024,
    ),
    Setting(
        "warm_workers",
        "warm_workers",
        Kind.NUMBER,
        2,
        "POTOK_WARM_WORKERS",
        "How many of the workers stay ready while nothing runs; never more than `workers`.",
        high=1024,
    ),
    Setting(
        "queues", "queues", Kind.TEXTS, ("default",), "POTOK_QUEUES", "The queues that this machine's workers serve."
    ),
    Setting(
        "result_roots",
        "result_roots",
        Kind.TEXTS,
        (".",),
        "POTOK_RESULT_ROOTS",
        "Folders whose files may be shown when the result of a task names them; `.` is the workspace.",
    ),
    Setting(
        "executor",
        "executor",
        Kind.CHOICE,
        "process",
        "POTOK_EXECUTOR",
        "Where tasks run: `process` is worker processes on this machine.",
        choices=("process",),
    ),
    Setting(
        "database_url",
        "database_url",
        Kind.TEXT,
        "",
        "POTOK_DATABASE_URL",
        "`sqlite:///path` or `postgresql://user@host/name`; empty is `potok.db` in the home.",
    ),
    Setting(
        "durability",
        "durability",
        Kind.CHOICE,
        "normal",
        "POTOK_DURABILITY",
        "`normal` survives the death of any process, `full` a loss of power too, and commits slower.",
        choices=("normal", "full"),
    ),
    Setting(
        "import_timeout_s",
        "import_timeout",
        Kind.DURATION,
        30.0,
        "POTOK_IMPORT_TIMEOUT",
        "How long one DAG file may take to import before it counts as broken.",
        low=0.1,
        high=3600,
    ),
    Setting(
        "stop_grace_s",
        "stop_grace",
        Kind.DURATION,
        10.0,
        "POTOK_STOP_GRACE",
        "How long running tasks may go on once the server is asked to stop; then they are killed and run again later.",
        high=86_400,
    ),
    Setting(
        "retention_runs_days",
        "retention.runs_days",
        Kind.NUMBER,
        400,
        "POTOK_RETENTION_RUNS_DAYS",
        "Ended runs older than this are deleted; 0 keeps them for ever.",
    ),
    Setting(
        "retention_logs_days",
        "retention.logs_days",
        Kind.NUMBER,
        30,
        "POTOK_RETENTION_LOGS_DAYS",
        "Logs older than this are deleted; 0 keeps them for ever.",
    ),
    Setting(
        "pools",
        "pools",
        Kind.SLOTS,
        {},
        "",
        "Pools and their slots: `[pools]` with a line `name = slots` each. `potok pools set` goes before it.",
        low=0,
        high=1_000_000,
    ),
    Setting(
        "api_token",
        "",
        Kind.SECRET,
        "",
        "POTOK_API_TOKEN",
        "The admin token of the server, and what commands and clients show to it. Empty: the server makes one and keeps"
        " it in the home.",
    ),
    Setting(
        "url",
        "",
        Kind.TEXT,
        "",
        "POTOK_URL",
        "The server that commands and clients talk to. Empty: the one recorded in the home.",
    ),
)

# Read elsewhere: secrets by name, marks set by a server for its children, and how a client may shorten its wait.
OTHER_VARIABLES: tuple[tuple[str, str], ...] = (
    ("POTOK_CONN_<NAME>", "A connection as a URI or a JSON object; it goes before the stored one of that name."),
    ("POTOK_VAR_<NAME>", "A variable as JSON or text; it goes before the stored one of that name."),
    ("POTOK_SECRET_KEY", "The key that connections and variables are encrypted with; else a file in the home."),
)

# A command run by a task finds these in its environment.
_TASK_FACTS = ("POTOK_DAG_ID", "POTOK_RUN_ID", "POTOK_TASK_ID", "POTOK_TRY_NUMBER", "POTOK_LOGICAL_DATE")
_MARKS_OF_PROCESSES = ("POTOK_INSTANCE", "POTOK_ZYGOTE")
_FREE_PREFIXES = ("POTOK_CONN_", "POTOK_VAR_", "POTOK_ONEC_")


class Settings(msgspec.Struct, frozen=True):
    """Every setting with its value. Folders are absolute paths, lengths seconds, retention days (0: for ever)."""

    dags: str
    home: str
    host: str
    port: int
    allowed_hosts: tuple[str, ...]
    path_prefix: str
    workers: int
    warm_workers: int
    queues: tuple[str, ...]
    result_roots: tuple[str, ...]
    executor: str
    database_url: str
    durability: Literal["normal", "full"]
    import_timeout_s: float
    stop_grace_s: float
    retention_runs_days: int
    retention_logs_days: int
    pools: dict[str, int]
    api_token: str
    url: str

    def __repr__(self) -> str:
        """Without token and password: settings end up in logs and tracebacks."""
        values = {name: getattr(self, name) for name in self.__struct_fields__ if name != "api_token"}
        values["database_url"] = _without_password(self.database_url)
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in values.items())})"


def resolve(toml: Mapping[str, object], env: Mapping[str, str], cwd: str, *, text: str = "") -> Settings:
    """The settings of the parsed file `toml` with `env` over it; relative folders count from `cwd`.

    `text` is the file as written and only serves to name lines. Raises InvalidError: unknown key or variable, wrong
    type or bound.
    """
    _refuse_unknown_variables(env)
    flat = _flattened(toml, text)
    values: dict[str, object] = {}
    for setting in SETTINGS:
        if setting.env and env.get(setting.env, "") != "":
            values[setting.field] = _from_env(setting, env[setting.env])
        elif setting.key and setting.key in flat:
            values[setting.field] = _checked(setting, flat[setting.key], setting.key, text)
        else:
            values[setting.field] = setting.default
    for name in ("dags", "home"):
        values[name] = posixpath.normpath(posixpath.join(cwd, str(values[name])))
    roots = _as_texts(values["result_roots"])
    values["result_roots"] = tuple(posixpath.normpath(posixpath.join(cwd, root)) for root in roots)
    values["database_url"] = _database_url(str(values["database_url"]), str(values["home"]), cwd)
    settings = msgspec.convert(values, Settings)
    if settings.warm_workers > settings.workers:
        return msgspec.structs.replace(settings, warm_workers=settings.workers)
    return settings


def _as_texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, tuple) else ()


def _database_url(url: str, home: str, cwd: str) -> str:
    if not url:
        return "sqlite:///" + posixpath.join(home, "potok.db")
    if url.startswith("sqlite:///"):
        return "sqlite:///" + posixpath.normpath(posixpath.join(cwd, url.removeprefix("sqlite:///")))
    if url.startswith(("postgresql://", "postgres://")):
        return url
    raise InvalidError(
        f"database_url starts with {url.split(':', 1)[0]!r}; write sqlite:///path or postgresql://user@host/name"
    )


def _refuse_unknown_variables(env: Mapping[str, str]) -> None:
    """A misspelt variable is an error, as a misspelt key is; an empty one is none at all."""
    ours = [name for name in env if name.startswith("POTOK_") and env[name] != ""]
    if not ours:
        return
    known = [setting.env for setting in SETTINGS if setting.env]
    known += [name for name, _ in OTHER_VARIABLES if "<" not in name]
    for name in ours:
        if name not in (*known, *_TASK_FACTS, *_MARKS_OF_PROCESSES) and not name.startswith(_FREE_PREFIXES):
            raise InvalidError(f"unknown variable {name!r} in the environment{_hint(name, known)}")


def _without_password(url: str) -> str:
    if not url.startswith(("postgresql://", "postgres://")):
        return url
    hidden = re.sub(r"(?<=://)([^:/?]*):.*@", r"\1:***@", url)
    return re.sub(r"([?&]password=)[^&]*", r"\1***", hidden)


def _flattened(toml: Mapping[str, object], text: str) -> dict[str, object]:
    """Keys of sections as `section.key`; raises InvalidError for a key that is not in the table."""
    known = [setting.key for setting in SETTINGS if setting.key]
    sections = {key.split(".")[0] for key in known if "." in key}
    flat: dict[str, object] = {}
    for key, value in toml.items():
        if key in sections and isinstance(value, Mapping):
            for inner, inner_value in value.items():
                flat[f"{key}.{inner}"] = inner_value
        else:
            flat[key] = value
    for key in flat:
        if key in sections:
            raise InvalidError(f"{_place(text, key)}: {key!r} is a section; write [{key}] and its keys below")
        if key not in known:
            raise InvalidError(f"{_place(text, key)}: unknown key {key!r}{_hint(key, known)}")
    return flat


def _hint(key: str, known: Iterable[str]) -> str:
    import difflib  # only a wrong file pays for it

    near = difflib.get_close_matches(key, list(known), n=1, cutoff=0.5)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known keys: {', '.join(known)}"


def _place(text: str, key: str) -> str:
    """`potok.toml:LINE` of a dotted key, or the bare file name when the line is not plain to see."""
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.split("#")[0].strip()
        if stripped.startswith("["):
            section = stripped.strip("[] \t")
            found = section
        else:
            name = stripped.split("=")[0].strip().replace('"', "").replace("'", "")
            found = f"{section}.{name}" if section else name
        if found and (found == key or (key.startswith(found + ".") and "=" in stripped)):
            return f"{FILE_NAME}:{number}"
    return FILE_NAME


def _from_env(setting: Setting, text: str) -> object:
    value: object = text
    if setting.kind is Kind.NUMBER:
        try:
            value = int(text)
        except ValueError:
            raise InvalidError(f"{setting.env} is {text!r}; write a whole number") from None
    elif setting.kind is Kind.TEXTS:
        value = [part.strip() for part in text.split(",") if part.strip()]
    return _checked(setting, value, setting.env)


def _checked(setting: Setting, value: object, name: str, text: str | None = None) -> object:
    """`value` as the setting's own type; the sentence of the InvalidError starts with the line in `text`, the file."""
    start = _start(name, text)
    match setting.kind:
        case Kind.NUMBER:
            return _number(setting, value, start)
        case Kind.DURATION:
            return _duration(setting, value, start)
        case Kind.CHOICE:
            if value not in setting.choices:
                raise InvalidError(f"{start} is {value!r}; write {' or '.join(map(repr, setting.choices))}")
            return value
        case Kind.TEXTS:
            if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
                raise InvalidError(f'{start} is {value!r}; write a list of names such as ["default", "gpu"]')
            return tuple(value)
        case Kind.SLOTS:
            if not isinstance(value, Mapping):
                raise InvalidError(f"{start} is {value!r}; write a section [{name}] with a line `name = slots` each")
            return {pool: _number(setting, slots, _start(f"{name}.{pool}", text)) for pool, slots in value.items()}
        case Kind.TEXT | Kind.FOLDER | Kind.SECRET:
            if not isinstance(value, str):
                raise InvalidError(f'{start} is {value!r}; write a text in quotes, such as "{setting.default}"')
            return value


def _start(name: str, text: str | None) -> str:
    return name if text is None else f"{_place(text, name)}: {name}"


def _number(setting: Setting, value: object, start: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidError(f"{start} is {value!r}; write a whole number")
    if not setting.low <= value <= setting.high:
        raise InvalidError(f"{start} is {value}; it must be between {setting.low:.0f} and {setting.high:.0f}")
    return value


def _duration(setting: Setting, value: object, start: str) -> float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            pass
    try:
        length_s = seconds(value) if isinstance(value, int | float | str) else seconds(repr(value))
    except InvalidError:
        raise InvalidError(f"{start} is {value!r}; write seconds or a text such as '30s' or '5m'") from None
    if not setting.low <= length_s <= setting.high:
        raise InvalidError(f"{start} is {length_s:g} s; it must be between {setting.low:g} and {setting.high:g} s")
    return length_s
