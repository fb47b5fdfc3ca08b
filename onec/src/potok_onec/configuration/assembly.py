"""Makes the values of the model from elements: splits forms and templates off, freezes the rest."""

from typing import Final

from msgspec.structs import replace

from potok_onec.configuration import extras, kinds
from potok_onec.configuration.element import Element
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.model import Form, FormContent, Member, MetadataObject, Project, Template

# Named among the children, but parts of the object: they come with it.
_OWN_FILES: Final = frozenset({"Form", "Template", "Recalculation", "Function"})

KNOWN: Final = frozenset({*kinds.KINDS, *kinds.NESTED_FOLDERS.values(), "Configuration"})


def member(element: Element) -> Member:
    ordered = sorted(element.members, key=lambda part: kinds.member_order(part.kind))
    return Member(
        kind=element.kind,
        name=element.name,
        line=element.line,
        uuid=element.uuid,
        synonym=element.synonym,
        comment=element.comment,
        type=element.type,
        properties=element.properties,
        members=tuple(member(part) for part in ordered),
        is_adopted=element.is_adopted,
        extended_object=element.extended_object,
        states=element.states,
    )


def metadata_object(project: Project, unit: Unit, element: Element, file: str) -> MetadataObject:
    """The object without what lies in other files; forms and templates are there with their descriptions."""
    parts = member(element).members
    children = {f"{kind}.{name}": line for kind, name, line in element.references if kind not in _OWN_FILES}
    children.update({f"{part.kind}.{part.name}": part.line for part in parts if part.kind == "Language"})
    return MetadataObject(
        project=project.name,
        kind=element.kind,
        name=element.name,
        file=file,
        line=element.line,
        uuid=element.uuid,
        parent=full_name(unit.chain[:-1]),
        synonym=element.synonym,
        comment=element.comment,
        type=element.type,
        properties=element.properties,
        members=tuple(part for part in parts if part.kind not in ("Form", "Template", "Language")),
        forms=tuple(_form(part, file) for part in parts if part.kind == "Form"),
        templates=tuple(Template(member=part, file=file) for part in parts if part.kind == "Template"),
        predefined=extras.edt_predefined(element.predefined),
        children=children,
        generated_types=element.generated_types,
        is_known_kind=element.kind in KNOWN,
        is_adopted=element.is_adopted,
        extended_object=element.extended_object,
        states=element.states,
    )


def _form(part: Member, file: str) -> Form:
    form_type = part.properties.get("FormType")
    return Form(member=part, file=file, form_type=form_type if isinstance(form_type, str) and form_type else "Managed")


def full_name(chain: tuple[tuple[str, str], ...]) -> str:
    return ".".join(f"{kind}.{name}" for kind, name in chain)


def with_form_contents(item: MetadataObject, contents: dict[str, FormContent]) -> MetadataObject:
    """Contents by the name of the form; the empty name is the object itself, a common form."""
    if not contents:
        return item
    forms = tuple(
        replace(form, content=contents.get(form.member.name), file=contents[form.member.name].file)
        if form.member.name in contents
        else form
        for form in item.forms
    )
    return replace(item, forms=forms, content=contents.get(""))


def with_templates(item: MetadataObject, templates: dict[str, Template]) -> MetadataObject:
    if not templates:
        return item
    own = templates.get("")
    return replace(
        item, template=own, templates=tuple(templates.get(known.member.name, known) for known in item.templates)
    )


def languages(project: Project, element: Element, file: str) -> list[MetadataObject]:
    """EDT writes languages inside Configuration.mdo; everywhere else they are objects like any other."""
    return [
        MetadataObject(
            project=project.name,
            kind="Language",
            name=part.name,
            file=file,
            line=part.line,
            uuid=part.uuid,
            synonym=part.synonym,
            comment=part.comment,
            properties=part.properties,
            is_adopted=part.is_adopted,
            extended_object=part.extended_object,
            states=part.states,
        )
        for part in element.members
        if part.kind == "Language"
    ]
