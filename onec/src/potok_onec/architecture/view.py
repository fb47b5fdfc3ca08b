"""What the survey has to know of one object before it sees edges. Pure."""

from msgspec import Struct, field

from potok_onec.architecture.layers import Layer, context_of, layer
from potok_onec.configuration import MetadataObject


class Place(Struct, frozen=True, array_like=True):
    """A module. `exports` maps a folded name to the name as declared and its line, `contexts` to where it runs."""

    item: str
    project: str
    owner: str
    kind: str
    file: str
    layer: Layer
    lines: int
    exports: dict[str, tuple[str, int]]
    contexts: dict[str, str]

    def runs_at(self, method: str) -> str:
        """Where a method of it runs; code outside of methods as the module does."""
        return self.contexts.get(method.lower(), self.layer)


class View(Struct, frozen=True, array_like=True):
    """`called` are methods called of something, as (method, of whom): the latter is empty when nobody can tell."""

    project: str
    full_name: str
    is_subsystem: bool
    lines: int
    methods: int
    places: list[Place] = field(default_factory=list)
    called: list[tuple[str, str]] = field(default_factory=list)


def view_of(item: MetadataObject) -> View:
    called: dict[tuple[str, str], None] = {}
    for module in item.modules:
        for one in module.references:
            receiver, _, method = one.path.lower().rpartition(".")
            if receiver and one.kind == "call":
                called[method, receiver if one.root in ("outer", "alias") else ""] = None
    places = []
    for module in item.modules:
        runs = layer(item, module)
        exports = {each.name.lower(): (each.name, each.line) for each in module.methods if each.is_exported}
        contexts = {each.name.lower(): context_of(each.annotations, runs) for each in module.methods}
        places.append(
            Place(
                item.full_name, item.project, module.owner, module.kind, module.file, runs, module.lines, exports,
                contexts,
            )
        )  # fmt: skip
    lines = sum(module.lines for module in item.modules)
    methods = sum(len(module.methods) for module in item.modules)
    return View(item.project, item.full_name, item.kind == "Subsystem", lines, methods, places, list(called))
