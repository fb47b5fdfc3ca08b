"""The command as people run it: a process of its own, its output, its exit codes, two languages."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pytest

from potok_onec.testing import generate, plant

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    generate(folder, layout="edt")
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: object, lang: str = "en", limit: int = 0) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "LC_ALL": lang, "POTOK_ONEC_CACHE": str(tmp_path / "cache"), "COLUMNS": "160"}
        return subprocess.run(
            [sys.executable, "-m", "potok_onec", *map(str, arguments)],
            capture_output=True,
            text=True,
            env=env,
            check=False,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))) if limit else None,
        )

    return run


def test_inspect_prints_the_promised_json(run: Run, source: Path) -> None:
    done = run("inspect", source, "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 0
    assert facts["layout"] == "edt"
    (project,) = facts["projects"]
    assert project["name"] == "УчетнаяКонфигурация"
    assert project["kind"] == "configuration"
    assert (project["version"], project["vendor"], project["compatibility"]) == ("1.2.3.4", "Рога и копыта", "8.3.27")
    assert project["objects"]["Catalog"] == 5
    assert {"attributes", "tabular_sections", "forms", "subsystems", "roles", "modules", "lines"} <= set(project)
    assert set(project["methods"]) == {"procedures", "functions", "exported"}
    assert {"read", "refused"} <= set(project["files"])
    assert project["problems"] == []
    assert facts["seconds"] > 0
    assert facts["peak_rss_mb"] > 0


@pytest.mark.parametrize(("lang", "word"), [("en", "objects"), ("ru_RU.UTF-8", "объекты")])
def test_inspect_speaks_the_language_of_the_environment(run: Run, source: Path, lang: str, word: str) -> None:
    assert word in run("inspect", source, lang=lang).stdout


def test_the_option_wins_over_the_environment(run: Run, source: Path) -> None:
    assert "объекты" in run("--lang", "ru", "inspect", source).stdout
    assert "Показать версию" in run("--lang=ru", "--help").stdout


def test_exit_codes_tell_what_happened(run: Run, source: Path, tmp_path: Path) -> None:
    assert run("inspect", tmp_path / "nowhere").returncode == 3
    assert run("inspect", tmp_path).returncode == 3
    assert run("inspect").returncode == 2
    spoiled = tmp_path / "spoiled"
    generate(spoiled)
    planted = plant(spoiled, "truncated")
    done = run("inspect", spoiled)
    assert done.returncode == 1
    assert planted.path in done.stdout


def test_parse_writes_equal_tables_in_both_formats(run: Run, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("parse", source, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["rows"]
    assert rows["objects"] == 54 + 4
    for name, amount in rows.items():
        lines = [json.loads(line) for line in (out / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        table = pyarrow.parquet.read_table(out / f"{name}.parquet")
        assert len(lines) == table.num_rows == amount
        assert table.to_pylist() == lines
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["files"]["found"] == report["files"]["accounted"]
    assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".out")]


def test_parse_gives_the_same_bytes_twice(run: Run, source: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("parse", source, "--out", tmp_path / name, "--format", "jsonl")
    for file in (tmp_path / "a").glob("*.jsonl"):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_a_full_disk_leaves_the_old_output_whole(run: Run, source: Path, tmp_path: Path) -> None:
    """A limit on the size of files fails the write in its middle, as a full disk does."""
    out = tmp_path / "out"
    run("parse", source, "--out", out)
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    for formats, limit in (("jsonl", 20_000), ("parquet", 3_000)):
        done = run("parse", source, "--out", out, "--format", formats, "--no-cache", limit=limit)
        assert done.returncode == 4, done.stdout + done.stderr
        assert "untouched" in done.stderr
        assert "Traceback" not in done.stderr
        assert {file.name: file.read_bytes() for file in out.iterdir()} == before
        assert not [entry for entry in tmp_path.iterdir() if entry.name.startswith(".out")]


def test_an_output_that_was_left_between_two_renames_comes_back(run: Run, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("parse", source, "--out", out, "--format", "jsonl")
    out.rename(tmp_path / ".out.old")
    assert run("parse", source, "--out", out, "--format", "jsonl", limit=20_000).returncode == 4
    assert (out / "objects.jsonl").is_file()


def test_a_folder_of_somebody_else_is_not_overwritten(run: Run, source: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    done = run("parse", source, "--out", tmp_path)
    assert done.returncode == 4
    assert "thesis.docx" in done.stderr
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_tokens_and_tree_of_a_module(run: Run, source: Path) -> None:
    module = next(source.rglob("ObjectModule.bsl"))
    lines = [json.loads(line) for line in run("tokens", module, "--json").stdout.splitlines()]
    assert "".join(line["text"] for line in lines) == module.read_bytes().decode()
    tree = json.loads(run("ast", module).stdout)
    assert any(item["node"] == "Method" for item in tree["items"])
    assert tree["errors"] == []


def test_a_broken_module_has_a_tree_and_exit_code_1(run: Run, tmp_path: Path) -> None:
    module = tmp_path / "Модуль.bsl"
    module.write_text("Процедура А(\n", encoding="utf-8")
    done = run("ast", module)
    assert done.returncode == 1
    assert f"{module}:" in done.stderr
    assert json.loads(done.stdout)["errors"]


def test_diff_names_what_changed(run: Run, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    generate(one, layout="edt")
    generate(two, layout="designer")
    assert run("diff", one, two).returncode == 0
    module = next(two.rglob("ManagerModule.bsl"))
    text = module.read_text(encoding="utf-8").replace("Знач Б = -1", "Знач Б = 0", 1)
    module.write_text(text + "\nПроцедура Новая()\nКонецПроцедуры\n", encoding="utf-8")
    catalog = module.parent.parent.with_suffix(".xml")
    catalog.write_text(catalog.read_text(encoding="utf-8").replace("<CodeLength>9<", "<CodeLength>11<"), "utf-8")
    done = run("diff", one, two, "--json")
    facts = json.loads(done.stdout)
    assert done.returncode == 1
    assert [change["how"] for change in facts["objects"]] == ["changed"]
    assert [change["name"].rpartition(".")[2] for change in facts["methods"]] == ["Новая"]
    assert "Б = 0" in facts["signatures"][0]["after"]


def test_roundtrip_is_checked_and_said(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("check-roundtrip", source)
    assert done.returncode == 0
    assert "byte for byte" in done.stdout
    assert run("check-roundtrip", tmp_path).returncode == 3


def test_completion_is_offered(run: Run) -> None:
    assert "--install-completion" in run("--help").stdout


def test_a_workflow_is_written_once_and_never_over_settings(run: Run, tmp_path: Path) -> None:
    dags = tmp_path / "dags"
    done = run("workflow", "edt_analysis", "--out", dags)
    assert done.returncode == 0, done.stderr
    assert "potok pools set edt_analysis 2" in done.stdout
    assert "from potok import" in (dags / "edt_analysis.py").read_text(encoding="utf-8")
    (dags / "edt_analysis.toml").write_text('path = "/srv/trade"\n')
    assert run("workflow", "edt_analysis", "--out", dags).returncode == 0
    (dags / "edt_analysis.py").write_text("# ours\n")
    refused = run("workflow", "edt_analysis", "--out", dags)
    assert refused.returncode == 4
    assert "--force" in refused.stderr
    assert run("workflow", "edt_analysis", "--out", dags, "--force").returncode == 0
    assert (dags / "edt_analysis.toml").read_text() == 'path = "/srv/trade"\n'
    unknown = run("workflow", "nightly", "--out", dags)
    assert unknown.returncode == 2
    assert "edt_analysis" in unknown.stderr
