"""Step 6: the site, with contracts on every page and link of it."""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from msgspec import msgpack

from potok_onec.configuration import Portion
from potok_onec.pipeline.artifact import Artifact
from potok_onec.pipeline.contract import Finding, at_least, equal
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.snapshot import Snapshot
from potok_onec.pipeline.step import Inputs, Step
from potok_onec.site import relations
from potok_onec.site.card import Card, card_of
from potok_onec.site.checking import files_of, look, summed
from potok_onec.site.frame import STEPS
from potok_onec.site.html import Html
from potok_onec.site.model import ModuleNumbers, Site
from potok_onec.site.overview_pages import home_page, index_path, project_page
from potok_onec.site.places import ObjectPlace, Places
from potok_onec.site.search import entries, expected
from potok_onec.site.step_pages import step_page
from potok_onec.site.subsystem_page import subsystem_page
from potok_onec.site.writing import Writer

STEP: Final = Step(
    "docs", ("parse",), ("site", "bsl", "dependencies"), "potok_onec.site.step:make", STEPS,
    state="potok_onec.site.step:state",
)  # fmt: skip

_ASSETS: Final = Path(__file__).parent / "assets"


def state(source: Path, options: dict[str, str]) -> dict[str, str]:
    """The style and the script are part of the output and no code."""
    found = blake2b(digest_size=8)
    for path in sorted(_ASSETS.iterdir()):
        found.update(path.read_bytes())
    return {"assets": found.hexdigest()}


def make(inputs: Inputs, folder: Path) -> tuple[dict[str, Any], list[Finding]]:
    snapshot = Snapshot(inputs.folder("parse"))
    site, places = _site(snapshot, inputs)
    (folder / "assets").mkdir()
    for asset in sorted(_ASSETS.iterdir()):
        (folder / "assets" / asset.name).write_bytes(asset.read_bytes())
    index, amount = entries(site)
    (folder / "assets" / "index.js").write_bytes(index)
    for name in site.places.folders.values():
        (folder / name).mkdir()
    looked = []
    for path, page in _shared_pages(site, snapshot.head.source):
        (folder / path).write_text(page, encoding="utf-8", newline="\n")
        looked.append(look(path, (folder / path).read_text(encoding="utf-8")))
    writer = Writer(site, inputs.parts, inputs.before, folder)
    for frame, own in zip(snapshot.frames(), places, strict=True):
        writer.take(frame, own)
    checked = summed([*looked, *writer.looked], files_of(folder))
    facts = {
        "pages": sum(checked.pages.values()),
        "links": checked.links,
        "searchable": amount,
        "missing": [name for name in STEPS if name not in site.outputs],
        "reread": writer.reread,
    }
    first = "".join(f" (the first: {page} to {way})" for page, way in checked.dead[:1])
    return facts, [
        at_least("pages of objects", checked.pages["object"], 1),
        equal("pages of objects for all objects", checked.pages["object"], len(site.places.all)),
        equal("pages of modules for all modules", checked.pages["module"], len(site.places.modules)),
        equal(f"dead links{first}", len(checked.dead), 0),
        at_least("names in the search", amount, max(1, expected(site))),
    ]


def _shared_pages(site: Site, source: str) -> Iterable[tuple[str, Html]]:
    yield "index.html", home_page(site, source)
    yield "subsystems.html", subsystem_page(site)
    for name in STEPS:
        yield f"{name}.html", step_page(site, name)
    for project in site.projects:
        yield index_path(site, project), project_page(site, project)


def _site(snapshot: Snapshot, inputs: Inputs) -> tuple[Site, list[list[ObjectPlace]]]:
    """And for each portion the places of its objects."""
    places = Places(snapshot.projects)
    contents: dict[tuple[str, str], list[str]] = {}
    where: dict[tuple[str, str], list[str]] = {}
    found: list[list[ObjectPlace]] = []
    for cards in _cards(snapshot, inputs.parts):
        found.append([places.add(card) for card in cards])
        for card in cards:
            if card.content is not None:
                contents[card.project, card.full_name] = card.content
                for name in card.content:
                    where.setdefault((card.project, name.lower()), []).append(card.full_name)
    outputs = {name: output for name, output in inputs.needs.items() if name in STEPS}
    known = relations.load(outputs["dependencies"].path) if "dependencies" in outputs else None
    return Site(snapshot.projects, places, outputs, known, _surveyed(outputs), contents, where), found


def _cards(snapshot: Snapshot, parts: Parts) -> Iterator[list[Card]]:
    decoder, portions = msgpack.Decoder(list[Card]), msgpack.Decoder(Portion)
    for frame in snapshot.frames():
        key = parts.key("cards", frame)
        body = parts.find(key)
        if body is None:
            body = msgpack.encode([card_of(item) for item in portions.decode(frame).objects])
        parts.keep(key, body)
        yield decoder.decode(body)


def _surveyed(outputs: dict[str, Artifact]) -> dict[str, ModuleNumbers] | None:
    if "architecture" not in outputs:
        return None
    table = relations.rows(outputs["architecture"].path / "modules.parquet", ("file", "layer", "cycle"))
    return {file: ModuleNumbers(layer, cycle) for file, layer, cycle in table}
