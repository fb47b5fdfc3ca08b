"""Jinja templates in a task's texts. Loads Jinja only for a task that has one; renders the DAG file, never data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from potok.worker.failure import TaskError, shorten

if TYPE_CHECKING:
    import jinja2

_SHOWN_MAX_CHARS = 120
_CACHED_MAX = 1000

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
