"""Which steps there are and which may run now. Pure."""

from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import Final

from potok_onec.pipeline.step import Step

# Where each step is declared, in the order in which people read them.
_DECLARED: Final = {
    "parse": "potok_onec.pipeline.snapshot",
    "architecture": "potok_onec.architecture.step",
    "dependencies": "potok_onec.dependencies.step",
    "ml-dataset": "potok_onec.dataset.step",
    "best-practices": "potok_onec.practices.step",
    "docs": "potok_onec.site.step",
}
NAMES: Final = tuple(_DECLARED)
# What can be had soon: enough for questions, without what is made for reading and training.
QUICK: Final = ("parse", "architecture", "dependencies")
# Of steps that may begin together the longest goes first: what is short fits in beside it.
_LONGEST_FIRST: Final = ("ml-dataset", "best-practices", "dependencies", "architecture")


def step(name: str) -> Step:
    """Raises KeyError for a name that is no step."""
    found: Step = import_module(_DECLARED[name]).STEP
    return found


def chosen(names: Sequence[str]) -> list[Step]:
    """Those steps and all that they need, in order; all steps without names. Raises KeyError."""
    wanted = set(names or NAMES)
    found: dict[str, Step] = {}
    for name in reversed(NAMES):
        if name in wanted:
            found[name] = step(name)
            wanted.update(found[name].needs)
    if wanted - set(NAMES):
        raise KeyError(min(wanted - set(NAMES)))
    return [found[name] for name in NAMES if name in found]


def ready(steps: Sequence[Step], done: Collection[str], failed: Collection[str], begun: Collection[str]) -> list[Step]:
    """Steps that may begin: what they need is done, what they may miss has ended one way or the other."""
    ended = {*done, *failed}
    names = {each.name for each in steps}
    found = [
        each
        for each in steps
        if each.name not in begun
        and all(need in done for need in each.needs)
        and all(name in ended or name not in names for name in each.may_miss)
    ]
    return sorted(found, key=lambda each: _place(each.name))


def _place(name: str) -> int:
    return _LONGEST_FIRST.index(name) if name in _LONGEST_FIRST else len(_LONGEST_FIRST)


def held_up(steps: Sequence[Step], failed: Collection[str]) -> dict[str, str]:
    """Steps that can never begin, each with the failed one that it needs, directly or not."""
    found: dict[str, str] = {}
    for each in steps:
        for need in each.needs:
            if need in failed or need in found:
                found[each.name] = found.get(need, need)
                break
    return found


def unknown_option(given: Collection[str]) -> str:
    """The first option that no step has, or not the step it names; empty when all are known."""
    known = {name: step(name).options for name in NAMES}
    for key in given:
        where, _, option = key.rpartition(".")
        if option not in (known.get(where, ()) if where else {each for options in known.values() for each in options}):
            return key
    return ""


def all_options() -> list[str]:
    """Every option with the step it belongs to, as `-O` takes it."""
    return [f"{name}.{option}" for name in NAMES for option in step(name).options]


def options_of(name: str, given: Mapping[str, str]) -> dict[str, str]:
    """`dataset.licence=MIT` is an option of the step dataset alone; one without a dot is of all."""
    return {key.rpartition(".")[2]: value for key, value in given.items() if key.rpartition(".")[0] in ("", name)}
