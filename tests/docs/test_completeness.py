"""What the product has is written about: commands, routes, settings, options, names of the authoring API, messages."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import typer.main

import potok
from potok.api.app import API_ROOT, all_routes
from potok.api.openapi import openapi
from potok.authoring import macros
from potok.authoring.context_names import CONTEXT_NAMES
from potok.authoring.dag_options import DagOptions
from potok.authoring.options import FunctionOptions
from potok.authoring.schedule import PRESETS
from potok.cli.app import app
from potok.model.settings import OTHER_VARIABLES, SETTINGS
from potok.model.state import TaskState
from potok.model.trigger_rule import TriggerRule
from potok.version import __version__
from tests.docs.blocks import ROOT, pages

GUIDE = ROOT / "docs" / "guide" / "authoring.md"
GLOSSARY = ROOT / "docs" / "explain" / "glossary.md"
TROUBLESHOOTING = ROOT / "docs" / "how-to" / "troubleshooting.md"
REFERENCE = sorted((ROOT / "docs" / "reference").glob("*.md"))


def _text(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _unsaid(names: Iterable[str], text: str) -> list[str]:
    """Names that no sentence or table of `text` has as words of code. An example alone explains nothing."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    code = "\n".join(re.findall(r"`[^`\n]+`", prose))
    return sorted(name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", code))


def _commands(path: str, group: object) -> Iterator[str]:
    for name, command in getattr(group, "commands", {}).items():
        if getattr(command, "commands", None):
            yield from _commands(f"{path} {name}", command)
        else:
            yield f"{path} {name}"


def test_every_command_is_written_about() -> None:
    commands = list(_commands("potok", typer.main.get_command(app)))
    assert len(commands) > 20
    assert not _unsaid(commands, _text(*pages(), *REFERENCE))


def test_every_command_that_a_newcomer_needs_is_in_a_page_written_by_hand() -> None:
    groups = {" ".join(command.split()[:2]) for command in _commands("potok", typer.main.get_command(app))}
    text = _text(*pages())
    assert not [group for group in groups if f"{group} " not in text and f"{group}`" not in text]


def test_every_route_is_written_about() -> None:
    text = _text(*pages(), *REFERENCE)
    paths = openapi(all_routes(), __version__, API_ROOT)["paths"]
    assert isinstance(paths, dict)
    routes = [
        f"{method.upper()} {path.removeprefix(API_ROOT)}" for path, methods in paths.items() for method in methods
    ]
    assert len(routes) > 20
    assert not [route for route in routes if route not in text]


def test_every_setting_is_written_about() -> None:
    names = [name for setting in SETTINGS for name in (setting.key, setting.env) if name]
    assert not _unsaid([*names, *(name for name, _ in OTHER_VARIABLES)], _text(*pages(), *REFERENCE))


def test_every_option_of_dags_and_tasks_is_in_the_authoring_guide() -> None:
    options = {*DagOptions.__annotations__, *FunctionOptions.__annotations__, "dag_id", "task_id"}
    assert not _unsaid(options, _text(GUIDE))


def test_every_public_name_is_in_the_authoring_guide() -> None:
    assert not _unsaid([name for name in potok.__all__ if not name.startswith("__")], _text(GUIDE))


def test_the_authoring_guide_has_every_trigger_rule_preset_context_name_and_macro() -> None:
    names = {*TriggerRule, *CONTEXT_NAMES, *PRESETS, *macros.__all__}
    assert not _unsaid(names, _text(GUIDE))


def test_the_glossary_has_every_state() -> None:
    rows = re.findall(r"^\| (\w+) \|", _text(GLOSSARY), flags=re.M)
    assert not set(TaskState) - set(rows)


def test_messages_that_troubleshooting_explains_are_the_product_s_own() -> None:
    messages = re.findall(r"^\| `([^`]+)`", _text(TROUBLESHOOTING), flags=re.M)
    assert len(messages) > 5
    # Values and quotes stand between the pieces, and a sentence may be written on two lines.
    source = re.sub(r'"\s*f?"', "", _text(*sorted((ROOT / "src").rglob("*.py"))))
    pieces = [piece.strip() for message in messages for piece in re.split(r"…|\d+|NAME", message) if piece.strip()]
    assert not [piece for piece in pieces if piece not in source]
