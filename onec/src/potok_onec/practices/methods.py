"""What a method's signature, comment and size tell. Pure."""

from collections.abc import Iterator
from typing import Final

from potok_onec.bsl import describe_method
from potok_onec.configuration import MetadataObject, Method, Module
from potok_onec.practices.naming import has_lookalikes, is_method_name, is_parameter_name, parameter_name
from potok_onec.practices.sight import Sight

LIMITS: Final = {"method_length": 200, "cyclomatic": 20, "cognitive": 15, "nesting": 4, "parameter_count": 7}
_INTERFACE: Final = frozenset({
    "программныйинтерфейс", "служебныйпрограммныйинтерфейс", "public", "internal", "publicinterface",
    "internalinterface", "дляпереопределения",
})  # fmt: skip
STANDARD: Final = _INTERFACE | {
    "служебныепроцедурыифункции", "private", "обработчикисобытий", "eventhandlers", "описаниепеременных", "variables",
    "инициализация", "initialize", "initialization", "обработчикисобытийформы", "formeventhandlers",
    "обработчикисобытийэлементовшапкиформы", "formheaderitemseventhandlers", "обработчикикомандформы",
    "formcommandseventhandlers", "устаревшиепроцедурыифункции", "deprecated",
}  # fmt: skip
_TABLE_REGIONS: Final = ("обработчикисобытийэлементовтаблицыформы", "formtableitemseventhandlers")


def of_method(item: MetadataObject, module: Module, method: Method) -> Iterator[Sight]:
    def sight(statistic: str, is_good: bool, weight: int = 0, detail: str = "") -> Sight:
        return Sight(
            statistic, is_good, item.project, item.full_name, module.file, method.line, method.name, weight, detail
        )

    names = [parameter_name(each) for each in method.parameters]
    lines = method.end_line - method.line + 1
    if method.is_exported:
        for statistic, is_good, weight in _documented(item, method, names, lines):
            yield sight(statistic, is_good, weight)
    yield sight("method_names", is_method_name(method.name), len(method.name), method.name)
    for name in names:
        yield sight("parameter_names", is_parameter_name(name), len(name), name)
    for name in (method.name, *names):
        yield sight("one_alphabet", not has_lookalikes(name), len(name), name)
        yield sight("without_yo", "ё" not in name.lower(), len(name), name)
    top = method.region.partition("/")[0].lower()
    yield sight("methods_in_regions", bool(top), lines, method.region)
    if top:
        yield sight("standard_regions", top in STANDARD or top.startswith(_TABLE_REGIONS), lines, method.region)
    if item.kind == "CommonModule" and top:
        yield sight("exports_in_interface", method.is_exported == (top in _INTERFACE), lines, method.region)
    sizes = (lines, method.cyclomatic, method.cognitive, method.nesting, len(names))
    for (statistic, limit), size in zip(LIMITS.items(), sizes, strict=True):
        yield sight(statistic, size <= limit, size if size > limit else method.statements, str(size))


def _documented(item: MetadataObject, method: Method, names: list[str], lines: int) -> Iterator[tuple[str, bool, int]]:
    """The best example is described in full, the worst is long and not at all."""
    described = describe_method(method.description)
    told = {each.name.lower() for each in described.parameters}
    whole = sum(name.lower() in told for name in names)
    is_commented = bool(method.description)
    weight = 10 * whole + 10 * bool(described.returns) + 5 * bool(described.examples) if is_commented else lines
    if item.kind == "CommonModule":
        yield "documented_common_exports", is_commented, weight
    yield "documented_exports", is_commented, weight
    if is_commented and names:
        yield "documented_parameters", whole == len(names), whole if whole == len(names) else len(names) - whole
    if is_commented and method.kind == "function":
        yield "documented_returns", bool(described.returns), weight
