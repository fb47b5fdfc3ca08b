"""Colours, fonts and borders of style items in one form: EDT writes structures where Designer writes short texts."""

from typing import Final

from potok_onec.configuration.values import Value

_PREFIXES: Final = {"Style": "style", "Web": "web", "Windows": "win"}
_NO_BORDER: Final = "WithoutBorder"


def normalise(value: Value) -> Value:
    if not isinstance(value, dict):
        return value
    kind = value.get("type")
    if kind == "Color":
        return {"type": "Color", "value": _color(value.get("value"))}
    if kind == "Font":
        return {"type": "Font", "value": _font(value.get("value"))}
    if kind == "Border":
        return {"type": "Border", "value": _border(value.get("value"))}
    return value


def _definition(value: Value) -> tuple[str, dict[str, Value]]:
    """EDT: what sort of definition (ColorDef, ColorRef…) and what it says."""
    if not isinstance(value, dict):
        return "", {}
    inner = value.get("value")
    return str(value.get("type", "")), inner if isinstance(inner, dict) else {}


def _reference(text: Value) -> Value:
    """`Style.X` of EDT is `style:X` of Designer."""
    if not isinstance(text, str):
        return text
    prefix, dot, name = text.partition(".")
    return f"{_PREFIXES[prefix]}:{name}" if dot and prefix in _PREFIXES else text


def _color(value: Value) -> Value:
    sort, facts = _definition(value)
    if sort == "ColorDef":
        return "#" + "".join(f"{_byte(facts.get(part)):02X}" for part in ("Red", "Green", "Blue"))
    if sort == "ColorRef":
        return _reference(facts.get("Color", ""))
    return value if isinstance(value, str) else "auto"


def _byte(value: Value) -> int:
    return int(value) if isinstance(value, (str, int)) and str(value).isdigit() else 0


def _font(value: Value) -> Value:
    sort, facts = _definition(value)
    if not sort and isinstance(value, dict):
        facts = {name[:1].upper() + name[1:]: item for name, item in value.items() if name != "kind"}
    found: dict[str, Value] = {}
    for name, item in facts.items():
        if name in ("Font", "Ref"):
            found["Ref"] = _reference(item)
        elif not (name == "Scale" and item == "100"):
            found[name] = item
    return dict(sorted(found.items()))


def _border(value: Value) -> Value:
    sort, facts = _definition(value)
    if not sort and isinstance(value, dict):
        facts = {name[:1].upper() + name[1:]: item for name, item in value.items()}
    style = facts.get("Style", _NO_BORDER)
    if isinstance(style, dict):
        style = style.get("value", _NO_BORDER)
    if "Border" in facts:
        return {"Ref": _reference(facts["Border"])}
    return {"Style": style, "Width": str(facts.get("Width", "0"))}
