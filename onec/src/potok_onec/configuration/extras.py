"""Reads what lies beside an object: predefined data, schedules, content of exchange plans, command interfaces."""

from typing import Final

from potok_onec.configuration.model import CommandInterface, CommandPlacement, PredefinedItem
from potok_onec.configuration.values import TypeDescription, Value, designer_types, number, type_name
from potok_onec.configuration.xml_tree import Node

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_SHORT: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEK_DAYS: Final = {name: str(index) for index, name in enumerate(_DAYS, 1)}
_MONTHS: Final = {name: str(index) for index, name in enumerate(_MONTHS_SHORT, 1)}
_SCHEDULE_DEFAULTS: Final[dict[str, Value]] = {
    "BeginDate": "0001-01-01",
    "EndDate": "0001-01-01",
    "BeginTime": "00:00:00",
    "EndTime": "00:00:00",
    "CompletionTime": "00:00:00",
    "CompletionInterval": 0,
    "RepeatPeriodInDay": 0,
    "RepeatPause": 0,
    "WeekDayInMonth": 0,
    "DayInMonth": 0,
    "WeeksPeriod": 0,
    "DaysRepeatPeriod": 0,
}


def designer_predefined(root: Node) -> tuple[PredefinedItem, ...]:
    return tuple(_designer_item(node) for node in root.all("Item"))


def _designer_item(node: Node) -> PredefinedItem:
    kind = node.child("Type")
    inner = node.child("ChildItems")
    return PredefinedItem(
        id=node.attributes.get("id", ""),
        name=node.value("Name"),
        line=node.line,
        code=node.value("Code"),
        description=node.value("Description"),
        is_folder=node.value("IsFolder") == "true",
        type=designer_types(kind) if kind is not None and kind.children else None,
        items=tuple(_designer_item(item) for item in inner.all("Item")) if inner is not None else (),
    )


def edt_predefined(value: Value) -> tuple[PredefinedItem, ...]:
    """EDT keeps predefined data inside the .mdo; there the reader has made plain values of it."""
    if not isinstance(value, dict):
        return ()
    return tuple(_edt_item(item) for item in _dicts(value.get("Items")))


def _edt_item(item: dict[str, Value]) -> PredefinedItem:
    kind = item.get("Type")
    types = kind.get("types") if isinstance(kind, dict) else None
    names = tuple(type_name(name) for name in types if isinstance(name, str)) if isinstance(types, list) else ()
    return PredefinedItem(
        id=_text(item.get("Id")),
        name=_text(item.get("Name")),
        code=_text(item.get("Code")),
        description=_text(item.get("Description")),
        is_folder=_text(item.get("IsFolder")) == "true",
        type=TypeDescription(types=names) if names else None,
        items=tuple(_edt_item(inner) for inner in [*_dicts(item.get("Content")), *_dicts(item.get("ChildItems"))]),
    )


def _dicts(value: Value) -> list[dict[str, Value]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, dict)]


def _text(value: Value) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return "" if value is None else str(value)


def designer_schedule(root: Node) -> dict[str, Value]:
    node = root.child("Schedule") or root
    found = {**_SCHEDULE_DEFAULTS, **{name: _amount(text) for name, text in node.attributes.items()}}
    found["WeekDays"] = list[Value](node.value("WeekDays").split())
    found["Months"] = list[Value](node.value("Months").split())
    return found


def edt_schedule(root: Node) -> dict[str, Value]:
    written = {name[:1].upper() + name[1:]: _amount(text) for name, text in root.attributes.items()}
    found = {**_SCHEDULE_DEFAULTS, **written}
    found["WeekDays"] = [_WEEK_DAYS.get(node.text, node.text) for node in root.all("weekDays")]
    found["Months"] = [_MONTHS.get(node.text, node.text) for node in root.all("months")]
    return found


def _amount(text: str) -> Value:
    return number(text) if text.isdigit() else text


def designer_exchange_content(root: Node) -> dict[str, bool]:
    """Objects of an exchange plan; True where changes are registered automatically."""
    return {item.value("Metadata"): item.value("AutoRecord") == "Allow" for item in root.all("Item")}


def edt_exchange_content(value: Value) -> dict[str, bool]:
    items = _dicts(value)
    return {_text(item.get("MdObject")): _text(item.get("AutoRecord")) == "Allow" for item in items}


def designer_command_interface(root: Node, file: str) -> CommandInterface:
    placements: list[CommandPlacement] = []
    order: list[str] = []
    for section in root.children:
        for node in section.children:
            if node.tag == "Subsystem":
                order.append(node.text)
            elif node.tag == "Command":
                visibility = node.child("Visibility")
                seen = visibility.value("Common") == "true" if visibility is not None else None
                placements.append(
                    CommandPlacement(
                        command=node.attributes.get("name", ""),
                        line=node.line,
                        is_visible=seen,
                        group=node.value("CommandGroup"),
                    )
                )
    return CommandInterface(file=file, placements=tuple(placements), subsystems_order=tuple(order))


def edt_command_interface(root: Node, file: str) -> CommandInterface:
    placements: list[CommandPlacement] = []
    order: list[str] = []
    for section in root.children:
        if section.tag == "subsystemsOrder":
            order.extend(node.text for node in section.all("subsystems"))
        for node in section.children:
            visible = node.child("visible")
            seen = visible.value("common") == "true" if visible is not None else None
            for command in [*node.all("command"), *node.all("commands")]:
                placements.append(
                    CommandPlacement(
                        command=command.text, line=command.line, is_visible=seen, group=node.value("group")
                    )
                )
    return CommandInterface(file=file, placements=tuple(placements), subsystems_order=tuple(order))
