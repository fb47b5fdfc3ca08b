"""The reference of all settings, from the one table that resolving them uses too."""

from __future__ import annotations

from potok.model.settings import OTHER_VARIABLES, SETTINGS, Kind, Setting

INTRO = """\
# Configuration

Settings stand in `potok.toml` of the working folder; the environment goes over it, and options of a command over both.
A file is not needed. Relative folders count from the working folder. An unknown key or `POTOK_` variable is an error
that names the nearest known one. `potok doctor` checks the result.
"""

EXAMPLE = """\
```toml
dags = "dags"
port = 8080
workers = 8
import_timeout = "1m"

[retention]
runs_days = 90

[pools]
ml_training = 2
```
"""


def configuration_page() -> str:
    lines = [INTRO, EXAMPLE, "| key | variable | type | default | meaning |", "|---|---|---|---|---|"]
    lines += [_row(setting) for setting in SETTINGS]
    lines += ["", "## More variables", "", "| variable | meaning |", "|---|---|"]
    lines += [f"| `{name}` | {meaning} |" for name, meaning in OTHER_VARIABLES]
    lines += [
        "",
        "In a variable a list is written with commas, and a length as seconds or as `30s`, `5m`, `1h30m`.",
        "",
        "Tasks inherit the server's environment without its `POTOK_*` variables, but for `POTOK_HOME`, `POTOK_URL` and "
        "those of potok-onec (`POTOK_ONEC_*`).",
    ]
    return "\n".join(lines) + "\n"


def _row(setting: Setting) -> str:
    key = f"`{setting.key}`" if setting.key else "–"
    env = f"`{setting.env}`" if setting.env else "–"
    return f"| {key} | {env} | {_type(setting)} | {_default(setting)} | {setting.doc} |"


def _type(setting: Setting) -> str:
    if setting.kind is Kind.NUMBER:
        return f"whole number, {setting.low:.0f} to {setting.high:.0f}"
    if setting.kind is Kind.CHOICE:
        return " or ".join(f"`{choice}`" for choice in setting.choices)
    if setting.kind is Kind.DURATION:
        return f"length, {setting.low:g} s to {setting.high:g} s"
    return setting.kind.value


def _default(setting: Setting) -> str:
    if setting.kind is Kind.DURATION:
        return f"`{setting.default:g}s`" if isinstance(setting.default, float) else ""
    if setting.kind is Kind.TEXTS and isinstance(setting.default, tuple):
        return ", ".join(f"`{item}`" for item in setting.default) or "none"
    if setting.default in ("", {}):
        return "none"
    return f"`{setting.default}`"
