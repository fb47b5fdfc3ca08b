"""One thing that was looked at: whether it follows the practice, and how well or badly. Pure."""

from typing import Final

from msgspec import Struct

# Every statistic is a share of what was looked at; docs/practices.md explains each.
STATISTICS: Final = (
    "documented_common_exports", "documented_exports", "documented_parameters", "documented_returns",
    "method_names", "parameter_names", "one_alphabet", "without_yo",
    "handlers_not_empty", "errors_not_lost",
    "transactions_guarded", "transactions_with_attempt", "transactions_paired", "commits_in_attempt",
    "rollbacks_in_handler",
    "queries_outside_loops", "loop_calls_without_query", "loop_calls_without_query_below",
    "privileged_mode_reset", "privileged_mode_own",
    "methods_in_regions", "standard_regions", "exports_in_interface",
    "method_length", "cyclomatic", "cognitive", "nesting", "parameter_count",
    "without_modal_calls", "without_deprecated_calls", "without_goto", "without_dynamic_code",
)  # fmt: skip


class Sight(Struct, frozen=True, gc=False, array_like=True):
    """`weight`: of a good one how exemplary, of a bad one how bad."""

    statistic: str
    is_good: bool
    project: str
    object: str
    file: str
    line: int
    method: str
    weight: int = 0
    detail: str = ""
