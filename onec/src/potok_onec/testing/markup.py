"""Writes indented XML text; nothing clever, the same text on every machine."""

from xml.sax.saxutils import escape, quoteattr


class Markup:
    """Collects lines; `tag` writes a leaf, `open` and `close` what has children."""

    def __init__(self, *, bom: bool) -> None:
        self._lines = ["\ufeff" * bom + '<?xml version="1.0" encoding="UTF-8"?>']
        self._depth = 0

    def open(self, tag: str, /, **attributes: str) -> None:
        self._lines.append(f"{self._indent()}<{tag}{_attributes(attributes)}>")
        self._depth += 1

    def close(self, tag: str) -> None:
        self._depth -= 1
        self._lines.append(f"{self._indent()}</{tag}>")

    def tag(self, name: str, text: str = "", /, **attributes: str) -> None:
        if text:
            self._lines.append(f"{self._indent()}<{name}{_attributes(attributes)}>{escape(text)}</{name}>")
        else:
            self._lines.append(f"{self._indent()}<{name}{_attributes(attributes)}/>")

    def _indent(self) -> str:
        return "\t" * self._depth

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _attributes(attributes: dict[str, str]) -> str:
    return "".join(f" {name.replace('__', ':')}={quoteattr(text)}" for name, text in attributes.items())
