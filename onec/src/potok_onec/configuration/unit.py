"""Reads the files of one object into a portion: the object, what became of each file, and what is wrong with them."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from msgspec.structs import replace

from potok_onec.configuration import (
    assembly,
    code,
    defaults,
    designer_xml,
    edt_xml,
    extras,
    forms,
    rights,
    templates,
    translations,
)
from potok_onec.configuration.element import Element
from potok_onec.configuration.inventory import Slot, Unit
from potok_onec.configuration.model import (
    FormContent,
    Member,
    MetadataObject,
    Module,
    Portion,
    Project,
    ReadFile,
    Template,
)
from potok_onec.configuration.problem import Problem
from potok_onec.configuration.roles import is_read_template, wants_content
from potok_onec.configuration.xml_tree import Tree, XmlError, parse

_KNOWN_ROOTS: Final = {
    "form": frozenset({"Form"}),
    "rights": frozenset({"Rights"}),
    "predefined": frozenset({"PredefinedData"}),
    "schedule": frozenset({"JobSchedule", "Schedule"}),
    "exchange-content": frozenset({"ExchangePlanContent"}),
    "command-interface": frozenset({"CommandInterface"}),
}

Load = Callable[[str], bytes]


def read(project: Project, unit: Unit, load: Load) -> Portion:
    """`load` gives the bytes of a path or raises OSError. Never raises itself: what fails becomes a problem."""
    return _UnitReader(project, unit, load).portion()


class _UnitReader:
    """Collects what the files of one object give."""

    def __init__(self, project: Project, unit: Unit, load: Load) -> None:
        self._project = project
        self._unit = unit
        self._load = load
        self._is_edt = project.layout == "edt"
        self._problems: list[Problem] = []
        self._refused: dict[str, str] = {}
        self._elements: dict[tuple[str, str] | None, tuple[Element, str]] = {}
        self._contents: dict[str, FormContent] = {}
        self._trees: dict[str, tuple[Slot, Tree | None]] = {}
        self._modules: list[Module] = []
        self._extras: dict[str, object] = {}
        self._translations: dict[str, dict[str, str]] = {}

    def portion(self) -> Portion:
        for slot in self._unit.slots:
            self._read(slot)
        try:
            objects = self._objects()
        except Exception as error:
            self._fail(self._unit.slots[0].path, error)
            objects = []
        files = tuple(
            ReadFile(slot.path, slot.role, slot.bytes, refused=self._refused.get(slot.path, ""))
            for slot in self._unit.slots
        )
        return Portion(self._project.name, tuple(objects), files, tuple(self._problems))

    def _read(self, slot: Slot) -> None:
        if slot.role == "unclassified":
            self._refuse(Problem("unclassified", slot.path, severity="warning"))
        if slot.role == "template" and not is_read_template(slot.path):
            self._trees.setdefault(slot.owner[1] if slot.owner else "", (slot, None))
        if not wants_content(slot.role, slot.path):
            return
        try:
            self._take(slot, self._load(slot.path))
        except OSError as error:
            reason = error.strerror or str(error)
            self._refuse(Problem("unreadable", slot.path, arguments={"reason": reason}))
        except XmlError as error:
            code_ = "wrong-root" if error.is_misplaced else "bad-xml"
            arguments = {"reason": error.reason, "reason_ru": error.reason_ru}
            self._refuse(Problem(code_, slot.path, error.line, arguments=arguments))
        except Exception as error:
            self._fail(slot.path, error)

    def _refuse(self, problem: Problem) -> None:
        self._problems.append(problem)
        self._refused[problem.file] = problem.code

    def _fail(self, path: str, error: Exception) -> None:
        reason = f"{type(error).__name__}: {error}"
        self._refuse(Problem("reader-failed", path, arguments={"reason": reason}))

    def _take(self, slot: Slot, data: bytes) -> None:
        if slot.role == "module":
            self._take_module(slot, data)
        elif slot.role == "form":
            tree = self._tree(slot, data, forms.EDT_SKIP if self._is_edt else forms.DESIGNER_SKIP)
            read_form = forms.read_edt if self._is_edt else forms.read_designer
            self._contents[slot.owner[1] if slot.owner else ""] = read_form(tree.root, slot.path)
        elif slot.role == "translation":
            language, texts = translations.read(slot.path, data)
            self._translations.setdefault(language, {}).update(texts)
        elif slot.role == "template":
            self._trees[slot.owner[1] if slot.owner else ""] = (slot, parse(data, skip=templates.SKIP))
        elif slot.role == "metadata":
            tree = parse(data)
            if self._is_edt:
                element = edt_xml.read_object(tree.root, tree.namespace)
            else:
                element = designer_xml.read_object(tree.root)
            self._elements[slot.owner] = (element, slot.path)
        else:
            self._take_extra(slot, self._tree(slot, data, frozenset()))

    def _tree(self, slot: Slot, data: bytes, skip: frozenset[str]) -> Tree:
        tree = parse(data, skip=skip)
        expected = _KNOWN_ROOTS.get(slot.role)
        if expected and tree.root.tag not in expected:
            raise XmlError(
                f"<{tree.root.tag}> stands at the root",
                tree.root.line,
                f"в корне стоит <{tree.root.tag}>",
                is_misplaced=True,
            )
        return tree

    def _take_module(self, slot: Slot, data: bytes) -> None:
        owner = f"{slot.owner[0]}.{slot.owner[1]}" if slot.owner else ""
        module, problems = code.read(data, slot.module_kind, slot.path, owner)
        if module is None:
            self._refuse(problems[0])
            self._modules.append(Module(kind=slot.module_kind, file=slot.path, owner=owner, bytes=len(data)))
            return
        self._problems.extend(problems)
        self._modules.append(module)

    def _take_extra(self, slot: Slot, tree: Tree) -> None:
        if slot.role == "rights":
            self._extras["rights"] = rights.read(tree.root, slot.path)
        elif slot.role == "predefined":
            self._extras["predefined"] = extras.designer_predefined(tree.root)
        elif slot.role == "schedule":
            schedule = extras.edt_schedule if self._is_edt else extras.designer_schedule
            self._extras["schedule"] = schedule(tree.root)
        elif slot.role == "exchange-content":
            self._extras["exchange_content"] = extras.designer_exchange_content(tree.root)
        elif slot.role == "command-interface":
            interface = extras.edt_command_interface if self._is_edt else extras.designer_command_interface
            self._extras["command_interface"] = interface(tree.root, slot.path)

    def _objects(self) -> list[MetadataObject]:
        own = self._elements.pop(None, None)
        if own is None:
            self._complain_of_no_description()
            return [self._translated()] if self._translations else []
        element, file = own
        self._join_parts(element, file)
        defaults.fill(element)
        self._check_names(element, file)
        item = assembly.metadata_object(self._project, self._unit, element, file)
        item = assembly.with_form_contents(item, self._contents)
        item = assembly.with_templates(item, self._templates(item))
        content = item.properties.get("Content")
        if item.kind == "ExchangePlan" and content:
            self._extras["exchange_content"] = extras.edt_exchange_content(content)
            item.properties.pop("Content")
        # Files come in the order of their paths, which differs between layouts.
        modules = sorted(self._modules, key=lambda module: (module.owner, module.kind))
        item = replace(item, modules=tuple(modules), **self._extras)
        return [item, *assembly.languages(self._project, element, file)]

    def _translated(self) -> MetadataObject:
        """An object of a translation project: only texts, under the name of the object they are for."""
        kind, name = self._unit.chain[-1]
        file = next(slot.path for slot in self._unit.slots if slot.role == "translation")
        return MetadataObject(
            project=self._project.name,
            kind=kind,
            name=name,
            file=file,
            line=1,
            parent=assembly.full_name(self._unit.chain[:-1]),
            translations=self._translations,
        )

    def _complain_of_no_description(self) -> None:
        """Unless the description is there and was refused, or the project only translates another one."""
        if self._project.kind == "translation" or self._has_description():
            return
        kind, name = self._unit.chain[-1]
        expected = f"{name or kind}.mdo" if self._is_edt else f"{name or kind}.xml"
        where = PurePosixPath(self._unit.slots[0].path)
        code_ = "missing-configuration" if kind == "Configuration" else "missing-description"
        arguments = {"name": f"{kind}.{name}", "expected": expected}
        self._problems.append(Problem(code_, str(where), arguments=arguments))

    def _has_description(self) -> bool:
        return any(slot.role == "metadata" and slot.owner is None for slot in self._unit.slots)

    def _join_parts(self, element: Element, file: str) -> None:
        """Forms and templates of Designer's dumps are described in files of their own."""
        named = {(kind, name): line for kind, name, line in element.references}
        present = {slot.owner for slot in self._unit.slots if slot.role == "metadata"}
        for kind, name, line in element.references:
            known = self._elements.pop((kind, name), None)
            if known is not None:
                element.members.append(known[0])
            elif kind in ("Form", "Template", "Recalculation") and (kind, name) not in present:
                arguments = {"kind": kind, "name": name}
                self._problems.append(Problem("missing-file", file, line, arguments=arguments))
        for owner, (part, path) in self._elements.items():
            if owner is not None and owner not in named:
                element.members.append(part)
                arguments = {"name": f"{owner[0]}.{owner[1]}"}
                self._problems.append(Problem("not-listed", path, part.line, severity="warning", arguments=arguments))

    def _check_names(self, element: Element, file: str) -> None:
        name = self._unit.chain[-1][1]
        if name and element.name != name:
            arguments = {"name": element.name, "expected": name}
            self._problems.append(Problem("name-mismatch", file, element.line, severity="warning", arguments=arguments))
        if element.kind not in assembly.KNOWN:
            self._problems.append(
                Problem("unknown-kind", file, element.line, severity="warning", arguments={"kind": element.kind})
            )

    def _templates(self, item: MetadataObject) -> dict[str, Template]:
        known: dict[str, Member] = {template.member.name: template.member for template in item.templates}
        if item.kind == "CommonTemplate":
            known[""] = Member(kind="Template", name=item.name, line=item.line, properties=item.properties)
        return {
            name: templates.read(known[name], slot.path, tree)
            for name, (slot, tree) in self._trees.items()
            if name in known
        }
