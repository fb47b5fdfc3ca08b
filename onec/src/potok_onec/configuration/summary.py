"""Counts of what was read, small enough to keep for whole configurations: of one object, of a project."""

from msgspec import Struct, field

from potok_onec.configuration.model import MetadataObject, Module, Portion
from potok_onec.configuration.problem import Problem


class Counts(Struct):
    """Numbers that add up. `members` counts parts by kind at every depth; objects nested in others count apart."""

    objects: dict[str, int] = field(default_factory=dict)
    nested: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    adopted: int = 0
    modules: int = 0
    procedures: int = 0
    functions: int = 0
    exported: int = 0
    lines: int = 0
    queries: int = 0
    queries_broken: int = 0
    modules_broken: int = 0
    rights: int = 0
    restrictions: int = 0
    translations: int = 0
    files: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    bytes: int = 0

    def add(self, other: "Counts") -> None:
        for name in self.__struct_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, dict):
                for key, amount in theirs.items():
                    mine[key] = mine.get(key, 0) + amount
            else:
                setattr(self, name, mine + theirs)


class UnitSummary(Struct):
    """What remains of a portion when only numbers are asked for, with what the report needs to check it."""

    counts: Counts = field(default_factory=Counts)
    problems: tuple[Problem, ...] = ()
    configuration: MetadataObject | None = None
    children: dict[str, int] = field(default_factory=dict)
    name: str = ""
    file: str = ""


def of_portion(portion: Portion) -> UnitSummary:
    summary = UnitSummary(problems=portion.problems)
    counts = summary.counts
    for file in portion.files:
        if file.refused:
            counts.refused[file.refused] = counts.refused.get(file.refused, 0) + 1
        else:
            counts.files[file.role] = counts.files.get(file.role, 0) + 1
        counts.bytes += file.bytes
    for item in portion.objects:
        _count(item, counts)
        if item.kind == "Configuration" and not item.translations:
            summary.configuration = MetadataObject(
                project=item.project,
                kind=item.kind,
                name=item.name,
                file=item.file,
                line=item.line,
                synonym=item.synonym,
                properties=item.properties,
            )
        if item.children:
            summary.children = item.children
        summary.name = summary.name or item.full_name
        summary.file = summary.file or item.file
    return summary


def _count(item: MetadataObject, counts: Counts) -> None:
    if item.translations:
        counts.translations += sum(len(texts) for texts in item.translations.values())
        return
    if item.parent:
        counts.nested[item.kind] = counts.nested.get(item.kind, 0) + 1
    elif item.kind != "Configuration":
        counts.objects[item.kind] = counts.objects.get(item.kind, 0) + 1
    counts.adopted += item.is_adopted
    members = counts.members
    for member in item.walk_members():
        members[member.kind] = members.get(member.kind, 0) + 1
    if item.forms:
        members["Form"] = members.get("Form", 0) + len(item.forms)
    if item.templates:
        members["Template"] = members.get("Template", 0) + len(item.templates)
    if item.rights is not None:
        counts.rights += len(item.rights.rights)
        counts.restrictions += sum(len(right.restrictions) for right in item.rights.rights)
    for module in item.modules:
        _count_module(module, counts)


def _count_module(module: Module, counts: Counts) -> None:
    counts.modules += 1
    counts.lines += module.lines
    counts.modules_broken += module.is_broken
    counts.queries += len(module.queries)
    counts.queries_broken += sum(1 for query in module.queries if query.error)
    for method in module.methods:
        if method.kind == "function":
            counts.functions += 1
        else:
            counts.procedures += 1
        counts.exported += method.is_exported
