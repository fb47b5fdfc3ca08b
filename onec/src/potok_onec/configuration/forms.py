"""Reads managed forms of both layouts: elements, attributes, commands, handlers. Looks are not read."""

from typing import Final

from potok_onec.configuration.model import FormAttribute, FormCommand, FormContent, FormItem
from potok_onec.configuration.values import designer_types, edt_types
from potok_onec.configuration.xml_tree import Node

# Looks and texts make up most of a form's bytes and nothing of the model.
DESIGNER_SKIP: Final = frozenset(
    {
        "ExtendedTooltip", "Title", "ToolTip", "ConditionalAppearance", "Font", "TextColor", "BackColor", "BorderColor",
        "UserVisible", "ChoiceList", "Picture", "Format", "EditFormat", "InputHint", "RowPictureDataPath", "Period",
    }
)  # fmt: skip
EDT_SKIP: Final = frozenset(
    {
        "extendedTooltip", "title", "toolTip", "font", "textColor", "backColor", "borderColor", "userVisible",
        "choiceList", "picture", "format", "editFormat", "inputHint", "conditionalAppearance", "view", "edit", "use",
        "searchStringAddition", "viewStatusAddition", "searchControlAddition",
    }
)  # fmt: skip

_DESIGNER_PARENTS: Final = frozenset({"ChildItems", "AutoCommandBar", "ContextMenu"})
_DESIGNER_LEAVES: Final = frozenset({"SearchStringAddition", "ViewStatusAddition", "SearchControlAddition"})
# EDT names the widget in <type> where it names the sort of element in xsi:type.
_EDT_SORTS: Final = frozenset({"FormField", "FormGroup", "Decoration", "Addition"})
# What EDT leaves out: the first of each enumeration.
_EDT_DEFAULTS: Final = {"FormGroup": "ButtonGroup", "Decoration": "PictureDecoration"}
_EDT_TYPES: Final = {
    "Label": "LabelDecoration",
    "Picture": "PictureDecoration",
    "ImageField": "PictureField",
    "RadioButtonsField": "RadioButtonField",
    "SpreadsheetDocumentField": "SpreadSheetDocumentField",
    "HtmlDocumentField": "HTMLDocumentField",
}


def read_designer(root: Node, file: str) -> FormContent:
    items: list[FormItem] = []
    for part in root.children:
        if part.tag in _DESIGNER_PARENTS:
            _designer_items(part, "", items)
    handlers, lines = _designer_handlers(root)
    attributes, commands, parameters = (root.child(tag) or _NOTHING for tag in ("Attributes", "Commands", "Parameters"))
    return FormContent(
        file=file,
        items=tuple(items),
        attributes=tuple(_designer_attribute(node) for node in attributes.all("Attribute")),
        commands=tuple(
            FormCommand(name=node.attributes.get("name", ""), line=node.line, action=node.value("Action"))
            for node in commands.all("Command")
        ),
        parameters=tuple(node.attributes.get("name", "") for node in parameters.all("Parameter")),
        handlers=handlers,
        handler_lines=lines,
    )


def _designer_items(node: Node, parent: str, items: list[FormItem]) -> None:
    pending = [(node, parent)]
    while pending:
        holder, name = pending.pop()
        if holder.tag in ("AutoCommandBar", "ContextMenu") and "name" in holder.attributes and holder.children:
            holder_items = [part for part in holder.children if part.tag == "ChildItems"]
            pending.extend((part, name) for part in holder_items)
            continue
        for part in holder.children:
            own = part.attributes.get("name")
            if own is None or part.tag in _DESIGNER_LEAVES:
                continue
            handlers, lines = _designer_handlers(part)
            items.append(
                FormItem(
                    name=own,
                    kind=part.tag,
                    line=part.line,
                    parent=name,
                    data_path=part.value("DataPath"),
                    handlers=handlers,
                    handler_lines=lines,
                )
            )
            pending.extend((inner, own) for inner in part.children if inner.tag in _DESIGNER_PARENTS)


def _designer_handlers(node: Node) -> tuple[dict[str, str], tuple[int, ...]]:
    """By event, and the line of each."""
    events = node.child("Events")
    if events is None:
        return {}, ()
    found = {each.attributes.get("name", ""): (each.text, each.line) for each in events.children if each.text}
    return _apart(found)


def _designer_attribute(node: Node) -> FormAttribute:
    kind = node.child("Type")
    columns = node.child("Columns") or _NOTHING
    settings = node.child("Settings")
    return FormAttribute(
        name=node.attributes.get("name", ""),
        line=node.line,
        type=designer_types(kind) if kind is not None else None,
        is_main=node.value("MainAttribute") == "true",
        columns=tuple(_designer_attribute(column) for column in columns.all("Column")),
        query=settings.value("QueryText") if settings is not None else "",
    )


def read_edt(root: Node, file: str) -> FormContent:
    items: list[FormItem] = []
    _edt_items(root, items)
    handlers, lines = _edt_handlers(root)
    return FormContent(
        file=file,
        items=tuple(items),
        attributes=tuple(_edt_attribute(node) for node in root.all("attributes")),
        commands=tuple(
            FormCommand(name=node.value("name"), line=node.line, action=_edt_action(node))
            for node in root.all("formCommands")
        ),
        parameters=tuple(node.value("name") for node in root.all("parameters")),
        handlers=handlers,
        handler_lines=lines,
    )


def _edt_items(root: Node, items: list[FormItem]) -> None:
    pending = [(root, "")]
    while pending:
        holder, name = pending.pop()
        for part in holder.children:
            if part.tag in ("autoCommandBar", "contextMenu"):
                pending.append((part, name))
            elif part.tag == "items" and not part.attributes.get("type", "").endswith("Addition"):
                own = part.value("name")
                path = part.child("dataPath")
                handlers, lines = _edt_handlers(part)
                items.append(
                    FormItem(
                        name=own,
                        kind=_edt_kind(part),
                        line=part.line,
                        parent=name,
                        data_path=path.value("segments") if path is not None else "",
                        handlers=handlers,
                        handler_lines=lines,
                    )
                )
                pending.append((part, own))


def _edt_kind(node: Node) -> str:
    sort = node.attributes.get("type", "").rpartition(":")[2]
    if sort not in _EDT_SORTS:
        return sort
    widget = node.value("type")
    return _EDT_TYPES.get(widget, widget) or _EDT_DEFAULTS.get(sort, sort)


def _edt_handlers(node: Node) -> tuple[dict[str, str], tuple[int, ...]]:
    holders = [node, *node.all("extInfo")]
    events = [event for holder in holders for event in holder.all("handlers")]
    return _apart({event.value("event"): (event.value("name"), event.line) for event in events})


def _apart(found: dict[str, tuple[str, int]]) -> tuple[dict[str, str], tuple[int, ...]]:
    return {event: name for event, (name, _) in found.items()}, tuple(line for _, line in found.values())


def _edt_action(node: Node) -> str:
    action = node.child("action")
    handler = action.child("handler") if action is not None else None
    return handler.value("name") if handler is not None else ""


def _edt_attribute(node: Node) -> FormAttribute:
    kind = node.child("valueType")
    extra = node.child("extInfo")
    return FormAttribute(
        name=node.value("name"),
        line=node.line,
        type=edt_types(kind) if kind is not None else None,
        is_main=node.value("main") == "true",
        columns=tuple(_edt_attribute(column) for column in node.all("columns")),
        query=extra.value("queryText") if extra is not None else "",
    )


_NOTHING: Final = Node("", {}, 0)
