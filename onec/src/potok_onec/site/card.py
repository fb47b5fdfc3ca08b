"""What the whole site knows of one object: enough to give it and its modules their places. Pure."""

from msgspec import Struct

from potok_onec.configuration import MetadataObject


class ModuleCard(Struct, frozen=True, array_like=True):
    owner: str
    kind: str
    file: str
    methods: list[str]


class Card(Struct, frozen=True, array_like=True):
    """`content` are the names in a subsystem; it is None for all others."""

    project: str
    full_name: str
    kind: str
    name: str
    synonym: dict[str, str]
    lines: int
    modules: list[ModuleCard]
    content: list[str] | None


def card_of(item: MetadataObject) -> Card:
    content = None
    if item.kind == "Subsystem":
        value = item.properties.get("Content")
        content = [name for name in value if isinstance(name, str)] if isinstance(value, list | tuple) else []
    modules = [
        ModuleCard(module.owner, module.kind, module.file, [method.name for method in module.methods])
        for module in item.modules
    ]
    lines = sum(module.lines for module in item.modules)
    return Card(item.project, item.full_name, item.kind, item.name, item.synonym, lines, modules, content)
