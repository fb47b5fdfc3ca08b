"""Brings a property of either layout to the one form that the model has; what it does not know it leaves alone."""

from collections.abc import Callable
from typing import Final

from potok_onec.configuration import looks
from potok_onec.configuration.values import Value, local

_PURPOSES: Final = {"PlatformApplication": "PersonalComputer", "MobilePlatformApplication": "MobileDevice"}
# EDT leaves the first literal of an enumeration out.
_FIRST_FUNCTIONALITY: Final = "Biometrics"
_CHARACTERISTIC_EDT: Final = {
    "CharacteristicTypes": ("Types", "From"),
    "KeyField": ("Types", "KeyField"),
    "TypesFilterField": ("Types", "TypesFilterField"),
    "TypesFilterValue": ("Types", "TypesFilterValue"),
    "DataPathField": ("Types", "DataPathField"),
    "MultipleValuesUseField": ("Types", "MultipleValuesUseField"),
    "CharacteristicValues": ("Values", "From"),
    "ObjectField": ("Values", "ObjectField"),
    "TypeField": ("Values", "TypeField"),
    "ValueField": ("Values", "ValueField"),
    "MultipleValuesKeyField": ("Values", "MultipleValuesKeyField"),
    "MultipleValuesOrderField": ("Values", "MultipleValuesOrderField"),
}


def normalise(name: str, value: Value) -> Value:
    rule = _RULES.get(name)
    return rule(value) if rule else value


def as_list(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value in ("", None) or value == {} else [value]


def _version(value: Value) -> Value:
    """Designer writes Version8_3_18, EDT 8.3.18."""
    if isinstance(value, str) and value.startswith("Version"):
        return value.removeprefix("Version").replace("_", ".")
    return value


def _purposes(value: Value) -> Value:
    return [_PURPOSES.get(item, item) if isinstance(item, str) else item for item in as_list(value)]


def _functionalities(value: Value) -> Value:
    """Only those in use: Designer lists all that its version knows, EDT those that differ from the default."""
    if isinstance(value, dict):
        value = value.get("Functionality", [])
    used: list[Value] = []
    for item in as_list(value):
        if isinstance(item, str):
            used.append(item)
            continue
        facts = _capitalised(item)
        if facts.get("Use") == "true":
            used.append(facts.get("Functionality", _FIRST_FUNCTIONALITY))
    return used


def _permissions(value: Value) -> Value:
    """Designer pairs each permission with a flag, EDT lists those that are asked for."""
    if isinstance(value, dict):
        value = value.get("pair", [])
    wanted: list[Value] = []
    for item in as_list(value):
        if not isinstance(item, dict):
            wanted.append(item)
            continue
        key, flag = item.get("Key"), item.get("Value")
        if isinstance(flag, dict) and flag.get("value") is True:
            wanted.append(key.get("value") if isinstance(key, dict) else key)
    return wanted


def _headers(value: Value) -> Value:
    return "" if isinstance(value, dict) and value.get("value") in ("", []) else value


def _picture(value: Value) -> Value:
    """Transparency of a referenced picture is written by Designer only, and is true unless somebody chose otherwise."""
    if not isinstance(value, dict):
        return value
    if value.get("type") == "PictureRef" and isinstance(value.get("value"), dict):
        inner = value["value"]
        assert isinstance(inner, dict)
        return {"Ref": inner.get("Picture", "")}
    found = {key: item for key, item in value.items() if not (key == "LoadTransparent" and item == "true")}
    return found or ""


def _xdto_type(value: Value) -> Value:
    if isinstance(value, dict):
        return value.get("Name", "")
    return local(value) if isinstance(value, str) else value


def _xdto_packages(value: Value) -> Value:
    found: list[Value] = []
    for item in as_list(value):
        inner = item.get("Value", item.get("value")) if isinstance(item, dict) else item
        found.append(inner.get("value") if isinstance(inner, dict) else inner)
    return found


def _separation(value: Value) -> Value:
    """Content of a common attribute; in an exchange plan or a subsystem the items are plain names."""
    found: list[Value] = []
    for item in as_list(value):
        if not isinstance(item, dict) or "Metadata" not in item:
            found.append(item)
            continue
        found.append(
            {
                "Metadata": item["Metadata"],
                "Use": item.get("Use", "Auto"),
                "ConditionalSeparation": item.get("ConditionalSeparation", ""),
            }
        )
    return found


def _choice_links(value: Value) -> Value:
    found: list[Value] = []
    for item in as_list(value):
        facts = _capitalised(item)
        path = facts.get("DataPath", facts.get("Field", ""))
        if isinstance(path, dict):
            path = path.get("value", "")
        change = facts.get("ValueChange", facts.get("ChangeMode", "Clear"))
        found.append({"Name": facts.get("Name", ""), "DataPath": path, "ValueChange": change})
    return found


def _choice_parameters(value: Value) -> Value:
    found: list[Value] = []
    for item in as_list(value):
        facts = _capitalised(item)
        found.append({"Name": facts.get("Name", ""), "Value": facts.get("Value")})
    return found


def _link_by_type(value: Value) -> Value:
    if not isinstance(value, dict):
        return None
    facts = _capitalised(value)
    path = facts.get("DataPath", facts.get("Field", ""))
    if isinstance(path, dict):
        path = path.get("value", "")
    return {"DataPath": path, "LinkItem": str(facts.get("LinkItem", "0"))} if path else None


def _characteristics(value: Value) -> Value:
    found: list[Value] = []
    for item in as_list(value):
        if isinstance(item, dict):
            found.append(_characteristic(item))
    return found


def _characteristic(item: dict[str, Value]) -> Value:
    sides: dict[str, dict[str, Value]] = {"Types": {}, "Values": {}}
    for name, inner in item.items():
        if isinstance(inner, dict) and name in ("CharacteristicTypes", "CharacteristicValues"):
            side = sides[name.removeprefix("Characteristic")]
            side.update({"From" if key == "from" else key: _field(part) for key, part in inner.items()})
        elif name in _CHARACTERISTIC_EDT:
            where, key = _CHARACTERISTIC_EDT[name]
            sides[where][key] = _field(inner)
    return {key: {name: part for name, part in side.items() if part not in ("", None)} for key, side in sides.items()}


def _field(value: Value) -> Value:
    """-1 is how Designer says that there is no such field."""
    return "" if value in ("-1", "xr:UnknownField") else value


def _capitalised(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        return {}
    return {name[:1].upper() + name[1:]: item for name, item in value.items()}


_RULES: Final[dict[str, Callable[[Value], Value]]] = {
    "CompatibilityMode": _version,
    "ConfigurationExtensionCompatibilityMode": _version,
    "UsePurposes": _purposes,
    "UsedMobileApplicationFunctionalities": _functionalities,
    "RequiredMobileApplicationPermissions": _permissions,
    "Headers": _headers,
    "Picture": _picture,
    "XDTOReturningValueType": _xdto_type,
    "XDTOValueType": _xdto_type,
    "XDTOPackages": _xdto_packages,
    "ChoiceParameterLinks": _choice_links,
    "ChoiceParameters": _choice_parameters,
    "LinkByType": _link_by_type,
    "Characteristics": _characteristics,
    "Value": looks.normalise,
}


def content(kind: str, value: Value) -> Value:
    """`Content` is one word for four things; only that of common attributes needs a form of its own."""
    return _separation(value) if kind == "CommonAttribute" else as_list(value)
