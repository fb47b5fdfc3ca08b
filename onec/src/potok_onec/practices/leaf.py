"""What the modules of one portion tell of good practice by themselves, counted and ready to be added up. Pure."""

from msgspec import Struct, field

from potok_onec.configuration import MetadataObject, Portion
from potok_onec.dependencies.facts import Fact
from potok_onec.dependencies.index import Entry, entry_of
from potok_onec.practices.blocks import of_module
from potok_onec.practices.methods import of_method
from potok_onec.practices.sight import Sight
from potok_onec.practices.tally import Tally

# (project, object, statistic, whether it is good, how often)
Count = tuple[str, str, str, bool, int]
# (file, folded method)
Place = tuple[str, str]


class Leaf(Struct, array_like=True):
    """`breaches` stand in the order of the code, `best` has the first of the heaviest sights of each module.

    `running` and `below` are methods that execute a query, themselves or by others of their module; `looped` are calls
    in loops with their project: whether those lead to a query is known when all leaves are.
    """

    entries: list[Entry] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    subsystems: list[tuple[str, str, list[str]]] = field(default_factory=list)
    methods: int = 0
    counts: list[Count] = field(default_factory=list)
    best: list[Sight] = field(default_factory=list)
    breaches: list[Sight] = field(default_factory=list)
    running: list[Place] = field(default_factory=list)
    below: list[Place] = field(default_factory=list)
    looped: list[tuple[str, Fact]] = field(default_factory=list)


def leaf_of(portion: Portion) -> Leaf:
    leaf, tally = Leaf(), Tally()
    for item in portion.objects:
        leaf.entries.append(entry_of(item))
        if item.kind == "Subsystem":
            content = item.properties.get("Content")
            names = content if isinstance(content, list | tuple) else []
            leaf.subsystems.append((item.project, item.full_name, [str(name) for name in names]))
        for sight in _sights(item, leaf):
            tally.take(sight)
            if not sight.is_good:
                leaf.breaches.append(sight)
    leaf.counts = [
        (project, name, statistic, is_good, amount)
        for (project, name), counts in tally.counts.items()
        for (statistic, is_good), amount in counts.items()
    ]
    leaf.best = tally.best()
    return leaf


def _sights(item: MetadataObject, leaf: Leaf) -> list[Sight]:
    found: list[Sight] = []
    for module in item.modules:
        leaf.lines[module.file] = module.lines
        leaf.methods += len(module.methods)
        for method in module.methods:
            found.extend(of_method(item, module, method))
        blocks = of_module(item, module)
        found.extend(blocks.sights)
        leaf.running.extend((module.file, name) for name in sorted(blocks.running))
        leaf.below.extend((module.file, name) for name in sorted(blocks.below))
        for one in blocks.looped:
            fact = Fact(
                "call", item.full_name, module.file, one.line, one.column, one.method, one.path, one.root, module.owner
            )
            leaf.looped.append((item.project, fact))
    return found
