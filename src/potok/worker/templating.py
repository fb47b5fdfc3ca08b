"""Jinja templates in a task's texts. Loads Jinja only for a task that has one; renders the DAG file, never data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from potok.worker.failure import TaskError, shorten

if TYPE_CHECKING:
    import jinja2

_SHOWN_MAX_CHARS = 120
_CACHED_MAX = 1000

# `{{ ds }}`, `{{ params.region }}`: most templates are these, and Jinja costs 80 ms and 6 MB in each worker.
_PLAIN_NAME = re.compile(r"\{\{\s*([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*\}\}")

_environment: jinja2.Environment | None = None
_templates: dict[str, jinja2.Template] = {}


def is_template(text: str | bytes) -> bool:
    """Whether Jinja would change the text; works on encoded tasks too."""
    if isinstance(text, bytes):
        return b"{{" in text or b"{%" in text or b"{#" in text
    return "{{" in text or "{%" in text or "{#" in text


def render(value: object, context: Mapping[str, object]) -> object:
    """`value` with the templates in its texts rendered, in lists and mappings too.

    Raises TaskError when a template is wrong or names what the context does not have.
    """
    if isinstance(value, str):
        return render_text(value, context) if is_template(value) else value
    if isinstance(value, list | tuple):
        return type(value)([render(item, context) for item in value])
    if isinstance(value, dict):
        return {key: render(item, context) for key, item in value.items()}
    return value


def render_text(text: str, context: Mapping[str, object]) -> str:
    """One text rendered. Raises TaskError as `render` does."""
    try:
        return _render_plain_names(text, context)
    except LookupError:
        return _render_by_jinja(text, context)


def _render_plain_names(text: str, context: Mapping[str, object]) -> str:
    """What Jinja would make of a text that only names values; LookupError when it does more, or names nothing."""
    if "{%" in text or "{#" in text:
        raise LookupError(text)
    parts = _PLAIN_NAME.split(text)
    if any("{{" in part for part in parts[::2]):
        raise LookupError(text)
    for index in range(1, len(parts), 2):
        first, *rest = parts[index].split(".")
        value = context[first]
        for name in rest:
            value = _attribute_or_item(value, name)
        parts[index] = str(value)
    return "".join(parts)


def _attribute_or_item(value: object, name: str) -> object:
    """Jinja's own order."""
    try:
        found: object = getattr(value, name)
        return found
    except AttributeError:
        if isinstance(value, Mapping) and name in value:
            item: object = value[name]
            return item
        raise LookupError(name) from None


def _render_by_jinja(text: str, context: Mapping[str, object]) -> str:
    import jinja2

    try:
        template = _templates.get(text)
        if template is None:
            if len(_templates) >= _CACHED_MAX:
                _templates.clear()
            template = _templates[text] = _jinja().from_string(text)
        return template.render(context)
    except jinja2.TemplateSyntaxError as error:
        raise TaskError("TemplateError", f"the template {_shown(text)} is wrong: {error.message}") from None
    except jinja2.TemplateError as error:
        raise TaskError("TemplateError", f"the template {_shown(text)} cannot be rendered: {error}") from None


def _shown(text: str) -> str:
    return repr(shorten(text, _SHOWN_MAX_CHARS))


def _jinja() -> jinja2.Environment:
    global _environment  # noqa: PLW0603 - one for the process, made when first needed
    if _environment is None:
        import jinja2

        _environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True
        )
        _environment.filters.update(
            ds=lambda at: _iso(at)[:10],
            ds_nodash=lambda at: _iso(at)[:10].replace("-", ""),
            ts=_iso,
            ts_nodash=lambda at: _iso(at)[:19].replace("-", "").replace(":", ""),
        )
    return _environment


def _iso(at: datetime) -> str:
    return at.isoformat()
