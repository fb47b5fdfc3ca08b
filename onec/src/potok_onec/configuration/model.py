"""The one model of a configuration, equal for EDT projects and Designer dumps. Frozen values: no I/O, no behaviour.

msgspec structs: made eight times as fast as frozen slotted dataclasses, and encoded without a second description.
"""

from collections.abc import Iterator

from msgspec import Struct

from potok_onec.configuration.problem import Problem
from potok_onec.configuration.values import TypeDescription, Value


class Member(Struct, frozen=True, omit_defaults=True, gc=False):
    """A part of an object: attribute, tabular section, dimension, resource, enum value, command, operation…

    `states` tells for adopted parts how each property is controlled by the extension (Checked, Extended, Notify).
    """

    kind: str
    name: str
    line: int
    uuid: str = ""
    synonym: dict[str, str] = {}
    comment: str = ""
    type: TypeDescription | None = None
    properties: dict[str, Value] = {}
    members: tuple["Member", ...] = ()
    is_adopted: bool = False
    extended_object: str = ""
    states: dict[str, str] = {}


class FormItem(Struct, frozen=True, omit_defaults=True, gc=False):
    """An element of a managed form; `parent` is the name of the element it is in, empty at the top.

    `handlers` map an event to a method of the form's module, `handler_lines` tell where each stands.
    """

    name: str
    kind: str
    line: int
    parent: str = ""
    data_path: str = ""
    handlers: dict[str, str] = {}
    handler_lines: tuple[int, ...] = ()


class FormAttribute(Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    line: int
    type: TypeDescription | None = None
    is_main: bool = False
    columns: tuple["FormAttribute", ...] = ()
    query: str = ""


class FormCommand(Struct, frozen=True, omit_defaults=True, gc=False):
    name: str
    line: int
    action: str = ""


class FormContent(Struct, frozen=True, omit_defaults=True, gc=False):
    """What Form.xml or Form.form says; `handlers` and `handler_lines` as in FormItem, of the form itself."""

    file: str
    items: tuple[FormItem, ...] = ()
    attributes: tuple[FormAttribute, ...] = ()
    commands: tuple[FormCommand, ...] = ()
    parameters: tuple[str, ...] = ()
    handlers: dict[str, str] = {}
    handler_lines: tuple[int, ...] = ()


class Form(Struct, frozen=True, omit_defaults=True, gc=False):
    """A form: its description and content; `form_type` is Managed or Ordinary (binary: its content is not read)."""

    member: Member
    file: str
    form_type: str = "Managed"
    content: FormContent | None = None


class DataSet(Struct, frozen=True, omit_defaults=True, gc=False):
    """A data set of a data composition schema; `query` is its text as written, `line` where it begins."""

    name: str
    kind: str
    line: int
    query: str = ""
    fields: tuple[str, ...] = ()


class Template(Struct, frozen=True, omit_defaults=True, gc=False):
    """A template: `data_sets` and `parameters` of a composition schema, `areas` of a spreadsheet."""

    member: Member
    file: str
    template_type: str = ""
    data_sets: tuple[DataSet, ...] = ()
    parameters: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


class PredefinedItem(Struct, frozen=True, omit_defaults=True, gc=False):
    id: str
    name: str
    line: int = 0
    code: str = ""
    description: str = ""
    is_folder: bool = False
    type: TypeDescription | None = None
    items: tuple["PredefinedItem", ...] = ()


class Restriction(Struct, frozen=True, omit_defaults=True, gc=False):
    """Row-level security: the condition that narrows a right, for all fields or some."""

    condition: str
    line: int
    fields: tuple[str, ...] = ()


class Right(Struct, frozen=True, omit_defaults=True, gc=False):
    object: str
    name: str
    value: bool
    line: int
    restrictions: tuple[Restriction, ...] = ()


class Rights(Struct, frozen=True, omit_defaults=True, gc=False):
    """What a role permits, with the templates of its restrictions by name."""

    file: str
    set_for_new_objects: bool = False
    set_for_attributes_by_default: bool = False
    independent_rights_of_child_objects: bool = False
    rights: tuple[Right, ...] = ()
    templates: dict[str, str] = {}


class CommandPlacement(Struct, frozen=True, omit_defaults=True, gc=False):
    """One line of a command interface: where a command stands and whether it is seen; None is "by default"."""

    command: str
    line: int
    is_visible: bool | None = None
    group: str = ""


class CommandInterface(Struct, frozen=True, omit_defaults=True, gc=False):
    file: str
    placements: tuple[CommandPlacement, ...] = ()
    subsystems_order: tuple[str, ...] = ()


class Method(Struct, frozen=True, omit_defaults=True, gc=False):
    """A procedure or function of a module; lines count from 1, `parameters` are as written in the signature.

    `digest` changes when anything in its text does but the kind of line breaks, wherever the text stands. `start` and
    `end` are offsets in the decoded text; annotations belong to it, the comment above does not.
    """

    name: str
    kind: str
    line: int
    end_line: int
    is_exported: bool = False
    is_async: bool = False
    parameters: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    region: str = ""
    description: str = ""
    cyclomatic: int = 1
    cognitive: int = 0
    nesting: int = 0
    statements: int = 0
    digest: str = ""
    start: int = 0
    end: int = 0


class Query(Struct, frozen=True, omit_defaults=True, gc=False):
    """A text in the query language inside a module: its tables and parameters, and what is wrong with it if anything.

    `fragment` tells why it is only a piece of a query: concatenated, template or unfinished; empty for a whole one.
    """

    line: int
    tables: tuple[str, ...] = ()
    temporary_tables: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    fragment: str = ""
    error: str = ""
    method: str = ""


class Reference(Struct, frozen=True, array_like=True, gc=False):
    """What code refers to, as in potok_onec.bsl.references: `path` as written, `root` who its first name is there."""

    kind: str
    line: int
    column: int
    method: str
    path: str
    root: str = ""
    arguments: int = 0


class Mark(Struct, frozen=True, array_like=True, gc=False):
    """A block or a statement that tells of habits, as in potok_onec.bsl.marks; places count from 1."""

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    method: str
    detail: str = ""


class Module(Struct, frozen=True, omit_defaults=True, gc=False):
    """A module of code; `owner` is the form or command it belongs to, empty for the object itself."""

    kind: str
    file: str
    owner: str = ""
    lines: int = 0
    bytes: int = 0
    encoding: str = ""
    methods: tuple[Method, ...] = ()
    queries: tuple[Query, ...] = ()
    references: tuple[Reference, ...] = ()
    regions: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    is_broken: bool = False


class MetadataObject(Struct, frozen=True, omit_defaults=True, gc=False):
    """An object of a configuration with everything that belongs to it.

    `parent` is the full name of the object it is nested in, for subsystems and tables of external sources.
    `children` are the objects it is composed of, with the lines that name them. In a translation project an object has
    nothing but `translations`: texts by language and by key.
    """

    project: str
    kind: str
    name: str
    file: str
    line: int
    uuid: str = ""
    parent: str = ""
    synonym: dict[str, str] = {}
    comment: str = ""
    type: TypeDescription | None = None
    properties: dict[str, Value] = {}
    members: tuple[Member, ...] = ()
    forms: tuple[Form, ...] = ()
    templates: tuple[Template, ...] = ()
    modules: tuple[Module, ...] = ()
    predefined: tuple[PredefinedItem, ...] = ()
    content: FormContent | None = None
    template: Template | None = None
    rights: Rights | None = None
    schedule: dict[str, Value] | None = None
    exchange_content: dict[str, bool] = {}
    command_interface: CommandInterface | None = None
    children: dict[str, int] = {}
    generated_types: dict[str, str] = {}
    translations: dict[str, dict[str, str]] = {}
    is_known_kind: bool = True
    is_adopted: bool = False
    extended_object: str = ""
    states: dict[str, str] = {}

    @property
    def full_name(self) -> str:
        own = f"{self.kind}.{self.name}"
        return f"{self.parent}.{own}" if self.parent else own

    def of_kind(self, kind: str) -> tuple[Member, ...]:
        """Direct parts of one kind: `of_kind("Attribute")`."""
        return tuple(member for member in self.members if member.kind == kind)

    @property
    def attributes(self) -> tuple[Member, ...]:
        return self.of_kind("Attribute")

    @property
    def tabular_sections(self) -> tuple[Member, ...]:
        return self.of_kind("TabularSection")

    @property
    def commands(self) -> tuple[Member, ...]:
        return self.of_kind("Command")

    def walk_members(self) -> Iterator[Member]:
        """Every part at every depth, parents first."""
        pending = list(reversed(self.members))
        while pending:
            member = pending.pop()
            yield member
            pending.extend(reversed(member.members))


class Project(Struct, frozen=True, omit_defaults=True, gc=False):
    """One configuration, extension, translation or set of external objects; `root` is relative to what was opened.

    kind: configuration, extension, external or translation. layout: edt, designer or designer-plain.
    """

    name: str
    kind: str
    layout: str
    root: str
    format_version: str = ""
    runtime_version: str = ""
    base_project: str = ""


class ReadFile(Struct, frozen=True, omit_defaults=True, gc=False):
    """What became of one file: its role when it was read, the problem's code when it was refused."""

    path: str
    role: str
    bytes: int = 0
    refused: str = ""


class Portion(Struct, frozen=True, omit_defaults=True, gc=False):
    """What reading one object's files gave: the unit that streams, travels between processes and is cached."""

    project: str
    objects: tuple[MetadataObject, ...] = ()
    files: tuple[ReadFile, ...] = ()
    problems: tuple[Problem, ...] = ()
