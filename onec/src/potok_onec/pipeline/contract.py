"""What an output must fulfil to count: a step that breaks a contract has failed, whatever its exit code. Pure."""

from collections.abc import Sequence

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One contract and what was found: `name` as people read it, `found` and `wanted` as texts with their units."""

    name: str
    is_kept: bool
    found: str
    wanted: str

    @property
    def sentence(self) -> str:
        return f"{self.name}: {self.found}, wanted {self.wanted}"


class BrokenContractError(Exception):
    """An output was made and does not keep its contracts; nothing of it is put in place."""

    def __init__(self, step: str, findings: Sequence[Finding]) -> None:
        self.step = step
        self.findings = tuple(findings)
        broken = "; ".join(finding.sentence for finding in findings if not finding.is_kept)
        super().__init__(f"{step} broke its contract: {broken}")

    def __reduce__(self) -> tuple[type["BrokenContractError"], tuple[str, tuple[Finding, ...]]]:
        """Steps run in processes of their own: the error travels home whole."""
        return BrokenContractError, (self.step, self.findings)


def at_least(name: str, found: int, least: int) -> Finding:
    return Finding(name, found >= least, str(found), f"at least {least}")


def equal(name: str, found: int, expected: int) -> Finding:
    """Two counts of the same thing, made in different ways."""
    return Finding(name, found == expected, str(found), str(expected))


def share(name: str, part: int, whole: int, least: float) -> Finding:
    """A part of a whole, such as rows with a value; of nothing every share is kept."""
    reached = part / whole if whole else 1.0
    return Finding(name, reached >= least, f"{part} of {whole} ({reached:.2%})", f"at least {least:.2%}")
