"""After any edits a run over what was kept gives the same files, byte for byte, as one that begins from nothing."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from potok_onec.pipeline import Store, plan
from potok_onec.pipeline.run import run_step
from potok_onec.testing import generate

pytestmark = pytest.mark.slow

PERSON = ("-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false")


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(folder), *PERSON, *words], check=True, capture_output=True)


def analyze(source: Path, out: Path, since: str = "") -> dict[str, dict[str, str]]:
    """Digests of the files of every step."""
    return {name: run_step(name, source, out, {}, since).manifest.files for name in plan.NAMES}


def reread(out: Path) -> dict[str, int]:
    found = {name: Store(out).find(name) for name in plan.NAMES}
    return {name: artifact.manifest.facts.get("reread", 0) for name, artifact in found.items() if artifact}


# --- edits ------------------------------------------------------------------------------------------------------------


def add_method(source: Path, dice: random.Random) -> None:
    module = dice.choice(modules(source))
    name = f"Добавленный{dice.randrange(10**6)}"
    code = f"\r\n// Добавлен.\r\nФункция {name}(А) Экспорт\r\n\tВозврат {name}(А);\r\nКонецФункции\r\n"
    module.write_bytes(module.read_bytes() + code.encode())


def change_lines(source: Path, dice: random.Random) -> None:
    """Everything below moves: places in others' edges do not, in those that lead here they do."""
    module = dice.choice(modules(source))
    text = module.read_bytes().decode("utf-8-sig")
    module.write_bytes(f"// {dice.random()}\r\n\r\n{text}".encode("utf-8-sig"))


def drop_exports(source: Path, dice: random.Random) -> None:
    module = dice.choice(modules(source))
    module.write_bytes(module.read_bytes().replace(" Экспорт".encode(), b"", 1))


def rename_method(source: Path, dice: random.Random) -> None:
    module = dice.choice(modules(source))
    text = module.read_bytes().decode("utf-8-sig")
    module.write_bytes(text.replace("Функция ", "Функция Иначе", 1).encode("utf-8-sig"))


def delete_module(source: Path, dice: random.Random) -> None:
    dice.choice(modules(source)).unlink()


def delete_object(source: Path, dice: random.Random) -> None:
    folder = dice.choice(objects(source))
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    folder.rmdir()


def rename_object(source: Path, dice: random.Random) -> None:
    folder = dice.choice(objects(source))
    name = f"{folder.name}Иной"
    (folder / f"{folder.name}.mdo").rename(folder / f"{name}.mdo")
    described = (folder / f"{name}.mdo").read_text(encoding="utf-8")
    described = described.replace(f"<name>{folder.name}</name>", f"<name>{name}</name>", 1)
    (folder / f"{name}.mdo").write_text(described, encoding="utf-8")
    folder.rename(folder.with_name(name))


def change_synonym(source: Path, dice: random.Random) -> None:
    file = dice.choice(sorted(source.rglob("*.mdo")))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("<value>", "<value>Ещё ", 1), encoding="utf-8")


def modules(source: Path) -> list[Path]:
    return sorted(path for path in source.rglob("*.bsl") if path.stat().st_size)


def objects(source: Path) -> list[Path]:
    return sorted(path.parent for path in source.rglob("*.mdo") if path.parent.parent.name in ("Catalogs", "Documents"))


EDITS: tuple[Callable[[Path, random.Random], None], ...] = (
    add_method, change_lines, drop_exports, rename_method, delete_module, delete_object, rename_object, change_synonym,
)  # fmt: skip


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize("seed", range(3))
def test_any_edits_give_what_a_full_run_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    dice = random.Random(seed)  # the same edits in every run
    source, out = tmp_path / "source", tmp_path / "out"
    generate(source, seed=seed + 1)
    git(tmp_path, "init", "--quiet", str(source))
    git(source, "add", "--all")
    git(source, "commit", "--quiet", "--message", "first")
    analyze(source, out)
    for at in range(3):
        for edit in dice.sample(EDITS, 3):
            edit(source, dice)
        since = ""
        if at != 1:
            git(source, "add", "--all")
            git(source, "commit", "--quiet", "--allow-empty", "--message", f"edit {at}")
            since = "HEAD~1"
        kept = analyze(source, out, since)
        monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / f"fresh-{at}"))
        assert kept == analyze(source, tmp_path / f"full-{at}")
        monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / "cache"))


def test_one_edit_rereads_one_module_and_those_that_depend_on_it(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    generate(source)
    analyze(source, out)
    first = reread(out)
    module = next(path for path in modules(source) if "CommonModules" in path.parts)
    module.write_bytes(module.read_bytes() + b"\r\n// Comment.\r\n")
    analyze(source, out)
    after = reread(out)
    assert after["parse"] == after["ml-dataset"] == after["best-practices"] == 1
    assert after["dependencies"] >= after["architecture"] >= 1
    assert after["dependencies"] < first["dependencies"]
    assert 1 <= after["docs"] < first["docs"]
    pages = sorted((out / "docs").rglob("*.html"))
    linked = sum(page.stat().st_nlink > 1 for page in pages)
    assert len(pages) / 2 < linked < len(pages)


def test_spoiled_memories_cost_only_time(tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "out"
    generate(source)
    made = analyze(source, out)
    for file in (out / ".store").glob("*.parts"):
        body = bytearray(file.read_bytes())
        for at in range(0, len(body), 97):
            body[at] ^= 0xFF
        file.write_bytes(bytes(body[: len(body) // 2]))
    (out / ".store" / "seen.bin").write_bytes(b"\x93nonsense")
    for name in plan.NAMES:
        (out / name).unlink()
    for folder in (out / ".store").iterdir():
        if folder.is_dir():
            folder.rename(folder.with_name(f"old-{folder.name}"))
    assert analyze(source, out) == made
