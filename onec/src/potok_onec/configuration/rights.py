"""Reads what a role permits: rights by object, restrictions of rows and their templates. One format in both layouts."""

from potok_onec.configuration.model import Restriction, Right, Rights
from potok_onec.configuration.xml_tree import Node


def read(root: Node, file: str) -> Rights:
    rights: list[Right] = []
    templates: dict[str, str] = {}
    for part in root.children:
        if part.tag == "object":
            name = part.value("name")
            rights.extend(_right(name, node) for node in part.all("right"))
        elif part.tag == "restrictionTemplate":
            templates[part.value("name")] = part.value("condition")
    return Rights(
        file=file,
        set_for_new_objects=root.value("setForNewObjects") == "true",
        set_for_attributes_by_default=root.value("setForAttributesByDefault") == "true",
        independent_rights_of_child_objects=root.value("independentRightsOfChildObjects") == "true",
        rights=tuple(rights),
        templates=templates,
    )


def _right(name: str, node: Node) -> Right:
    return Right(
        object=name,
        name=node.value("name"),
        value=node.value("value") == "true",
        line=node.line,
        restrictions=tuple(
            Restriction(
                condition=part.value("condition"),
                line=part.line,
                fields=tuple(field.text for field in part.all("field")),
            )
            for part in node.all("restrictionByCondition")
        ),
    )
