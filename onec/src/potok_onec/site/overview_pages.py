"""The first page, and for each project the index of its objects by kind."""

from collections.abc import Iterator, Sequence

from potok_onec.configuration import Project
from potok_onec.configuration.kinds import ORDER
from potok_onec.site.frame import STEPS, breakable, chip, heading, numbers, page, section
from potok_onec.site.html import Html, folded, join, link, table, tag, text
from potok_onec.site.model import Site
from potok_onec.site.places import ObjectPlace, address
from potok_onec.site.words import kinds_word, known_word, synonym, word

_HOME = "index.html"


def home_page(site: Site, source: str) -> Html:
    objects = site.places.all
    counted = numbers([
        (word("projects"), len(site.projects)),
        (word("objects"), len(objects)),
        (word("modules"), sum(each.modules for each in objects)),
        (word("methods"), sum(each.methods for each in objects)),
        (word("lines"), sum(each.lines for each in objects)),
    ])  # fmt: skip
    kinds = [section(word("objects"), _kinds(site, _HOME, project), anchor=None) for project in site.projects[:1]]
    return page(
        _HOME, "home", source, [], heading(word("home"), source), counted,
        section(word("projects"), tag("div", *(_project(site, each) for each in site.projects), cls="cards")),
        *kinds, section(word("steps"), tag("div", *_steps(site), cls="cards")),
    )  # fmt: skip


def _project(site: Site, project: Project) -> Html:
    own = [each for each in site.places.all if each.project == project.name]
    facts = " · ".join(filter(None, (project.layout, project.runtime_version or project.format_version)))
    return tag(
        "a", tag("small", known_word("", project.kind)), tag("strong", breakable(project.name)),
        tag("span", word("objects"), text(f": {len(own)} · {facts}"), cls="quiet"),
        href=index_path(site, project), cls="card",
    )  # fmt: skip


def index_path(site: Site, project: Project) -> str:
    return f"{site.places.folders[project.name]}/index.html"


def _steps(site: Site) -> Iterator[Html]:
    for name in STEPS:
        state = chip(word("ready"), "good") if name in site.outputs else chip(word("missing"), "bad")
        yield tag("a", tag("strong", word(name)), state, href=f"{name}.html", cls="card")


def _by_kind(site: Site, project: Project) -> list[tuple[str, list[ObjectPlace]]]:
    found: dict[str, list[ObjectPlace]] = {}
    for each in site.places.all:
        if each.project == project.name:
            found.setdefault(each.kind, []).append(each)
    return sorted(found.items(), key=lambda pair: (ORDER.get(pair[0], len(ORDER)), pair[0]))


def _kinds(site: Site, here: str, project: Project) -> Html:
    target = index_path(site, project)
    rows = [
        tag("a", tag("span", kinds_word(kind)), tag("span", text(str(len(each))), cls="count"),
            href=address(here, target, f"kind-{kind}"), cls="tile")
        for kind, each in _by_kind(site, project)
    ]  # fmt: skip
    return tag("div", *rows, cls="tiles")


def project_page(site: Site, project: Project) -> Html:
    here = index_path(site, project)
    groups = [_group(here, kind, found) for kind, found in _by_kind(site, project)]
    return page(
        here, "project", project.name, [(_HOME, word("home"))],
        heading(known_word("", project.kind), project.name), _kinds(site, here, project), *groups,
    )  # fmt: skip


def _group(here: str, kind: str, found: Sequence[ObjectPlace]) -> Html:
    rows = [
        (link(address(here, each.path), breakable(each.name)), synonym(each.synonym), text(str(each.methods or "")))
        for each in sorted(found, key=lambda each: (each.name.lower(), each.path))
    ]
    label = join([kinds_word(kind), tag("span", text(str(len(rows))), cls="count")])
    opened = folded(label, table((word("name"), word("title"), word("methods")), rows), is_open=len(rows) <= 30)
    return tag("section", opened, id=f"kind-{kind}")
