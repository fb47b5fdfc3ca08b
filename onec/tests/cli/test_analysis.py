"""The commands of the analysis as people run them: steps, contracts, sources elsewhere, exit codes, two languages."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from potok_onec.testing import generate

pytestmark = pytest.mark.slow

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PERSON = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit."""
    folder = tmp_path_factory.mktemp("sources") / "trade"
    folder.mkdir()
    generate(folder)
    for words in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "first")):
        subprocess.run(["git", "-C", str(folder), *PERSON, *words], check=True)
    return folder


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    cache = tmp_path_factory.mktemp("cache")

    def run(*arguments: object, lang: str = "en") -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "LC_ALL": lang, "POTOK_ONEC_CACHE": str(cache), "COLUMNS": "200"}
        words = [sys.executable, "-m", "potok_onec", *map(str, arguments)]
        return subprocess.run(words, capture_output=True, text=True, env=env, check=False)

    return run


def test_one_step_brings_what_it_needs_and_prints_its_contracts(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("architecture", source, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "modules surveyed" in done.stdout
    assert "2 of 2 steps" in done.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_symlink()) == ["architecture", "parse"]


def test_json_tells_contracts_with_what_was_found_and_wanted(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("dependencies", source, "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    assert list(told["steps"]) == ["parse", "dependencies"]
    contracts = told["steps"]["dependencies"]["contracts"]
    assert all(one["is_kept"] and one["found"] and one["wanted"] for one in contracts)
    assert "calls that lead to a method" in [one["name"] for one in contracts]


def test_a_broken_contract_is_printed_and_ends_with_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = run("best-practices", tmp_path / "empty", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "projects" in done.stdout
    assert "parse broke its contract: projects: 0, wanted at least 1" in done.stderr
    assert "best-practices needs parse, which failed" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_site_alone_says_what_is_missing(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("docs", source, "--out", tmp_path / "out", "--json")
    missing = json.loads(done.stdout)["steps"]["docs"]["facts"]["missing"]
    assert missing == ["architecture", "dependencies", "ml-dataset", "best-practices"]


def test_quick_is_parse_architecture_and_dependencies(run: Run, source: Path, tmp_path: Path) -> None:
    done = run("analyze", source, "--out", tmp_path / "out", "--quick", "--json")
    assert list(json.loads(done.stdout)["steps"]) == ["parse", "architecture", "dependencies"]


def test_a_commit_of_a_repository_elsewhere_is_analysed(run: Run, source: Path, tmp_path: Path) -> None:
    here = run("architecture", source, "--out", tmp_path / "here")
    there = run("architecture", f"file://{source}", "--ref", "HEAD", "--out", tmp_path / "there")
    assert (here.returncode, there.returncode) == (0, 0), there.stderr
    tables = [(tmp_path / out / "architecture" / "modules.parquet").read_bytes() for out in ("here", "there")]
    assert tables[0] == tables[1]
    refused = run("analyze", source, "--ref", "v9", "--out", tmp_path / "out")
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"{source} has no v9: ")


def test_since_and_trend_follow_a_repository(run: Run, source: Path, tmp_path: Path) -> None:
    folder, out = tmp_path / "trade", tmp_path / "out"
    subprocess.run(["git", "clone", "--quiet", str(source), str(folder)], check=True)
    assert run("trend", out).returncode == 3
    assert run("analyze", folder, "--out", out, "--quick").returncode == 0
    module = next(folder.rglob("CommonModules/*/Module.bsl"))
    module.write_bytes(module.read_bytes() + "\r\nПроцедура Ещё() Экспорт\r\nКонецПроцедуры\r\n".encode())
    subprocess.run(["git", "-C", str(folder), *PERSON, "commit", "--quiet", "--all", "--message", "more"], check=True)
    done = run("analyze", folder, "--out", out, "--quick", "--since", "HEAD~1", "--json")
    assert json.loads(done.stdout)["steps"]["parse"]["facts"]["reread"] == 1
    run("analyze", folder, "--out", out, "--quick")
    told = json.loads(run("trend", out, "--json", "--svg", tmp_path / "trend.svg").stdout)
    assert len(told["runs"]) == 2
    (methods,) = (each for each in told["now"] if each["name"] == "methods")
    assert methods["now"] == methods["before"] + 1
    assert (tmp_path / "trend.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "методы" in run("trend", out, lang="ru").stdout
    refused = run("analyze", folder, "--out", out, "--since", "v9")
    assert refused.returncode == 3
    assert refused.stderr.startswith(f"{folder} has no v9: ")


def test_diff_compares_commits_and_names_who_is_affected(run: Run, source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "trade"
    subprocess.run(["git", "clone", "--quiet", str(source), str(folder)], check=True)
    described = next(folder.rglob("Catalogs/*/Товары1.mdo"))
    described.write_text(described.read_text(encoding="utf-8").replace("<name>Attribute1<", "<name>Иной<"), "utf-8")
    subprocess.run(["git", "-C", str(folder), *PERSON, "commit", "--quiet", "--all", "--message", "more"], check=True)
    by_refs = run("diff", "HEAD~1", "HEAD", "--repo", folder, "--json")
    assert by_refs.returncode == 1
    told = json.loads(by_refs.stdout)
    (one,) = told["affected"]
    assert one["name"] == f"Catalog.{described.stem}"
    assert one["users_after"] >= len(one["after"]) > 0
    assert all(user["line"] and user["file"] for user in one["after"])
    assert json.loads(run("diff", f"{folder}@HEAD~1", folder, "--json").stdout) == told
    shown = run("diff", f"{folder}@HEAD~1", folder, "--users", "1", lang="ru")
    assert "затронуто" in shown.stdout
    assert run("diff", folder, f"{folder}@HEAD").returncode == 0
    assert run("diff", "v8", "v9", "--repo", folder).returncode == 3


@pytest.mark.parametrize(("lang", "words"), [("en", ("contract", "wanted")), ("ru", ("контракт", "требуется"))])
def test_tables_and_help_speak_both_languages(
    run: Run, source: Path, tmp_path: Path, lang: str, words: tuple[str, str]
) -> None:
    done = run("architecture", source, "--out", tmp_path / "out", lang=lang)
    assert all(word in done.stdout for word in words)
    told = run("docs", "--help", lang=lang).stdout
    assert ("site" if lang == "en" else "сайт") in told


def test_wrong_words_end_with_two_and_no_source_with_three(run: Run, source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("analyze", source, "--out", out, "--step", "dataset").returncode == 2
    assert run("analyze", source, "--out", out, "-O", "=x").returncode == 2
    assert run("analyze", source, "--out", out, "-O", "licence").returncode == 2
    assert run("analyze", tmp_path / "nowhere", "--out", out).returncode == 3
    misspelt = run("analyze", source, "--out", out, "-O", "licens=MIT")
    assert (misspelt.returncode, "ml-dataset.licence" in misspelt.stderr) == (2, True)
    assert not out.exists()
    (tmp_path / "file").write_text("")
    refused = run("analyze", source, "--out", tmp_path / "file" / "out")
    assert (refused.returncode, refused.stderr.count("\n")) == (4, 1)
