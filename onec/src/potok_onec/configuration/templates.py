"""Reads templates of which something can be known: composition schemas, spreadsheets. The rest keep only their type."""

from typing import Final

from potok_onec.configuration.model import DataSet, Member, Template
from potok_onec.configuration.xml_tree import Node, Tree

SCHEMA: Final = "http://v8.1c.ru/8.1/data-composition-system/schema"
SPREADSHEET: Final = "http://v8.1c.ru/8.2/data/spreadsheet"

# Settings and pictures of schemas, cells of spreadsheets: megabytes of which the model keeps nothing.
SKIP: Final = frozenset({"settingsVariant", "rowsItem", "columns", "drawing", "format", "picture", "printSettings"})


def read(member: Member, file: str, tree: Tree | None) -> Template:
    """`tree` is None for a template whose content is not XML that is read."""
    kind = member.properties.get("TemplateType")
    template_type = kind if isinstance(kind, str) else ""
    if tree is None:
        return Template(member=member, file=file, template_type=template_type)
    if tree.namespace == SCHEMA:
        return Template(
            member=member,
            file=file,
            template_type=template_type,
            data_sets=tuple(_data_sets(tree.root)),
            parameters=tuple(node.value("name") for node in tree.root.all("parameter")),
        )
    if tree.namespace == SPREADSHEET:
        areas = tuple(node.value("name") for node in tree.root.all("namedItem"))
        return Template(member=member, file=file, template_type=template_type, areas=areas)
    return Template(member=member, file=file, template_type=template_type)


def _data_sets(root: Node) -> list[DataSet]:
    found: list[DataSet] = []
    pending = list(reversed(root.all("dataSet")))
    while pending:
        node = pending.pop()
        text = node.child("query")
        found.append(
            DataSet(
                name=node.value("name"),
                kind=node.attributes.get("type", "").rpartition(":")[2].removeprefix("DataSet"),
                line=text.line if text is not None else node.line,
                query=text.text if text is not None else "",
                fields=tuple(field.value("dataPath") for field in node.all("field")),
            )
        )
        pending.extend(reversed(node.all("item")))
    return found
