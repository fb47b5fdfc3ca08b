"""How a property is written in one form for both layouts: plain JSON values, typed constants, type descriptions."""

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from msgspec import Struct

from potok_onec.configuration.xml_tree import Node

# What a property may hold: JSON, so that it goes into every output and cache as it is.
if TYPE_CHECKING:
    Value: TypeAlias = "bool | int | float | str | list[Value] | dict[str, Value] | None"
else:
    # msgspec knows no recursive aliases; plain values decode to themselves.
    Value = Any

_PRIMITIVES: Final = {
    "string": "String",
    "decimal": "Number",
    "boolean": "Boolean",
    "dateTime": "Date",
    "base64Binary": "BinaryData",
    "DesignTimeRef": "Ref",
    "MDObjectRef": "Ref",
    "StringValue": "String",
    "NumberValue": "Number",
    "BooleanValue": "Boolean",
    "DateValue": "Date",
    "ReferenceValue": "Ref",
    "FixedArrayValue": "FixedArray",
    "ColorValue": "Color",
    "FontValue": "Font",
    "BorderValue": "Border",
    "NullValue": "Null",
    "ValueListType": "ValueList",
    "SettingsComposer": "DataCompositionSettingsComposer",
    "AnyIBRef": "AnyRef",
}
_DEFAULT_CONSTANTS: Final[dict[str, Value]] = {
    "String": "",
    "Number": 0,
    "Boolean": False,
    "Date": "0001-01-01T00:00:00",
}
NIL: Final = "UndefinedValue"


class TypeDescription(Struct, frozen=True, omit_defaults=True, gc=False):
    """The types a value may have, with qualifiers; a length or digits of 0 means unlimited, as in the platform."""

    types: tuple[str, ...] = ()
    string_length: int = 0
    string_fixed: bool = False
    number_digits: int = 0
    number_fraction_digits: int = 0
    number_nonnegative: bool = False
    date_fractions: str = "DateTime"
    binary_length: int = 0
    binary_fixed: bool = False


def local(text: str) -> str:
    """`cfg:CatalogRef.X` and `d4p1:CatalogRef.X` name one type: prefixes are the writer's choice."""
    return text.rpartition(":")[2].strip()


def type_name(text: str) -> str:
    name = local(text)
    return _PRIMITIVES.get(name, name)


def constant(type_text: str, value: Value) -> Value:
    """A value together with its type, for what may hold values of any type; `None` is Undefined."""
    name = type_name(type_text)
    if name == NIL:
        return None
    if value == "" and name in _DEFAULT_CONSTANTS:
        value = _DEFAULT_CONSTANTS[name]
    if name == "Boolean" and isinstance(value, str):
        value = value.strip() == "true"
    elif name == "Number" and isinstance(value, str):
        value = number(value)
    return {"type": name, "value": value}


def number(text: str) -> Value:
    """An integer where it is one, a float where it has a fraction, the text where it is no number."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        amount = float(text)
    except ValueError:
        return text
    return int(amount) if amount.is_integer() else amount


def integer(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def designer_types(node: Node) -> TypeDescription:
    """`<Type>` of a Designer dump: v8:Type, v8:TypeSet and qualifiers."""
    names = tuple(type_name(item.text) for item in node.children if item.tag in ("Type", "TypeSet", "TypeId"))
    string, digits, date, binary = (
        node.child(tag) or _NOTHING
        for tag in ("StringQualifiers", "NumberQualifiers", "DateQualifiers", "BinaryDataQualifiers")
    )
    return TypeDescription(
        types=names,
        string_length=integer(string.value("Length", "0")),
        string_fixed=string.value("AllowedLength") == "Fixed",
        number_digits=integer(digits.value("Digits", "0")),
        number_fraction_digits=integer(digits.value("FractionDigits", "0")),
        number_nonnegative=digits.value("AllowedSign") == "Nonnegative",
        date_fractions=date.value("DateFractions", "DateTime"),
        binary_length=integer(binary.value("Length", "0")),
        binary_fixed=binary.value("AllowedLength") == "Fixed",
    )


def edt_types(node: Node) -> TypeDescription:
    """`<type>` of an EDT project: the same facts under other names, defaults left out."""
    string, digits, date, binary = (
        node.child(tag) or _NOTHING
        for tag in ("stringQualifiers", "numberQualifiers", "dateQualifiers", "binaryQualifiers")
    )
    return TypeDescription(
        types=tuple(type_name(item.text) for item in node.all("types")),
        string_length=integer(string.value("length", "0")),
        string_fixed=string.value("fixed") == "true",
        number_digits=integer(digits.value("precision", "0")),
        number_fraction_digits=integer(digits.value("scale", "0")),
        number_nonnegative=digits.value("nonNegative") == "true",
        date_fractions=date.value("dateFractions", "DateTime"),
        binary_length=integer(binary.value("length", "0")),
        binary_fixed=binary.value("fixed") == "true",
    )


_NOTHING: Final = Node("", {}, 0)
