"""What a file of an object is, by its place and name: the one table for all layouts."""

from typing import Final

MODULE_KINDS: Final = frozenset(
    {
        "Module", "ObjectModule", "ManagerModule", "RecordSetModule", "ValueManagerModule", "CommandModule",
        "ManagedApplicationModule", "OrdinaryApplicationModule", "SessionModule", "ExternalConnectionModule",
    }
)  # fmt: skip
# Plain dumps of old platforms write modules as .txt; a protected module is .bin.
_MODULE_SUFFIXES: Final = frozenset({"bsl", "txt", "bin"})

# Roles whose content goes into the model.
READ_ROLES: Final = frozenset(
    {
        "metadata", "module", "form", "template", "rights", "predefined", "schedule", "exchange-content",
        "command-interface", "translation",
    }
)  # fmt: skip

_BY_STEM: Final = {
    "Form": "form",
    "Template": "template",
    "Rights": "rights",
    "Predefined": "predefined",
    "Schedule": "schedule",
    "Content": "exchange-content",
    "CommandInterface": "command-interface",
    "MainSectionCommandInterface": "resource",
    "Help": "help",
    "Picture": "picture",
    "Flowchart": "resource",
    "Style": "resource",
    "Package": "resource",
    "WSDefinition": "resource",
    "WsDefinitions": "resource",
    "ParentConfigurations": "vendor-support",
    "HomePageWorkArea": "resource",
    "ClientApplicationInterface": "resource",
    "Splash": "picture",
    "MainSectionPicture": "picture",
    "Logo": "picture",
    "MobileClientSign": "resource",
    "MobileClientSignature": "resource",
    "StandaloneConfigurationContent": "resource",
    "Interface": "resource",
    "Aggregates": "resource",
    "ConditionalAppearance": "resource",
    "ConfigDumpInfo": "dump-info",
    "AdditionalIndexes": "resource",
    "MobileApplicationContent": "resource",
}
_BY_SUFFIX: Final = {
    "lstr": "translation",
    "nstr": "translation",
    "tlx": "translation",
    "suppress": "service",
    "html": "help",
    "dcss": "resource",
    "dcssca": "resource",
}
# Folders beside the files of an object or a form: pictures of items, settings of dynamic lists, pages of help.
_FOLDERS: Final = {
    "BaseForm": "base-form",
    "Help": "help",
    "Picture": "picture",
    "Items": "resource",
    "Attributes": "resource",
    "Template": "resource",
    "Form": "resource",
    "_files": "help",
    "Splash": "picture",
    "MainSectionPicture": "picture",
    "Logo": "picture",
}
_FORM_MODULES: Final = frozenset({"Form", "CommonForm"})


def role_of(rest: list[str], owner_kind: str) -> tuple[str, str]:
    """Role and, for a module, its kind; `rest` are the parts of the path below the object or its form.

    An empty role means that nothing in a configuration is called so.
    """
    name = rest[-1]
    stem, _, suffix = name.rpartition(".")
    stem, suffix = (stem, suffix.lower()) if stem else (name, "")
    if stem in MODULE_KINDS and suffix in _MODULE_SUFFIXES and (len(rest) == 1 or rest == ["Form", name]):
        is_form = stem == "Module" and owner_kind in _FORM_MODULES
        return "module", "FormModule" if is_form else stem
    if len(rest) > 1:
        return _below(rest[0], suffix), ""
    if stem == "Form" and suffix in ("bin", "oform"):
        return "ordinary-form", ""
    if stem == "Content" and owner_kind != "ExchangePlan":
        return "resource", ""
    return _BY_STEM.get(stem) or _BY_SUFFIX.get(suffix, ""), ""


def _below(folder: str, suffix: str) -> str:
    if folder.endswith("_files"):
        return "help"
    return _FOLDERS.get(folder) or _BY_SUFFIX.get(suffix, "")


# Templates that are XML of a known sort; the rest are kept by their type only.
_READ_TEMPLATES: Final = (".xml", ".dcs", ".mxlx")
# Parsed though nothing of them goes into the model, so that broken XML anywhere is found.
_CHECKED_SUFFIXES: Final = (
    ".xml", ".dcss", ".dcssca", ".style", ".scheme", ".xdto", ".wsdl", ".cmi", ".form", ".hpwa", ".cai",
)  # fmt: skip


def is_read_template(path: str) -> bool:
    return path.lower().endswith(_READ_TEMPLATES)


def wants_content(role: str, path: str) -> bool:
    """Whether reading opens the file: pictures, archives and help stay closed."""
    if role in READ_ROLES:
        return role != "template" or is_read_template(path)
    return role == "resource" and path.lower().endswith(_CHECKED_SUFFIXES)
