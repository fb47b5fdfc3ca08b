"""The page's files: nothing inline, no text as markup, two whole catalogues, a graph without overlaps."""

import json
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from potok.api.pages import FOLDER
from potok.engine import sentences

SCRIPTS = sorted(FOLDER.glob("*.js"))
NODE = shutil.which("node")


async def test_the_page_and_its_files_are_served_with_their_types(http: httpx.AsyncClient) -> None:
    for path in ("/", "/runs/any%2Frun", "/dags/any"):
        page = await http.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert b"__PREFIX__" not in page.content
    for script in SCRIPTS:
        answer = await http.get(f"/page/{script.name}")
        assert answer.headers["content-type"].startswith("text/javascript")
        again = await http.get(f"/page/{script.name}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert (await http.get("/page/app.css")).headers["content-type"].startswith("text/css")


@pytest.mark.parametrize("name", ["..%2Fapp.py", "../app.py", "%2e%2e/app.py", "index.html", "nope.js", "", "app.css/"])
async def test_nothing_but_the_pages_files_is_served(http: httpx.AsyncClient, name: str) -> None:
    assert (await http.get(f"/page/{name}")).status_code == 404


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_no_script_turns_text_into_markup(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert forbidden not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "") and "https://" not in text


def test_the_document_holds_no_inline_script_style_or_handler() -> None:
    text = (FOLDER / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", text)


def test_every_state_has_an_icon_and_its_colours_in_both_themes() -> None:
    document = (FOLDER / "index.html").read_text(encoding="utf-8")
    light, dark = (FOLDER / "app.css").read_text(encoding="utf-8").split(":root[data-theme=dark]")
    states = ("scheduled", "queued", "running", "up_for_retry", "waiting")
    for state in (*states, "success", "failed", "skipped", "upstream_failed", "cancelled"):
        assert f'id="i-{state}"' in document
        assert f"--{state}:" in light and f"--{state}:" in dark


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_both_catalogues_are_whole_and_every_reason_has_its_russian_sentence(modules: Path) -> None:
    words = modules / "words.js"
    catalogues = {language: json.loads(run_module(words, _CATALOGUE, language)) for language in ("en", "ru")}
    assert catalogues["en"]["keys"] == catalogues["ru"]["keys"]
    untranslated = [code for code in sentences._TEXTS if f"  {code}: " not in (FOLDER / "words.js").read_text("utf-8")]
    assert untranslated == []
    assert catalogues["ru"]["lengths"] == ["0 мс", "0,4 с", "41 с", "10 мин 22 с", "1 ч 06 мин", "2 д 3 ч"]
    assert catalogues["en"]["lengths"] == ["0 ms", "0.4 s", "41 s", "10 min 22 s", "1 h 06 min", "2 d 3 h"]
    assert catalogues["ru"]["plurals"] == ["1 задача", "2 задачи", "5 задач", "21 задача"]


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_the_layout_goes_forward_and_no_nodes_overlap(modules: Path) -> None:
    tasks = [{"task_id": f"t{n}"} for n in range(40)]
    layers = [[f"t{n}" for n in range(at, at + 8)] for at in range(0, 40, 8)]
    edges = [{"upstream": layers[at], "downstream": layers[at + 1]} for at in range(4)]
    edges.append({"upstream": ["t0"], "downstream": ["t39"]})
    plan = json.loads(run_module(modules / "graph.js", _LAYOUT, json.dumps({"tasks": tasks, "edges": edges})))
    nodes = plan["nodes"]
    assert len(nodes) == 40
    for edge in edges:
        for up in edge["upstream"]:
            for down in edge["downstream"]:
                assert nodes[up]["x"] + nodes[up]["w"] < nodes[down]["x"]
    for layer in layers:
        heights = sorted(nodes[name]["y"] for name in layer)
        assert all(below - above >= 46 for above, below in pairwise(heights))
    assert all(0 <= node["y"] <= plan["height"] and node["x"] + node["w"] <= plan["width"] for node in nodes.values())
    assert len(plan["paths"]) == 4 * 16, "large groups run through one joint; a link that says nothing new is left out"


_CATALOGUE = """
const { t, length } = module;
const keys = (node) => Object.entries(node).flatMap(([key, value]) =>
  value && typeof value === "object" ? keys(value).map((below) => `${key}.${below}`) : [key]).sort();
const lengths = [0, 0.4, 41, 622, 3960, 183600].map((seconds) => length(seconds).replaceAll("\\u00a0", " "));
const plurals = [1, 2, 5, 21].map((n) => t.tasks(n).replaceAll("\\u00a0", " "));
console.log(JSON.stringify({ keys: keys(t), lengths, plurals }));
"""
_LAYOUT = """
const { tasks, edges } = JSON.parse(process.argv[1]);
const plan = module.layout(tasks, edges, 1200);
const nodes = Object.fromEntries([...plan.nodes].map(([id, { x, y, w }]) => [id, { x, y, w }]));
console.log(JSON.stringify({ ...plan, nodes }));
"""


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """The scripts where node takes them for modules."""
    for script in SCRIPTS:
        shutil.copy(script, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    return tmp_path


def run_module(script: Path, code: str, argument: str) -> str:
    """The output of `code` with the page's module at hand, in node with the little of a browser that it reads."""
    browser = (
        "Object.defineProperty(globalThis, 'navigator', { value: { languages: [process.argv[1]] } });"
        "globalThis.localStorage = { getItem: () => null };"
        f"const module = await import({json.dumps(script.as_uri())});"
    )
    assert NODE is not None
    command = [NODE, "--no-warnings", "--input-type=module", "-e", browser + code, argument]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout
