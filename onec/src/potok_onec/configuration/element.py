"""What both XML readers hand on: one metadata element with raw properties, before defaults are filled in."""

from msgspec import Struct, field

from potok_onec.configuration.values import TypeDescription, Value


class Element(Struct):
    """An object or a part of it. `references` are parts that live in files of their own, as (kind, name, line)."""

    kind: str
    line: int
    name: str = ""
    uuid: str = ""
    comment: str = ""
    synonym: dict[str, str] = field(default_factory=dict)
    type: TypeDescription | None = None
    properties: dict[str, Value] = field(default_factory=dict)
    members: list["Element"] = field(default_factory=list)
    references: list[tuple[str, str, int]] = field(default_factory=list)
    is_adopted: bool = False
    extended_object: str = ""
    states: dict[str, str] = field(default_factory=dict)
    # EDT keeps inside the .mdo what Designer keeps in files beside the object.
    predefined: Value = None
    generated_types: dict[str, str] = field(default_factory=dict)

    def walk(self) -> "list[Element]":
        """This element and all below it, parents first."""
        found = [self]
        for element in found:
            found.extend(element.members)
        return found
