"""One pass over the edges of a configuration: coupling of modules, hubs, cycles, subsystems, dead exports. Pure."""

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from potok_onec.architecture.cycles import cut, groups
from potok_onec.architecture.view import Place, View, view_of
from potok_onec.configuration import MetadataObject
from potok_onec.dependencies import Edge
from potok_onec.dependencies.names import MANAGERS

# (project, full name): an extension has objects of the same names as its base.
_Item = tuple[str, str]


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
    """An exported method that nobody calls, hands over by name, or names in metadata or in a text with its module; and
    whose name nobody calls on anything that is not known, such as a variable with an object.
    """

    project: str
    object: str
    file: str
    line: int
    method: str


class ServerCall(Struct, frozen=True, gc=False):
    """A call from the client to the server: each one is a round trip. `carries` tells what travels: `form`, the whole
    form there and back, or `parameters` alone.
    """

    project: str
    source: str
    source_file: str
    line: int
    method: str
    target: str
    target_method: str
    carries: str


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


class Surveyor:
    """Takes objects, then edges; `survey` at the end. Memory grows with modules and distinct pairs, not with calls."""

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}
        self._members: dict[_Item, set[_Item]] = {}
        self._sizes: dict[_Item, tuple[int, int]] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self._modules: dict[tuple[str, str], int] = {}
        self._first: dict[tuple[str, str], int] = {}
        self._used: set[tuple[str, str]] = set()
        self._called: dict[str, set[str]] = {}
        self._between: dict[tuple[_Item, _Item], int] = {}
        self._server_calls: list[ServerCall] = []

    def take_object(self, item: MetadataObject) -> None:
        self.take(view_of(item))

    def take(self, view: View) -> None:
        self._sizes[view.project, view.full_name] = (view.lines, view.methods)
        if view.is_subsystem:
            self._members.setdefault((view.project, view.full_name), set())
        for place in view.places:
            self._places[place.file] = place
        for method, receiver in view.called:
            self._called.setdefault(method, set()).add(receiver)

    def take_edge(self, edge: Edge) -> None:
        source, target = (edge.project, edge.source), (edge.target_project or edge.project, edge.target)
        if edge.kind == "subsystem":
            self._members.setdefault(source, set()).add(target)
            return
        if source != target:
            self._between[source, target] = self._between.get((source, target), 0) + 1
        if not edge.target_method:
            return
        self._used.add((edge.target_file, edge.target_method.lower()))
        if edge.kind == "call":
            self._take_call(edge)

    def _take_call(self, edge: Edge) -> None:
        source, target = self._places.get(edge.source_file), self._places.get(edge.target_file)
        if source is None or target is None:
            return
        if edge.via != "text" and source.runs_at(edge.source_method) == "client":
            self._take_server_call(edge, source, target)
        if source is target:
            return
        files = (edge.source_file, edge.target_file)
        self._modules[files] = self._modules.get(files, 0) + 1
        # a module that is fetched by its name at run time is meant to be left out: that edge binds nobody
        if edge.via == "name" and edge.source.startswith("CommonModule.") and edge.target.startswith("CommonModule."):
            self._pairs[files] = self._pairs.get(files, 0) + 1
            self._first.setdefault(files, edge.line)

    def _take_server_call(self, edge: Edge, source: Place, target: Place) -> None:
        """To a module for calls from the client, or to a method of the own form or command that runs at the server."""
        runs = target.runs_at(edge.target_method)
        if runs != "server_call" and not (source is target and runs in ("server", "server_no_context")):
            return
        carries = "form" if runs == "server" and source.layer == "form" else "parameters"
        place = (edge.project, edge.source, edge.source_file, edge.line, edge.source_method)
        self._server_calls.append(ServerCall(*place, edge.target, edge.target_method, carries))

    def survey(self) -> Survey:
        files = [file for file, place in self._places.items() if place.item.startswith("CommonModule.")]
        cycles = groups(files, self._pairs)
        number = {file: at for at, group in enumerate(cycles, 1) for file in group}
        return Survey(
            modules=self._module_rows(number),
            cycles=[[self._places[file].item for file in group] for group in cycles],
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
            instability = round(out / (into + out), 4) if into + out else 0.0
            rows.append(
                ModuleRow(
                    place.project, place.item, place.owner, place.kind, file, place.layer, place.lines,
                    len(place.contexts), len(place.exports), into, out, instability, cycle.get(file, 0),
                )
            )  # fmt: skip
        return rows

    def _cuts(self, cycle: int, group: list[str]) -> Iterable[CutEdge]:
        for files in cut(group, self._pairs):
            source, target = (self._places[file].item for file in files)
            yield CutEdge(cycle, source, target, self._pairs[files], files[0], self._first[files])

    def _dead(self) -> Iterable[DeadExport]:
        known = {name.rpartition(".")[2].lower() for project, name in self._sizes if name.startswith("CommonModule.")}
        # a name that is called on something unknown, a variable with an object at best, may be any method of that name
        anywhere = {
            called
            for called, receivers in self._called.items()
            if any(each not in known and each.partition(".")[0] not in MANAGERS for each in receivers)
        }
        for file, place in self._places.items():
            if place.kind not in ("Module", "ManagerModule", "ObjectModule"):
                continue
            for folded, (name, line) in place.exports.items():
                if (file, folded) not in self._used and folded not in anywhere:
                    yield DeadExport(place.project, place.item, file, line, name)

    def _subsystems(self) -> Iterable[SubsystemRow]:
        where: dict[_Item, set[_Item]] = defaultdict(set)
        for subsystem, members in self._members.items():
            for member in members:
                where[member].add(subsystem)
        edges: dict[_Item, int] = defaultdict(int)
        outward: dict[_Item, int] = defaultdict(int)
        inward: dict[_Item, int] = defaultdict(int)
        for (source, target), n in self._between.items():
            for subsystem in where.get(source, ()):
                edges[subsystem] += n
                if subsystem not in where.get(target, ()):
                    outward[subsystem] += n
            for subsystem in where.get(target, set()) - where.get(source, set()):
                inward[subsystem] += n
        for subsystem, members in sorted(self._members.items()):
            sizes = [self._sizes.get(member, (0, 0)) for member in members]
            lines, methods = sum(size[0] for size in sizes), sum(size[1] for size in sizes)
            yield SubsystemRow(
                *subsystem, len(members), methods, lines, edges[subsystem], outward[subsystem], inward[subsystem]
            )  # fmt: skip
