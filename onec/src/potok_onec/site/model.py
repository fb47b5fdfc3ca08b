"""What all pages are made from: the places, the relations and the outputs that there are."""

from collections.abc import Mapping

from msgspec import Struct

from potok_onec.configuration import Project
from potok_onec.pipeline.artifact import Artifact
from potok_onec.site.html import Html, link, tag, text
from potok_onec.site.places import ModulePlace, ObjectPlace, Places, address
from potok_onec.site.relations import Relations, Spot
from potok_onec.site.words import kind_names, kind_word


class ModuleNumbers(Struct, frozen=True, gc=False):
    """Of step 2, by file: the layer, the number of the circle or 0."""

    layer: str
    cycle: int


class Site(Struct):
    """`relations` and `surveyed` are None where the step that gives them did not run. `contents`: by subsystem."""

    projects: tuple[Project, ...]
    places: Places
    outputs: Mapping[str, Artifact]
    relations: Relations | None
    surveyed: dict[str, ModuleNumbers] | None
    contents: dict[tuple[str, str], list[str]]
    subsystems_of: dict[tuple[str, str], list[str]]

    def object_link(self, page: str, project: str, full_name: str) -> Html:
        found = self.places.object(project, full_name)
        return object_link(page, found) if found else text(full_name)

    def type_link(self, page: str, project: str, name: str) -> Html:
        found = self.places.of_type(project, name)
        return link(address(page, found.path), text(name)) if found else text(name)

    def file_link(self, page: str, file: str, line: int = 0) -> Html:
        """`file:line`, to the page of the module when the file is one."""
        label = tag("code", text(f"{file}:{line}" if line else file), cls="place")
        found = self.places.modules.get(file)
        return link(address(page, found.path), label) if found else label

    def method_link(self, page: str, spot: Spot) -> Html:
        """`Module.Method`, to the method on the page of its module."""
        module = self.places.modules.get(spot[0])
        if module is None:
            return text(f"{spot[0]} {spot[1]}".strip())
        anchor = module.anchors.get(spot[1], "")
        return link(address(page, module.path, anchor), text(f"{module.name}.{anchor}" if anchor else module.name))


def object_link(page: str, place: ObjectPlace) -> Html:
    """The kind in the language of the reader, then the name."""
    return tag(
        "span", tag("small", kind_word(place.kind)), link(address(page, place.path), text(place.name)), cls="ref"
    )


def module_title(module: ModulePlace) -> tuple[str, str]:
    """`Форма ФормаСписка: Модуль формы` in both languages."""
    russian, english = kind_names(module.kind)
    if not module.owner:
        return russian, english
    kind, _, name = module.owner.partition(".")
    owner_ru, owner_en = kind_names(kind)
    return f"{owner_ru} {name} · {russian}", f"{owner_en} {name} · {english}"
