"""The steps as people read them in a workflow, and which of them a run has."""

from collections.abc import Mapping, Sequence
from typing import Final

from potok_onec.pipeline import plan

STEPS: Final[Mapping[str, str]] = {
    "parse": "Reads the source into one snapshot; what has not changed since the last time comes from the cache.",
    "architecture": "Layers, hubs, cycles with the calls to cut, server calls from the client, dead exports.",
    "dependencies": "Every edge with file and line, and every reference that leads nowhere.",
    "ml-dataset": "All methods for training: copies marked, split without leaks, secrets scrubbed.",
    "best-practices": "What is done how often, with the best and the worst examples.",
    "docs": "A site in two languages of all that is there; it says what is missing.",
}
# What is drawn over time, by a name for people and the path of the number in a StepReport.
NUMBERS: Final[Mapping[str, Mapping[str, str]]] = {
    "parse": {"objects": "rows_out.objects", "modules": "rows_out.modules", "methods": "rows_out.methods"},
    "architecture": {
        "cycles": "facts.cycles",
        "largest cycle": "facts.largest_cycle",
        "dead exports": "facts.dead_exports",
    },
    "dependencies": {"edges": "rows_out.edges", "loose references": "rows_out.loose"},
    "ml-dataset": {"duplicates": "facts.duplicates", "near duplicates": "facts.near_duplicates"},
    "best-practices": {
        "documented exports": "facts.shares.documented_exports.share",
        "breaches": "facts.breaches",
    },
    "docs": {"pages": "facts.pages"},
}


def not_asked(step: str, steps: Sequence[str], *, quick: bool) -> str:
    """Why a step is left out of a run; empty when it is not. Raises ValueError for a name that is no step."""
    try:
        chosen = {each.name for each in plan.chosen(steps)}
    except KeyError as error:
        raise ValueError(f"there is no step {error.args[0]!r}; steps are {', '.join(plan.NAMES)}") from None
    if step not in chosen:
        return f"not asked for: the run has {', '.join(name for name in plan.NAMES if name in chosen)}"
    if quick and step not in plan.QUICK and step not in steps:
        return f"a quick run has {', '.join(plan.QUICK)} only"
    return ""
