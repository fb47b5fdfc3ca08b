"""XML readers under mutation: never a crash, never a hang, never a file that is dropped without a word."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from potok_onec.configuration import inventory, unit
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.model import Project
from potok_onec.configuration.xml_tree import XmlError, parse

_FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _all_units(folder: Path) -> list[tuple[Project, Unit]]:
    plan = inventory.take(folder)
    return [(plan.projects[item.project], item) for item in plan.units]


@pytest.mark.parametrize("layout", ["edt", "designer"])
@_FUZZ
@given(data=st.data())
def test_mutated_files_are_accounted_for(layout: str, sources: dict[str, Path], data: st.DataObject) -> None:
    folder = sources[layout]
    project, item = data.draw(st.sampled_from(_all_units(folder)))
    victim = data.draw(st.sampled_from([slot.path for slot in item.slots]))

    def load(path: str) -> bytes:
        whole = (folder / path).read_bytes()
        return data.draw(_mutations(whole)) if path == victim else whole

    portion = unit.read(project, item, load)
    assert [file.path for file in portion.files] == [slot.path for slot in item.slots]
    refused = {file.path for file in portion.files if file.refused}
    assert refused <= {problem.file for problem in portion.problems}
    assert not [problem.text() for problem in portion.problems if problem.code == "reader-failed"]


def _mutations(whole: bytes) -> st.SearchStrategy[bytes]:
    positions = st.integers(0, max(len(whole) - 1, 0))
    pieces = st.sampled_from(
        [b"<", b">", b"</", b"/>", b"&", b"&amp;", b"<!DOCTYPE x>", b"<x>", b"</x>", b'"', b"\0", b"\xff", b"]]>",
         b"<![CDATA[", b"<?x?>", b"<!--", b"-->", b' uuid="', b"true", "ё".encode()]
    )  # fmt: skip

    def cut(start: int, length: int, piece: bytes) -> bytes:
        return whole[:start] + piece + whole[start + length :]

    changed = st.builds(cut, positions, st.integers(0, 400), pieces)
    swapped = st.builds(lambda a, b: whole[min(a, b) :] + whole[: min(a, b)], positions, positions)
    return st.one_of(changed, swapped, st.builds(lambda end: whole[:end], positions), st.binary(max_size=200))


@_FUZZ
@given(st.binary(max_size=400))
def test_any_bytes_parse_or_are_refused_with_a_line(data: bytes) -> None:
    try:
        tree = parse(data)
    except XmlError as error:
        assert error.line >= 1
        assert error.reason
        assert error.reason_ru
    else:
        assert tree.root.tag


_NAMES = st.sampled_from(["MetaDataObject", "Catalog", "Properties", "Type", "ChildObjects", "Attribute", "Content"])
_TREES = st.recursive(
    st.tuples(_NAMES, st.just(())), lambda inner: st.tuples(_NAMES, st.lists(inner, max_size=4)), max_leaves=30
)


def _markup(tree: tuple[str, list[object]]) -> str:
    name, children = tree
    inner = "".join(_markup(child) for child in children)  # type: ignore[arg-type]
    return f"<{name}>{inner}</{name}>"


@_FUZZ
@given(tree=_TREES)
def test_sound_xml_of_any_shape_never_breaks_a_reader(tree: tuple[str, list[object]]) -> None:
    project = Project("P", "configuration", "designer", ".")
    item = Unit(0, (("Catalog", "X"),), [inventory.Slot("Catalogs/X.xml", "metadata")])
    markup = f'<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses">{_markup(tree)}</MetaDataObject>'
    portion = unit.read(project, item, lambda _: markup.encode())
    assert not [problem.text() for problem in portion.problems if problem.code == "reader-failed"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<a>\n<b>\n</a>", 3),
        ("", 1),
        ("<a>", 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE a [\n<!ENTITY b "c">]>\n<a>&b;</a>', 2),
        ('<?xml version="1.0" encoding="no-such"?>\n<a/>', 1),
    ],
)
def test_a_refusal_names_the_line(text: str, line: int) -> None:
    with pytest.raises(XmlError) as caught:
        parse(text.encode())
    assert caught.value.line == line


def test_windows_1251_is_read_as_declared() -> None:
    tree = parse('<?xml version="1.0" encoding="windows-1251"?><a>Имя</a>'.encode("cp1251"))
    assert tree.root.text == "Имя"


def test_lines_and_namespaces_are_kept() -> None:
    tree = parse(b'<x:a xmlns:x="urn:x"\n>\n  <x:b q="1">t</x:b>\n</x:a>')
    assert (tree.namespace, tree.root.tag) == ("urn:x", "a")
    assert (tree.root.children[0].line, tree.root.children[0].text) == (3, "t")
    assert tree.root.children[0].attributes == {"q": "1"}
