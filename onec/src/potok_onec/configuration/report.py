"""The account of a reading: every file read, classified or refused; every object that its configuration names."""

from msgspec import Struct, field

from potok_onec.configuration import kinds
from potok_onec.configuration.assembly import full_name
from potok_onec.configuration.inventory import OUTSIDE, Inventory, Unit
from potok_onec.configuration.model import MetadataObject, Project
from potok_onec.configuration.problem import Problem
from potok_onec.configuration.summary import Counts, UnitSummary


class ProjectReport(Struct):
    """Numbers of one project; `configuration` is its root object without parts, None when there is none to read."""

    project: Project
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    configuration: MetadataObject | None = None


class Report(Struct):
    """Grows while a reading is iterated and is whole when the iteration ends.

    `files` were found, `accounted` are in some project's counts or outside of all; `is_complete` says that the two
    agree and nothing was dropped. `peak_kb` is the most memory that any process of the reading has held.
    """

    root: str
    projects: list[ProjectReport]
    outside: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    files: int = 0
    hits: int = 0
    cache_trouble: str = ""
    peak_kb: int = 0

    @property
    def accounted(self) -> int:
        return sum(_files(part) for part in [self.outside, *(project.counts for project in self.projects)])

    @property
    def is_complete(self) -> bool:
        return self.accounted == self.files

    def all_problems(self) -> list[Problem]:
        return [*self.problems, *(problem for project in self.projects for problem in project.problems)]


def _files(counts: Counts) -> int:
    return sum(counts.files.values()) + sum(counts.refused.values())


class Reconciliation:
    """Builds a report: first from the inventory, then from the summary of each object."""

    def __init__(self, inventory: Inventory) -> None:
        self.report = Report(
            root=inventory.root,
            projects=[ProjectReport(project) for project in inventory.projects],
            files=inventory.files,
        )
        self._names: list[dict[str, str]] = [{} for _ in inventory.projects]
        self._listed: list[set[str]] = [set() for _ in inventory.projects]
        self._named: list[list[tuple[str, int, str]]] = [[] for _ in inventory.projects]
        for unit in inventory.units:
            self._names[unit.project][full_name(unit.chain)] = unit.slots[0].path
        self._take_aside(inventory)
        self._place_problems(inventory)

    def _take_aside(self, inventory: Inventory) -> None:
        for index, file in inventory.aside:
            counts = self.report.outside if index == OUTSIDE else self.report.projects[index].counts
            where = counts.refused if file.refused else counts.files
            key = file.refused or file.role
            where[key] = where.get(key, 0) + 1
            counts.bytes += file.bytes

    def _place_problems(self, inventory: Inventory) -> None:
        """A problem found while walking belongs to the project whose folder it is in."""
        for problem in inventory.problems:
            owner = None
            for part in self.report.projects:
                root = part.project.root
                if root == "." or problem.file == root or problem.file.startswith(f"{root}/"):
                    owner = part
            (owner.problems if owner else self.report.problems).append(problem)

    def take(self, unit: Unit, summary: UnitSummary) -> None:
        part = self.report.projects[unit.project]
        part.counts.add(summary.counts)
        part.problems.extend(summary.problems)
        if summary.configuration is not None:
            part.configuration = summary.configuration
        if not summary.children:
            return
        owner = full_name(unit.chain)
        for child, line in summary.children.items():
            name = child if owner == "Configuration." else f"{owner}.{child}"
            # EDT writes languages inside of the configuration: they have no files to miss.
            is_inside = part.project.layout == "edt" and child.startswith("Language.")
            if name not in self._names[unit.project] and not is_inside:
                self._named[unit.project].append((summary.file, line, child))
            self._listed[unit.project].add(name)

    def finish(self) -> Report:
        """Compare what configurations name with what is there; both directions."""
        for index, part in enumerate(self.report.projects):
            for file, line, child in self._named[index]:
                kind, _, name = child.partition(".")
                part.problems.append(Problem("missing-file", file, line, arguments={"kind": kind, "name": name}))
            if part.configuration is not None:
                self._complain_of_unlisted(index, part)
        return self.report

    def _complain_of_unlisted(self, index: int, part: ProjectReport) -> None:
        for name in sorted(set(self._names[index]) - self._listed[index] - {"Configuration."}):
            kind = name.rpartition(".")[0].rpartition(".")[2] or name.partition(".")[0]
            if kind in kinds.KINDS and name.count(".") == 1:
                arguments = {"name": name}
                path = self._names[index][name]
                part.problems.append(Problem("not-listed", path, severity="warning", arguments=arguments))
