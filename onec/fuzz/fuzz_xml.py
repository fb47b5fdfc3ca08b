"""Coverage-guided fuzzing of the readers of metadata files for a stated time; a finding ends it with a traceback."""

import argparse
import sys
import tempfile
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["potok_onec.configuration"]):
    from potok_onec.configuration import inventory, unit
    from potok_onec.configuration.inventory import Unit
    from potok_onec.configuration.model import Project
from potok_onec.testing import generate

# The first bytes of an input choose the file whose content the rest is.
_CHOICE_BYTES = 2
_LENGTH_MAX = 16_384
Case = tuple[Path, Project, Unit, str]


def cases(folder: Path) -> list[Case]:
    """Every file of generated sources in both layouts that is not code, with the object it belongs to."""
    found: list[Case] = []
    for layout in ("edt", "designer"):
        source = folder / layout
        generate(source, layout=layout)
        plan = inventory.take(source)
        found += [
            (source, plan.projects[item.project], item, slot.path)
            for item in plan.units
            for slot in item.slots
            if not slot.path.endswith(".bsl")
        ]
    return found


def check(case: Case, data: bytes) -> None:
    """Whatever the bytes are, every file is accounted for and nothing is refused without a problem that says so."""
    source, project, item, victim = case

    def load(path: str) -> bytes:
        return data if path == victim else (source / path).read_bytes()

    portion = unit.read(project, item, load)
    assert [file.path for file in portion.files] == [slot.path for slot in item.slots]
    refused = {file.path for file in portion.files if file.refused}
    assert refused <= {problem.file for problem in portion.problems}
    assert not [problem.text() for problem in portion.problems if problem.code == "reader-failed"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="fuzz-xml-"))
    known = cases(scratch / "sources")
    corpus = scratch / "corpus"
    corpus.mkdir()
    for number, (source, _, _, victim) in enumerate(known):
        content = (source / victim).read_bytes()
        if len(content) < _LENGTH_MAX:
            (corpus / f"seed-{number}").write_bytes(number.to_bytes(_CHOICE_BYTES, "big") + content)

    def one(data: bytes) -> None:
        choice = int.from_bytes(data[:_CHOICE_BYTES], "big") % len(known)
        check(known[choice], data[_CHOICE_BYTES:])

    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={options.seconds}",
        f"-max_len={_LENGTH_MAX}",
        "-timeout=10",  # a file of 16 KB takes milliseconds: ten seconds are a hang
        f"-artifact_prefix={options.findings}/",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
