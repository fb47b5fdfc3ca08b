"""Reads MetaDataObject files of a Designer dump into elements."""

from typing import Final

from potok_onec.configuration.element import Element
from potok_onec.configuration.values import (
    TypeDescription,
    Value,
    constant,
    designer_types,
    local,
    number,
    type_name,
)
from potok_onec.configuration.xml_tree import Node, XmlError

NAMESPACE: Final = "http://v8.1c.ru/8.3/MDClasses"

_TYPE_TAGS: Final = frozenset({"Type", "TypeSet", "TypeId"})
# Properties that say which types are meant: the one typed field of the model.
_TYPE_PROPERTIES: Final = frozenset({"Type", "Source", "CommandParameterType"})
_ITEM_TAGS: Final = frozenset({"Item", "Field", "Object", "Value", "item", "Metadata"})


def read_object(root: Node) -> Element:
    """The element of a MetaDataObject file. Raises XmlError when there is none."""
    if root.tag != "MetaDataObject" or not root.children:
        raise XmlError(f"a MetaDataObject with one object was expected, not <{root.tag}>", root.line, is_misplaced=True)
    return read_element(root.children[0])


def read_element(node: Node) -> Element:
    element = Element(kind=node.tag, line=node.line, uuid=node.attributes.get("uuid", ""))
    for part in node.children:
        if part.tag == "Properties":
            _read_properties(part, element)
        elif part.tag == "ChildObjects":
            _read_children(part, element)
        elif part.tag == "InternalInfo":
            _read_internal(part, element)
    if element.is_adopted:
        for name in element.properties:
            element.states.setdefault(name, "Checked")
        if element.type is not None:
            element.states.setdefault("Type", "Checked")
    return element


def _read_children(node: Node, element: Element) -> None:
    for child in node.children:
        if child.children or "uuid" in child.attributes:
            element.members.append(read_element(child))
        elif child.text.strip():
            element.references.append((child.tag, child.text.strip(), child.line))


def _read_internal(node: Node, element: Element) -> None:
    for part in node.children:
        if part.tag == "GeneratedType":
            element.generated_types[part.attributes.get("category", "")] = part.value("TypeId")
        elif part.tag == "PropertyState":
            element.states[part.value("Property")] = part.value("State")


def _read_properties(node: Node, element: Element) -> None:
    for part in node.children:
        tag = part.tag
        if tag == "Name":
            element.name = part.text
        elif tag == "Synonym":
            element.synonym = localized(part)
        elif tag == "Comment":
            element.comment = part.text
        elif tag == "ObjectBelonging":
            element.is_adopted = part.text == "Adopted"
        elif tag == "ExtendedConfigurationObject":
            element.extended_object = part.text
        elif tag in ("StandardAttributes", "StandardTabularSections"):
            element.members.extend(_standard(child) for child in part.children)
        elif tag in _TYPE_PROPERTIES and (not part.text or part.children):
            element.type = designer_types(part)
        else:
            element.properties[tag] = value(part)


def _standard(node: Node) -> Element:
    """A standard attribute or tabular section: properties are direct children, the name is an attribute."""
    element = Element(kind=node.tag, line=node.line)
    _read_properties(node, element)
    element.name = node.attributes.get("name", "")
    return element


def localized(node: Node) -> dict[str, str]:
    return {item.value("lang"): item.value("content") for item in node.children if item.tag == "item"}


def value(node: Node) -> Value:
    """A property in the common form; text stays text, the defaults table knows numbers and booleans."""
    attributes = node.attributes
    if attributes.get("nil") == "true":
        return None
    if "type" in attributes:
        return _constant(node, attributes["type"])
    if not node.children:
        return _attributes_of(node) if attributes else node.text
    first = node.children[0]
    if first.tag == "item" and first.child("lang") is not None:
        return dict[str, Value](localized(node))
    if first.tag in _TYPE_TAGS:
        return _types_value(designer_types(node))
    if all(child.tag in _ITEM_TAGS for child in node.children):
        return [_item(child) for child in node.children]
    if len({child.tag for child in node.children}) == 1 and first.children:
        return [_structure(child) for child in node.children]
    return _structure(node)


def _types_value(types: TypeDescription) -> Value:
    return {"types": list(types.types)}


def _constant(node: Node, type_text: str) -> Value:
    name = type_name(type_text)
    if name == "ApplicationUsePurpose":
        return node.text
    if node.children or set(node.attributes) > {"type"}:
        inner: dict[str, Value] = {key: text for key, text in node.attributes.items() if key != "type"}
        if name in ("FixedArray", "ValueList"):
            return {"type": name, "value": [value(child) for child in node.children]}
        for child in node.children:
            inner[child.tag] = value(child)
        return {"type": name, "value": inner}
    text = node.text
    return constant(name, number(text) if name == "Number" and text else text)


def _item(node: Node) -> Value:
    """One entry of a list: a bare reference is its text, anything more is a structure."""
    kind = local(node.attributes.get("type", ""))
    if node.children:
        return _structure(node)
    if not kind or kind in ("MDObjectRef", "ApplicationUsePurpose"):
        return node.text
    return _constant(node, kind)


def _structure(node: Node) -> dict[str, Value]:
    found: dict[str, Value] = {key: text for key, text in node.attributes.items() if key != "type"}
    for child in node.children:
        item = value(child)
        if child.tag in found:
            known = found[child.tag]
            found[child.tag] = [*known, item] if isinstance(known, list) else [known, item]
        else:
            found[child.tag] = item
    return found


def _attributes_of(node: Node) -> Value:
    found: dict[str, Value] = dict(node.attributes)
    if node.text.strip():
        found["text"] = node.text
    return found
