"""One step as a value: its name, what it reads, which code makes it, how it is carried out."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from potok_onec.pipeline.artifact import Artifact, Store
from potok_onec.pipeline.contract import Finding
from potok_onec.pipeline.parts import NO_PARTS, Parts
from potok_onec.version import __version__

# Stands for the content of an output that is not there: with it and without it are two different inputs.
MISSING: Final = "missing"

Make = Callable[["Inputs", Path], tuple[dict[str, Any], list[Finding]]]


class Inputs(Struct, frozen=True):
    """`source` is the folder with the configuration, `needs` the outputs of earlier steps, `options` what was asked.

    What follows saves work and changes nothing of the output: `parts` has what the last run made of single objects,
    `before` is the step's own output before, `memory` where a step may remember what is no output, `since` the commit
    from which on files may have changed.
    """

    source: Path
    needs: Mapping[str, Artifact]
    options: Mapping[str, str]
    parts: Parts = NO_PARTS
    before: Path | None = None
    memory: Path | None = None
    since: str = ""

    def folder(self, step: str) -> Path:
        return self.needs[step].path

    def rows(self, table: str) -> int:
        """Rows of a table as step 1 counted them at the source: what a later step must have seen."""
        return int(self.needs["parse"].manifest.facts["rows"][table])


class Step(Struct, frozen=True):
    """`may_miss`: steps whose output is used when there is one. `rooms`: packages whose code makes the output.

    Such an output must be of the same snapshot: one of an older source, or of a step that has failed since, is missing.
    `make` is `module:function`, so that a step costs nothing before it runs. `state`, of the same form, gives further
    inputs from the source and the options: what the output names and no earlier step does, such as a commit.
    `options` are those that it reads.
    """

    name: str
    needs: tuple[str, ...]
    rooms: tuple[str, ...]
    make: str
    may_miss: tuple[str, ...] = ()
    state: str = ""
    options: tuple[str, ...] = ()

    def load(self) -> Make:
        found: Make = _function(self.make)
        return found

    def run(
        self, store: Store, source: Path, options: Mapping[str, str], extra: Mapping[str, str], *, since: str = ""
    ) -> Artifact:
        """Carry it out over `store`. `extra` are inputs beside the earlier steps, such as the state of the source.

        `since` may save work and changes nothing of the output. Raises MissingInputError, BrokenContractError, OSError.
        """
        needs = self._needs(store)
        inputs = dict.fromkeys(self.may_miss, MISSING)
        inputs.update({name: artifact.manifest.content for name, artifact in needs.items()})
        inputs.update({f"option:{name}": value for name, value in options.items()})
        inputs.update(extra)
        if self.state:
            inputs.update(_function(self.state)(source, dict(options)))
        inputs["code"] = code_version(self.rooms)

        def make(folder: Path) -> tuple[dict[str, Any], list[Finding]]:
            last = store.find(self.name)
            before = last.path if last else None
            with Parts(store.memory / f"{self.name}.parts", inputs["code"]) as parts:
                return self.load()(Inputs(source, needs, options, parts, before, store.memory, since), folder)

        return store.take(self.name, inputs, make)

    def _needs(self, store: Store) -> dict[str, Artifact]:
        """What may be missed counts when it was made of the outputs that this step reads, and not of older ones."""
        found: dict[str, Artifact] = {}
        for name in self.needs:
            artifact = store.find(name)
            if artifact is None:
                raise MissingInputError(self.name, name)
            found[name] = artifact
        snapshot = {name: artifact.manifest.content for name, artifact in found.items()}
        for name in self.may_miss:
            artifact = store.find(name)
            if artifact is not None and _is_of(artifact, snapshot) and not store.has_failed_on(name, snapshot):
                found[name] = artifact
        return found


def _is_of(artifact: Artifact, snapshot: Mapping[str, str]) -> bool:
    inputs = artifact.manifest.inputs
    return all(inputs.get(name) == content for name, content in snapshot.items())


def _function(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


class MissingInputError(Exception):
    """A step was asked for before the one whose output it reads."""

    def __init__(self, step: str, missing: str) -> None:
        self.step = step
        self.missing = missing
        super().__init__(f"{step} reads the output of {missing}, which is not there: run {missing} first")

    def __reduce__(self) -> tuple[type["MissingInputError"], tuple[str, str]]:
        return MissingInputError, (self.step, self.missing)


def code_version(rooms: tuple[str, ...]) -> str:
    """Changes with every release and, for those who work on a step, with every save of its code."""
    package = Path(__file__).parents[1]
    found = blake2b(__version__.encode(), digest_size=8)
    for room in ("pipeline", *rooms):
        for path in sorted((package / room).rglob("*.py")):
            facts = path.stat()
            found.update(f"{path.relative_to(package)}:{facts.st_size}:{facts.st_mtime_ns};".encode())
    return found.hexdigest()
