"""Makes files that people open, one of them by someone who means harm, and numbers that go over the runs."""

from pathlib import Path

from potok import Files, dag, task

HOSTILE = """<!doctype html><meta charset="utf-8"><title>Hostile</title><h1>Hostile</h1><ul id="told"></ul>
<img src="https://elsewhere.example/pixel.png" onerror="tell('image', 'refused')">
<script src="own.js"></script>
<script>
  function tell(what, how) {
    const item = document.createElement("li");
    item.textContent = what + ": " + how;
    document.getElementById("told").append(item);
  }
  async function attempt(what, does) {
    try { tell(what, await does()); } catch { tell(what, "refused"); }
  }
  (async () => {
    await attempt("cookie", () => document.cookie);
    await attempt("storage", () => Object.keys(localStorage).join());
    await attempt("runs", async () => (await fetch("/api/v1/runs", { credentials: "include" })).status);
    await attempt("trigger", async () =>
      (await fetch("/api/v1/dags/site/runs", {
        method: "POST", credentials: "include", headers: { "X-Potok-CSRF": "1" }, body: "{}",
      })).status);
    await attempt("elsewhere", async () => (await fetch("https://elsewhere.example/")).status);
    await attempt("own file", async () => (await fetch("own.json")).json().then((found) => found.answer));
    await attempt("own script", () => window.own);
    await attempt("origin", () => self.origin);
    await attempt("opener", () => String(opener));
    tell("end", "reached");
  })();
</script>"""


@task(metrics=["pages", "counts.*"])
def build(pages: int) -> dict:
    hostile, data = Path("out", f"hostile-{pages}"), Path("out", f"data-{pages}")
    (data / "deeper").mkdir(parents=True, exist_ok=True)
    hostile.mkdir(parents=True, exist_ok=True)
    (hostile / "index.html").write_text(HOSTILE)
    (hostile / "own.js").write_text("window.own = 'runs'")
    (hostile / "own.json").write_text('{"answer": 42}')
    (data / "rows.csv").write_text("a;b\n1;2\n")
    (data / "таблица.parquet").write_bytes(b"x" * 123456)
    return {
        "pages": pages,
        "counts": {"words": pages * 100},
        "site": Files(hostile, title="Site of a stranger"),
        "data": Files(data, title="<b>Data</b>"),
    }


@dag
def site(pages: int = 2):
    build(pages)


site()
