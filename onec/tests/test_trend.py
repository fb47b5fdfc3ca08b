"""Numbers over time: one line for each change of the source, courses with a verdict, a picture."""

from pathlib import Path
from xml.etree import ElementTree

from potok_onec.pipeline import Store
from potok_onec.trend import FILE, Line, courses, note, picture, read


def made(out: Path, objects: int) -> None:
    """A snapshot with so many objects."""

    def make(folder: Path) -> tuple[dict[str, object], list[object]]:
        (folder / "objects").write_text(str(objects))
        return {"rows": {"objects": objects, "modules": 1, "methods": 2, "queries": 0}}, []

    Store(out).take("parse", {"source": str(objects)}, make)  # type: ignore[arg-type]


def lines(*numbers: dict[str, int | float]) -> list[Line]:
    return [Line(str(at), f"2026-01-0{at + 1}T00:00:00Z", "c" * 40, each, {}) for at, each in enumerate(numbers)]


def test_a_line_for_each_change_and_none_for_the_same(tmp_path: Path) -> None:
    assert note(tmp_path, tmp_path) is None
    made(tmp_path, 3)
    line = note(tmp_path, tmp_path)
    assert line is not None
    assert (line.numbers["objects"], line.commit) == (3, "unknown")
    assert note(tmp_path, tmp_path) is None
    made(tmp_path, 4)
    assert note(tmp_path, tmp_path) is not None
    assert [each.numbers["objects"] for each in read(tmp_path)] == [3, 4]


def test_a_quick_run_and_a_whole_one_over_the_same_source_are_one(tmp_path: Path) -> None:
    made(tmp_path, 3)
    note(tmp_path, tmp_path)
    parsed = Store(tmp_path).find("parse")
    assert parsed is not None
    facts = {"cycles": 1, "largest_cycle": 2, "dead_exports": 3}
    Store(tmp_path).take("architecture", {"parse": parsed.manifest.content}, lambda folder: (facts, []))
    assert note(tmp_path, tmp_path) is not None
    assert note(tmp_path, tmp_path) is None
    (line,) = read(tmp_path)
    assert (line.numbers["objects"], line.numbers["cycles"]) == (3, 1)


def test_outputs_of_an_older_snapshot_are_not_counted(tmp_path: Path) -> None:
    made(tmp_path, 3)
    facts = {"cycles": 1, "largest_cycle": 2, "dead_exports": 3}
    Store(tmp_path).take("architecture", {"parse": "another"}, lambda folder: (facts, []))
    line = note(tmp_path, tmp_path)
    assert line is not None
    assert "cycles" not in line.numbers


def test_a_line_that_was_cut_off_takes_no_other_with_it(tmp_path: Path) -> None:
    made(tmp_path, 3)
    note(tmp_path, tmp_path)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"source":"half')
    made(tmp_path, 4)
    note(tmp_path, tmp_path)
    assert [each.numbers["objects"] for each in read(tmp_path)] == [3, 4]


def test_courses_say_what_is_better_and_what_is_worse() -> None:
    runs = lines(
        {"objects": 10, "cycles": 5, "documented_exports": 0.5},
        {"objects": 12, "cycles": 4, "documented_exports": 0.4, "pages": 7},
    )
    found = {course.name: course for course in courses(runs)}
    verdicts = {name: course.verdict for name, course in found.items()}
    assert verdicts == {"objects": "same", "cycles": "better", "documented_exports": "worse", "pages": "same"}
    assert found["cycles"].spark == "█▁"
    assert found["pages"].spark == " ▁"
    assert found["pages"].before is None
    assert courses([]) == []


def test_the_picture_is_well_formed_and_the_same_for_the_same_runs() -> None:
    runs = lines({"objects": 10, "loose": 0}, {"objects": 10, "loose": 3})
    drawn = picture(runs, {"objects": "Объекты <&>"})
    root = ElementTree.fromstring(drawn)
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["Объекты <&>", "10", "loose", "3"]
    assert drawn == picture(runs, {"objects": "Объекты <&>"})
