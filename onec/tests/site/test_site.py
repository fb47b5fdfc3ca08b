"""The site: a page for everything, no dead link, nothing of a source becomes markup, the same bytes again."""

from pathlib import Path

import pytest

from potok_onec.pipeline import Store
from potok_onec.pipeline.plan import NAMES
from potok_onec.pipeline.run import run_step
from potok_onec.practices.sight import STATISTICS
from potok_onec.site.checking import check
from potok_onec.site.html import tag, text
from potok_onec.site.places import address
from potok_onec.site.step_words import contract_word, key_word
from potok_onec.site.words import kind_names, kinds_word
from potok_onec.testing import generate

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration whose comments and synonyms try to become markup."""
    folder = tmp_path_factory.mktemp("sources")
    generate(folder, layout="edt")
    escaped = EVIL.replace("<", "&lt;").replace(">", "&gt;")
    for path in folder.rglob("*.mdo"):
        described = path.read_text(encoding="utf-8")
        path.write_text(described.replace("<value>", f"<value>{escaped}"), encoding="utf-8")
    for path in folder.rglob("*.bsl"):
        code = path.read_bytes().decode("utf-8-sig")
        path.write_bytes(f"// {EVIL}\r\n// Параметры:\r\n//  А - {EVIL}\r\n{code}".encode("utf-8-sig"))
    return folder


@pytest.fixture(scope="module")
def out(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("out")
    for name in ("parse", "architecture", "dependencies", "docs"):
        run_step(name, source, found, {})
    return found


def pages(out: Path) -> dict[str, str]:
    folder = out / "docs"
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.html")}


def test_every_object_and_module_has_a_page_and_every_link_leads_somewhere(out: Path) -> None:
    checked = check(out / "docs")
    parsed = Store(out).find("parse")
    assert parsed is not None
    rows = parsed.manifest.facts["rows"]
    assert (checked.pages["object"], checked.pages["module"]) == (rows["objects"], rows["modules"])
    assert checked.dead == []


def test_nothing_of_a_source_becomes_markup(out: Path) -> None:
    found = pages(out)
    assert any("&lt;script&gt;alert(1)" in written for written in found.values())
    for written in found.values():
        assert EVIL not in written
        assert written.count("<script") == 1
        assert "http://" not in written
        assert "https://" not in written


def test_the_same_source_gives_the_same_bytes(source: Path, out: Path, tmp_path: Path) -> None:
    for name in ("parse", "architecture", "dependencies", "docs"):
        run_step(name, source, tmp_path, {})
    one, two = Store(out).find("docs"), Store(tmp_path).find("docs")
    assert one is not None
    assert two is not None
    assert one.manifest.files == two.manifest.files


def test_what_a_step_did_not_give_is_said_to_be_missing(source: Path, out: Path, tmp_path: Path) -> None:
    run_step("parse", source, tmp_path, {})
    made = run_step("docs", source, tmp_path, {})
    assert made.manifest.facts["missing"] == ["architecture", "dependencies", "ml-dataset", "best-practices"]
    for name in ("architecture", "dependencies"):
        assert f'data-missing="{name}"' in (tmp_path / "docs" / f"{name}.html").read_text(encoding="utf-8")
        assert f'data-missing="{name}"' not in (out / "docs" / f"{name}.html").read_text(encoding="utf-8")
    assert check(tmp_path / "docs").dead == []


def test_an_output_of_an_earlier_source_is_missing_too(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    generate(source, layout="edt")
    for name in ("parse", "architecture"):
        run_step(name, source, out, {})
    module = next(source.rglob("*.bsl"))
    module.write_bytes(module.read_bytes() + "\r\n// ещё\r\n".encode())
    run_step("parse", source, out, {})
    assert "architecture" in run_step("docs", source, out, {}).manifest.facts["missing"]


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<p id="here"><a href="#here">x</a><a href="#no">x</a><a href="b.html">x</a></p>')
    assert check(tmp_path).dead == [("a.html", "#no"), ("a.html", "b.html")]


def test_attributes_and_texts_are_escaped() -> None:
    assert tag("a", text("<&>"), title='"><b>') == '<a title="&quot;&gt;&lt;b&gt;">&lt;&amp;&gt;</a>'


def test_addresses_are_relative() -> None:
    assert address("index.html", "P/a.html", "b") == "P/a.html#b"
    assert address("P/a.html", "P/c.html") == "c.html"
    assert address("P/a.html", "index.html") == "../index.html"


def test_every_statistic_and_every_contract_is_told_in_both_languages(source: Path, out: Path) -> None:
    told = [
        contract_word(each.name) for step in NAMES[:5] for each in run_step(step, source, out, {}).manifest.contracts
    ]
    for written in (*told, *(key_word(name) for name in STATISTICS)):
        assert 'lang="ru"' in written, written


def test_names_of_kinds_are_words_and_acronyms_stay() -> None:
    assert kind_names("XDTOPackage")[1] == "XDTO package"
    assert "HTTP-сервисы" in kinds_word("HTTPService") and "HTTP services" in kinds_word("HTTPService")
    assert "Планы видов характеристик" in kinds_word("ChartOfCharacteristicTypes")
