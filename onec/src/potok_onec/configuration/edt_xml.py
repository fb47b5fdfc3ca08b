"""Reads .mdo files of an EDT project into the same elements, under the names that Designer gives to properties."""

from typing import Final

from potok_onec.configuration import kinds
from potok_onec.configuration.element import Element
from potok_onec.configuration.values import NIL, TypeDescription, Value, constant, edt_types, type_name
from potok_onec.configuration.xml_tree import Node, XmlError

NAMESPACE: Final = "http://g5.1c.ru/v8/dt/metadata/mdclass"

_TYPE_PROPERTIES: Final = frozenset({"type", "source", "commandParameterType"})
_STANDARD: Final = {"standardAttributes": "StandardAttribute", "standardTabularSections": "StandardTabularSection"}
# What the place of the object says already, or what has no counterpart to compare with.
_NOT_PROPERTIES: Final = frozenset(
    {"containedObjects", "help", "parentSubsystem", "parentDataSource", "parentCube", "configurationExtension"}
)


def read_object(root: Node, namespace: str) -> Element:
    """The element of a .mdo file. Raises XmlError when it is none of EDT's."""
    if namespace != NAMESPACE:
        raise XmlError(
            f"an element of {NAMESPACE} was expected, not <{root.tag}> of '{namespace}'", root.line, is_misplaced=True
        )
    return read_element(root, root.tag)


def read_element(node: Node, kind: str) -> Element:
    attributes = node.attributes
    element = Element(
        kind=kind,
        line=node.line,
        uuid=attributes.get("uuid", ""),
        extended_object=attributes.get("extendedConfigurationObject", ""),
    )
    for part in node.children:
        _read_part(part, element)
    return element


def _read_part(part: Node, element: Element) -> None:
    tag = part.tag
    if tag == "name":
        element.name = part.text
    elif tag == "synonym":
        element.synonym[part.value("key")] = part.value("value")
    elif tag == "comment":
        element.comment = part.text
    elif tag == "objectBelonging":
        element.is_adopted = part.text == "Adopted"
    elif tag == "extension":
        _read_states(part, element)
    elif tag == "producedTypes":
        _read_produced(part, element)
    elif tag == "predefined" and part.children:
        element.predefined = structure(part)
    elif tag in _STANDARD:
        element.members.append(read_element(part, _STANDARD[tag]))
    elif "uuid" in part.attributes:
        element.members.append(read_element(part, kinds.member_kind(element.kind, tag)))
    elif tag in _TYPE_PROPERTIES and (part.child("types") is not None or not part.text.strip()):
        element.type = edt_types(part)
    elif tag not in _NOT_PROPERTIES:
        _read_property(part, element)


def _read_property(part: Node, element: Element) -> None:
    reference = kinds.reference_kind(element.kind, part.tag)
    if reference and not part.children:
        element.references.append((reference, part.text.rpartition(".")[2], part.line))
        return
    name = kinds.property_name(part.tag)
    item = value(part)
    known = element.properties.get(name)
    if name not in element.properties:
        element.properties[name] = item
    elif isinstance(known, dict) and isinstance(item, dict) and _is_localized(part):
        known.update(item)
    elif isinstance(known, list):
        known.append(item)
    else:
        element.properties[name] = [known, item]


def _read_states(node: Node, element: Element) -> None:
    for part in node.children:
        if part.children:
            types = part.child("types")
            state = types.value("state") if types is not None else ""
            if part.tag == "typeExtension" and part.children:
                element.states["Type"] = state or "Extended"
                element.type = TypeDescription(types=tuple(type_name(item.value("type")) for item in part.all("types")))
        elif part.tag != "extendedConfigurationObject":
            element.states[kinds.property_name(part.tag)] = part.text


def _read_produced(node: Node, element: Element) -> None:
    for part in node.children:
        category = kinds.capital(part.tag.removesuffix("Type"))
        if category == "Container":
            category = "Characteristic" if element.kind == "ChartOfCharacteristicTypes" else element.kind
        element.generated_types[category] = part.attributes.get("typeId", "")


def _is_localized(node: Node) -> bool:
    return len(node.children) in (1, 2) and node.children[0].tag == "key"


def value(node: Node) -> Value:
    attributes = node.attributes
    if "type" in attributes:
        return _constant(node, attributes["type"])
    if not node.children:
        return dict(attributes) if attributes else node.text
    if _is_localized(node):
        return {node.value("key"): node.value("value")}
    if node.children[0].tag == "types":
        return {"types": [type_name(item.text) for item in node.all("types")]}
    return structure(node)


def _constant(node: Node, type_text: str) -> Value:
    name = type_name(type_text)
    if name == NIL:
        return None
    inner = node.children
    if not inner:
        return constant(name, node.text)
    if all(child.tag == "value" for child in inner):
        if name == "FixedArray" or len(inner) > 1:
            return {"type": name, "value": [value(child) for child in inner]}
        return constant(name, value(inner[0]))
    return {"type": name, "value": structure(node)}


def structure(node: Node) -> dict[str, Value]:
    """A nested value, names capitalised as everywhere in the model; what repeats becomes a list."""
    found: dict[str, Value] = {kinds.capital(key): text for key, text in node.attributes.items() if key != "type"}
    for child in node.children:
        name = kinds.capital(child.tag)
        item = value(child)
        known = found.get(name)
        if name not in found:
            found[name] = item
        elif isinstance(known, dict) and isinstance(item, dict) and _is_localized(child):
            known.update(item)
        else:
            found[name] = [*known, item] if isinstance(known, list) else [known, item]
    return found
