"""Numbers of a data set, gathered while its rows pass by. Pure."""

from collections import Counter
from typing import Any, Final

from potok_onec.dataset.row import Row

_QUANTILES: Final = (50, 90, 95, 99)


class Statistics:
    def __init__(self) -> None:
        self.rows = 0
        self.characters = 0
        self._counts: dict[str, Counter[str]] = {
            name: Counter() for name in ("project", "kind", "context", "module", "split", "scrubbed")
        }
        self._lines: list[int] = []
        self._flags: Counter[str] = Counter()

    def take(self, row: Row) -> None:
        self.rows += 1
        self.characters += len(row.code)
        for name in ("project", "kind", "context", "module", "split"):
            self._counts[name][getattr(row, name)] += 1
        self._counts["scrubbed"].update(row.scrubbed)
        self._lines.append(row.lines)
        self._flags.update(
            name
            for name, is_on in (
                ("exported", row.is_exported),
                ("described", bool(row.description)),
                ("with a query", bool(row.tables)),
                ("with a directive", bool(row.directives)),
                ("duplicates", row.is_duplicate),
                ("near_duplicates", row.is_near_duplicate),
            )
            if is_on
        )

    def flag(self, name: str) -> int:
        return self._flags[name]

    def told(self) -> dict[str, Any]:
        """Sorted, so that equal data give equal bytes."""
        lines = sorted(self._lines)
        return {
            "methods": self.rows,
            "characters": self.characters,
            "average_code_length": round(self.characters / self.rows, 1) if self.rows else 0.0,
            "lines": {f"p{part}": _quantile(lines, part) for part in _QUANTILES} | {"max": lines[-1] if lines else 0},
            "methods_that_are": dict(sorted(self._flags.items())),
            **{f"by_{name}": dict(sorted(found.items())) for name, found in self._counts.items()},
        }


def _quantile(values: list[int], part: int) -> int:
    return values[min(len(values) - 1, len(values) * part // 100)] if values else 0
