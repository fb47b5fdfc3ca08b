"""One DAG file in a child of its own: whatever it does, the answer is a sentence and the server goes on."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from potok.sources.imported import FoundFailure, Imported
from potok.sources.python_file import import_file
from tests.sources.conftest import Write

HEAD = "import os, sys, time, threading\nfrom potok import *\n"


async def imported(root: Path, file: str = "flow.py", timeout_s: float = 30.0) -> Imported:
    return await import_file(root.resolve(), file, timeout_s=timeout_s)


async def failure(root: Path, timeout_s: float = 30.0) -> FoundFailure:
    answer = await imported(root, timeout_s=timeout_s)
    assert answer.failure is not None
    assert answer.dags == ()
    return answer.failure


async def test_a_good_file_gives_its_dags_and_its_closure(root: Path, write: Write) -> None:
    write("lib/__init__.py", "")
    write("lib/steps.py", "from lib import deep\n")
    write("lib/deep.py", "")
    write("lib/other.py", "")
    write("lazy.py", "import lazier\n")
    write("lazier.py", "")
    write("sql/a.sql", "select 1")
    write("sql/b.txt", "")
    write(
        "flow.py",
        """
        from lib.steps import deep
        from potok import Dag, task

        Dag("data", files=["sql/*.sql"])

        @task
        def work():
            import lazy
            import pandas
        """,
    )
    answer = await imported(root)
    assert answer.failure is None
    assert sorted(dag.dag_id for dag in answer.dags) == ["data", "work"]
    assert sorted(answer.files) == [
        *("flow.py", "lazier.py", "lazy.py", "lib/__init__.py", "lib/deep.py", "lib/steps.py", "sql/a.sql"),
    ]
    assert answer.files["lib/deep.py"] and not answer.files["lazy.py"]
    assert answer.globs == ("sql/*.sql",)
    assert answer.wanted == {"pandas", "potok"}


async def test_files_in_sub_folders_see_the_root_and_their_neighbours(root: Path, write: Write) -> None:
    write("team/flow.py", "import common, near\nfrom potok import Dag\nDag('d', files=['*.sql'])\n")
    write("team/near.py", "")
    write("team/a.sql", "")
    write("common.py", "")
    answer = await imported(root, "team/flow.py")
    assert answer.failure is None
    assert sorted(answer.files) == ["common.py", "team/a.sql", "team/flow.py", "team/near.py"]
    assert answer.dags[0].file == "team/flow.py"


async def test_relative_imports_of_packages_are_followed(root: Path, write: Write) -> None:
    write("pkg/__init__.py", "")
    write("pkg/inner/__init__.py", "")
    write("pkg/inner/a.py", "def go():\n    from .. import top\n    from .b import x\n    from . import c\n")
    for name in ("pkg/top.py", "pkg/inner/b.py", "pkg/inner/c.py"):
        write(name, "x = 1\n")
    write("flow.py", "from pkg.inner.a import go\nfrom potok import Dag\nDag('d')\n")
    files = (await imported(root)).files
    assert {"pkg/top.py", "pkg/inner/a.py", "pkg/inner/b.py", "pkg/inner/c.py"} <= set(files)


async def test_a_syntax_error_is_told_by_line(root: Path, write: Write) -> None:
    write("flow.py", "from potok import task\n\ndef broken(:\n")
    found = await failure(root)
    assert (found.location, found.message) == ("flow.py:3", "this is not valid Python: invalid syntax")


async def test_a_syntax_error_in_a_helper_is_told_there(root: Path, write: Write) -> None:
    write("flow.py", "from potok import task\nimport helper\n")
    write("helper.py", "x = (\n")
    assert (await failure(root)).location == "helper.py:1"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("import nowhere", "there is no module 'nowhere': install it where the server runs, or put nowhere.py into"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("sys.exit(3)", "the file ends the process while it is imported: sys.exit (3)"),
        ("Dag('d', schedule='nonsense')", "cron 'nonsense' has 1 fields; it needs five"),
        ("def f(): f()\nf()", "the import recurses without end"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("class Odd(Exception):\n    def __str__(self): 1 / 0\nraise Odd", "Odd: (its message cannot be shown)"),
        ("variable('x')", "there is no variable 'x' here; set POTOK_VAR_X"),
        ("Dag('d', files=['../*'])", "files='../*' points outside the DAG file's folder"),
        ("Dag('d', params={'n': 10**5000})", "ValueError: Exceeds the limit"),
    ],
)
async def test_what_an_import_can_run_into(root: Path, write: Write, line: str, message: str) -> None:
    write("flow.py", HEAD + line + "\n")
    found = await failure(root)
    assert found.message.startswith(message)
    assert found.location.startswith("flow.py")


async def test_the_users_frame_is_named_not_the_librarys(root: Path, write: Write) -> None:
    write("flow.py", "import json\nfrom potok import task\n\njson.loads('{')\n")
    found = await failure(root)
    assert found.location == "flow.py:4"
    assert found.message.startswith("JSONDecodeError: Expecting property name")
    assert "flow.py" in found.traceback
    assert "importer" not in found.traceback


async def test_an_import_that_hangs_is_killed_and_its_line_named(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("flow.py", HEAD + "open('pid', 'w').write(str(os.getpid()))\nwhile True:\n    time.sleep(0.01)\n")
    started = time.monotonic()
    monkeypatch.chdir(root)
    found = await failure(root, timeout_s=2.0)
    assert time.monotonic() - started < 10
    assert found.location in ("flow.py:4", "flow.py:5")
    assert found.message.startswith("the import did not end within 2 s; a DAG file only describes tasks")
    with pytest.raises(ProcessLookupError):
        os.kill(int((root / "pid").read_text()), 0)


async def test_a_crash_is_named_by_its_signal(root: Path, write: Write) -> None:
    write("flow.py", HEAD + f"os.kill(os.getpid(), {signal.SIGSEGV.value})\n")
    assert (await failure(root)).message == "the import was ended by signal SIGSEGV; a library crashed"


async def test_an_exit_past_the_interpreter_is_told(root: Path, write: Write) -> None:
    write("flow.py", HEAD + "os._exit(7)\n")
    assert "os._exit, code 7" in (await failure(root)).message


@pytest.mark.timeout(20)
def test_a_server_that_stops_while_imports_start_ends(root: Path, write: Write) -> None:
    write("flow.py", HEAD + "time.sleep(60)\n")

    async def stop_after(turns: int) -> None:
        task = asyncio.create_task(imported(root))
        for _ in range(turns):
            await asyncio.sleep(0)
        assert not task.done()

    for turns in range(1, 8):
        asyncio.run(stop_after(turns))


async def test_noise_threads_and_children_do_no_harm(root: Path, write: Write) -> None:
    write(
        "flow.py",
        HEAD
        + "import subprocess\n"
        + "print('x' * 1_000_000)\n"
        + "print('y' * 1_000_000, file=sys.stderr)\n"
        + "os.write(1, b'z' * 100_000)\n"
        + "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        + "child = subprocess.Popen(['sleep', '60'])\n"
        + "Dag(f'child_{child.pid}')\n",
    )
    answer = await imported(root)
    assert answer.failure is None
    pid = int(answer.dags[0].dag_id.partition("_")[2])
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().split()[2]
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.01)
    pytest.fail("a process that the import started lives on")


async def test_no_secret_of_the_server_reaches_the_file(
    root: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POTOK_API_TOKEN", "secret")
    monkeypatch.setenv("POTOK_CONN_DB", "secret")
    monkeypatch.setenv("OTHER", "plain")
    write("flow.py", HEAD + "Dag('_'.join(sorted(n for n in os.environ if n.startswith(('POTOK_', 'OTHER')))))\n")
    answer = await imported(root)
    assert "OTHER" in answer.dags[0].dag_id
    assert "TOKEN" not in answer.dags[0].dag_id and "CONN" not in answer.dags[0].dag_id


async def test_nothing_is_written_into_the_dag_folder(root: Path, write: Write) -> None:
    write("helper.py", "x = 1\n")
    write("flow.py", "import helper\nfrom potok import Dag\nDag('d')\n")
    await imported(root)
    assert sorted(path.name for path in root.iterdir()) == ["flow.py", "helper.py"]


async def test_an_edit_within_the_same_second_is_seen_in_spite_of_a_cached_module(root: Path, write: Write) -> None:
    path = write("helper.py", "name = 'one'\n")
    write("flow.py", "import helper\nfrom potok import Dag\nDag(helper.name)\n")
    import py_compile

    py_compile.compile(str(path))
    told = path.stat()
    path.write_text("name = 'two'\n")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert (await imported(root)).dags[0].dag_id == "two"


async def test_names_of_the_standard_library_are_free_for_dag_files(root: Path, write: Write) -> None:
    write("queue.py", "from potok import Dag\nDag('queue')\n")
    write("json.py", "import queue, json\nassert json.loads('1') == 1\nfrom potok import Dag\nDag('json')\n")
    assert (await imported(root, "json.py")).dags[0].dag_id == "json"
    assert (await imported(root, "queue.py")).dags[0].dag_id == "queue"
