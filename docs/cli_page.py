"""The reference of all commands, from the Typer app."""

from __future__ import annotations

from collections.abc import Iterator

import typer.main

from potok.cli.app import app

INTRO = """\
# Commands

Every command takes `--json`: then it prints JSON on stdout and nothing else there. Errors are one sentence on stderr.
`NO_COLOR` and pipes are honoured. `potok --install-completion` adds completion of commands, DAGs, runs and tasks to
your shell.

| exit code | meaning |
|---|---|
| 0 | ok |
| 1 | the run failed, or a check (`validate`, `doctor`) found problems |
| 2 | usage: the command can't be carried out as it was asked |
| 3 | no server answers |

Commands that talk to a server find it by `POTOK_URL` and `POTOK_API_TOKEN`, else by the record in `POTOK_HOME`.
Where a command takes a RUN, `last` is the newest run, and a DAG's id is its newest run.
"""


def cli_page() -> str:
    root = typer.main.get_command(app)
    parts = [INTRO, _overview(root)]
    for path, command in _commands("potok", root):
        parts.append(_section(path, command))
    return "\n".join(parts)


def _commands(path: str, group: object) -> Iterator[tuple[str, object]]:
    """Leaves in the order of the help."""
    for name, command in getattr(group, "commands", {}).items():
        deeper = getattr(command, "commands", None)
        if deeper:
            yield from _commands(f"{path} {name}", command)
        else:
            yield f"{path} {name}", command


def _overview(root: object) -> str:
    lines = ["| command | what it does |", "|---|---|"]
    for path, command in _commands("potok", root):
        lines.append(f"| [`{path}`](#{path.replace(' ', '-')}) | {_first_line(command)} |")
    return "\n".join(lines) + "\n"


def _first_line(command: object) -> str:
    return _text(getattr(command, "help", "")).split("\n")[0]


def _text(value: object) -> str:
    return str(value or "").strip()


def _section(path: str, command: object) -> str:
    params = [param for param in getattr(command, "params", []) if not getattr(param, "hidden", False)]
    arguments = [param for param in params if getattr(param, "param_type_name", "") == "argument"]
    options = [param for param in params if getattr(param, "param_type_name", "") == "option"]
    usage = " ".join([path, "[OPTIONS]" if options else "", *(_argument_name(one) for one in arguments)])
    lines = [f"## {path}", "", _text(getattr(command, "help", "")), "", "```", " ".join(usage.split()), "```", ""]
    rows = [(f"`{_argument_name(one)}`", one) for one in arguments] + [(_option_name(one), one) for one in options]
    if rows:
        lines += ["| | |", "|---|---|"]
        lines += [f"| {name} | {_meaning(one)} |" for name, one in rows]
        lines.append("")
    return "\n".join(lines)


def _argument_name(param: object) -> str:
    return str(getattr(param, "metavar", None) or str(getattr(param, "name", "")).upper())


def _option_name(param: object) -> str:
    names = ", ".join(f"`{name}`" for name in [*getattr(param, "opts", []), *getattr(param, "secondary_opts", [])])
    metavar = getattr(param, "metavar", None)
    return f"{names} `{metavar}`" if metavar else names


def _meaning(param: object) -> str:
    parts = [_text(getattr(param, "help", ""))]
    default = getattr(param, "default", None)
    if not callable(default) and default not in (None, "", False, [], ()) and "Argument" not in type(param).__name__:
        parts.append(f"Default: `{getattr(default, 'value', default)}`.")
    if getattr(param, "required", False) and getattr(param, "param_type_name", "") == "option":
        parts.append("Required.")
    return " ".join(part for part in parts if part).replace("|", "\\|")
