"""One pass over the edges of a configuration: coupling of modules, hubs, cycles, subsystems, dead exports. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from potok_onec.architecture.cycles import cut, groups
from potok_onec.architecture.layers import Layer, layer
from potok_onec.configuration import MetadataObject
from potok_onec.dependencies import Edge


class ModuleRow(Struct, frozen=True, gc=False):
    """A module in numbers. `callers` and `callees` count modules; instability is callees / (callers + callees).

    `cycle` numbers its group from 1 in the order of the list of cycles, 0 when it is in none.
    """

    project: str
    object: str
    owner: str
    kind: str
    file: str
    layer: str
    lines: int
    methods: int
    exports: int
    callers: int
    callees: int
    instability: float
    cycle: int


class DeadExport(Struct, frozen=True, gc=False):
    """An exported method that nobody calls, hands over by name, or names in metadata or in a text."""

    project: str
    object: str
    file: str
    line: int
    method: str


class ServerCall(Struct, frozen=True, gc=False):
    """A call from the client to the server: each one is a round trip."""

    project: str
    source: str
    source_file: str
    line: int
    method: str
    target: str
    target_method: str


class CutEdge(Struct, frozen=True, gc=False):
    """An edge whose calls would have to go to break the circle; `calls` is their number, `file:line` the first."""

    cycle: int
    source: str
    target: str
    calls: int
    file: str
    line: int


class SubsystemRow(Struct, frozen=True, gc=False):
    """A subsystem with its size, and how much of what its objects refer to lies outside (`outward` of `edges`)."""

    project: str
    subsystem: str
    objects: int
    methods: int
    lines: int
    edges: int
    outward: int
    inward: int


class Survey(Struct, frozen=True):
    """`cycles` are groups of common modules by full name, the largest first."""

    modules: list[ModuleRow]
    cycles: list[list[str]]
    cuts: list[CutEdge]
    server_calls: list[ServerCall]
    dead_exports: list[DeadExport]
    subsystems: list[SubsystemRow]


class _Place(Struct):
    item: str
    project: str
    owner: str
    kind: str
    layer: Layer
    lines: int
    exports: dict[str, tuple[str, int]]
    methods: int


class Surveyor:
    """Takes objects, then edges; `survey` at the end. Memory grows with modules and distinct pairs, not with calls."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._members: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._sizes: dict[str, tuple[int, int]] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self._modules: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], tuple[str, int]] = {}
        self._used: set[tuple[str, str]] = set()
        self._between: dict[tuple[str, str], int] = {}
        self._server_calls: list[ServerCall] = []

    def take_object(self, item: MetadataObject) -> None:
        lines = sum(module.lines for module in item.modules)
        self._sizes[item.full_name] = (lines, sum(len(module.methods) for module in item.modules))
        for module in item.modules:
            exports = {each.name.lower(): (each.name, each.line) for each in module.methods if each.is_exported}
            self._places[module.file] = _Place(
                item.full_name, item.project, module.owner, module.kind, layer(item, module), module.lines, exports,
                len(module.methods),
            )  # fmt: skip

    def take_edge(self, edge: Edge) -> None:
        if edge.kind == "subsystem":
            self._members[edge.project, edge.source].add(edge.target)
            return
        if edge.source != edge.target:
            pair = (edge.source, edge.target)
            self._between[pair] = self._between.get(pair, 0) + 1
        if not edge.target_method:
            return
        self._used.add((edge.target_file, edge.target_method.lower()))
        if edge.kind == "call" and edge.source_file != edge.target_file:
            self._take_call(edge)

    def _take_call(self, edge: Edge) -> None:
        files = (edge.source_file, edge.target_file)
        self._modules[files] = self._modules.get(files, 0) + 1
        source, target = self._places.get(edge.source_file), self._places.get(edge.target_file)
        if source is None or target is None:
            return
        # a module that is fetched by its name at run time is meant to be left out: that edge binds nobody
        if edge.via == "name" and edge.source.startswith("CommonModule.") and edge.target.startswith("CommonModule."):
            pair = (edge.source, edge.target)
            self._pairs[pair] = self._pairs.get(pair, 0) + 1
            self._first.setdefault(pair, (edge.source_file, edge.line))
        if source.layer == "client" and target.layer == "server_call":
            call = ServerCall(
                edge.project, edge.source, edge.source_file, edge.line, edge.source_method, edge.target,
                edge.target_method,
            )  # fmt: skip
            self._server_calls.append(call)

    def survey(self) -> Survey:
        names = [place.item for place in self._places.values() if place.item.startswith("CommonModule.")]
        cycles = groups(names, self._pairs)
        number = {name: at for at, group in enumerate(cycles, 1) for name in group}
        return Survey(
            modules=self._module_rows(number),
            cycles=cycles,
            cuts=[row for at, group in enumerate(cycles, 1) for row in self._cuts(at, group)],
            server_calls=self._server_calls,
            dead_exports=list(self._dead()),
            subsystems=list(self._subsystems()),
        )

    def _module_rows(self, cycle: dict[str, int]) -> list[ModuleRow]:
        callers: dict[str, int] = defaultdict(int)
        callees: dict[str, int] = defaultdict(int)
        for source, target in self._modules:
            callees[source] += 1
            callers[target] += 1
        rows = []
        for file, place in self._places.items():
            into, out = callers[file], callees[file]
            rows.append(
                ModuleRow(
                    place.project, place.item, place.owner, place.kind, file, place.layer, place.lines, place.methods,
                    len(place.exports), into, out, round(out / (into + out), 4) if into + out else 0.0,
                    cycle.get(place.item, 0),
                )
            )  # fmt: skip
        return rows

    def _cuts(self, cycle: int, group: list[str]) -> Iterable[CutEdge]:
        for source, target in cut(group, self._pairs):
            file, line = self._first[source, target]
            yield CutEdge(cycle, source, target, self._pairs[source, target], file, line)

    def _dead(self) -> Iterable[DeadExport]:
        for file, place in self._places.items():
            if place.kind not in ("Module", "ManagerModule", "ObjectModule"):
                continue
            for folded, (name, line) in place.exports.items():
                if (file, folded) not in self._used:
                    yield DeadExport(place.project, place.item, file, line, name)

    def _subsystems(self) -> Iterable[SubsystemRow]:
        where: dict[str, set[str]] = defaultdict(set)
        for (_, subsystem), members in self._members.items():
            for member in members:
                where[member].add(subsystem)
        edges: dict[str, int] = defaultdict(int)
        outward: dict[str, int] = defaultdict(int)
        inward: dict[str, int] = defaultdict(int)
        for (source, target), n in self._between.items():
            for subsystem in where.get(source, ()):
                edges[subsystem] += n
                if subsystem not in where.get(target, ()):
                    outward[subsystem] += n
            for subsystem in where.get(target, set()) - where.get(source, set()):
                inward[subsystem] += n
        for (project, subsystem), members in sorted(self._members.items()):
            sizes = [self._sizes.get(member, (0, 0)) for member in members]
            lines, methods = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
            yield SubsystemRow(
                project, subsystem, len(members), methods, lines, edges[subsystem], outward[subsystem],
                inward[subsystem],
            )  # fmt: skip
