"""What an analysis comes to: a dozen numbers out of the facts of its steps, for people and for the trend. Pure."""

from collections.abc import Mapping
from typing import Any, Final

# Reasons of loose references that are no fault of the configuration.
_NO_FAULT: Final = ("local_variable", "filled_in")


def numbers(facts: Mapping[str, Mapping[str, Any]]) -> dict[str, int | float]:
    """By name in the order of the steps; of steps that have no output nothing."""
    found: dict[str, int | float] = {}
    for step, told in facts.items():
        found.update(of_step(step, told))
    return found


def of_step(step: str, facts: Mapping[str, Any]) -> dict[str, int | float]:
    take = _STEPS.get(step)
    return take(facts) if take and facts else {}


def _parse(facts: Mapping[str, Any]) -> dict[str, int | float]:
    rows = facts["rows"]
    return {name: rows[name] for name in ("objects", "modules", "methods", "queries")}


def _architecture(facts: Mapping[str, Any]) -> dict[str, int | float]:
    return {"cycles": facts["cycles"], "largest_cycle": facts["largest_cycle"], "dead_exports": facts["dead_exports"]}


def _dependencies(facts: Mapping[str, Any]) -> dict[str, int | float]:
    loose = sum(n for what, n in facts["loose"].items() if not what.endswith(_NO_FAULT))
    return {"edges": sum(facts["edges"].values()), "loose": loose}


def _dataset(facts: Mapping[str, Any]) -> dict[str, int | float]:
    return {name: facts[name] for name in ("duplicates", "long_duplicates", "near_duplicates")}


def _practices(facts: Mapping[str, Any]) -> dict[str, int | float]:
    shares = {name: facts["shares"][name]["share"] for name in ("documented_exports", "documented_common_exports")}
    return {name: share for name, share in shares.items() if share is not None} | {"breaches": facts["breaches"]}


def _docs(facts: Mapping[str, Any]) -> dict[str, int | float]:
    return {"pages": facts["pages"]}


_STEPS: Final = {
    "parse": _parse,
    "architecture": _architecture,
    "dependencies": _dependencies,
    "ml-dataset": _dataset,
    "best-practices": _practices,
    "docs": _docs,
}
