"""Logs at random access: windows, overviews, search, plain text."""

import time
from pathlib import Path

import httpx
import msgspec
import pytest

from potok.model.local_wire import LogLine
from potok.model.run import LogRange
from potok.model.state import RunState, TaskState
from potok.scheduler.calls import log_segment
from potok.store.rows import AttemptRow
from tests.api.conftest import TOKEN, Served
from tests.api.scheduler import QuietScheduler

TRACEBACK = """Traceback (most recent call last):
  File "ml.py", line 3, in train
    model.fit(rows)
  File "/usr/lib/python3.11/site-packages/sklearn/base.py", line 1151, in wrapper
    return fit_method(estimator, *args)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: Input X contains NaN.
column 7 is empty"""


class Journal:
    """The log file of a run, written as workers do."""

    def __init__(self, home: Path, scheduler: QuietScheduler) -> None:
        row = scheduler.new_run("ml_pipeline")
        self.run_id = row.record.run_id
        self.name = log_segment(row.record)
        self.path = home / "logs" / self.name
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._scheduler = scheduler
        self._clock = 1_764_040_000.0

    def begin(self, task_id: str, try_number: int = 1) -> AttemptRow:
        return self._scheduler.begin_attempt(self.run_id, task_id, try_number)

    def end(self, attempt: AttemptRow, state: TaskState = TaskState.SUCCESS, lost: int = 0) -> None:
        log = LogRange(self.name, 0, self.path.stat().st_size, 0, lost)
        self._scheduler.end_attempt(self.run_id, attempt, state, log=log)

    def write(self, attempt: AttemptRow, *texts: str, level: str = "info", src: str = "stdout", **more: object) -> None:
        with self.path.open("ab") as file:
            for text in texts:
                self._clock += 0.5
                who = (attempt.attempt_id, attempt.task_id, attempt.try_number)
                line = msgspec.convert(
                    {"t": self._clock, "a": who[0], "task": who[1], "try": who[2], "level": level, "src": src}
                    | {"msg": text, **more},
                    LogLine,
                )
                file.write(msgspec.json.encode(line) + b"\n")

    def task(self, task_id: str, what: str) -> str:
        return f"/api/v1/runs/{self.run_id.replace('/', '%2F')}/tasks/{task_id}/logs/{what}"

    def run(self, what: str) -> str:
        return f"/api/v1/runs/{self.run_id.replace('/', '%2F')}/logs/{what}"


@pytest.fixture
def journal(potok_home: Path, scheduler: QuietScheduler) -> Journal:
    return Journal(potok_home, scheduler)


async def get(http: httpx.AsyncClient, path: str, **query: object) -> dict[str, object]:
    answer = await http.get(path, params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(found: dict[str, object]) -> list[int]:
    items = found["items"]
    assert isinstance(items, list)
    return [item["n"] for item in items]


def messages(found: dict[str, object]) -> list[str]:
    items = found["items"]
    assert isinstance(items, list)
    return [item["msg"] for item in items]


async def test_a_window_holds_numbered_lines_of_one_attempt(http: httpx.AsyncClient, journal: Journal) -> None:
    first, other = journal.begin("train_1"), journal.begin("train_2")
    for n in range(1, 301):
        journal.write(first, f"step {n}")
        journal.write(other, "noise", level="warning")
    journal.end(first)

    found = await get(http, journal.task("train_1", "window"), from_row=150, lines=3)
    assert messages(found) == ["step 151", "step 152", "step 153"]
    assert numbers(found) == [151, 152, 153]
    assert (found["first_row"], found["rows_total"], found["lines_total"]) == (150, 300, 300)
    assert found["growing"] is False
    assert messages(await get(http, journal.task("train_1", "window"), from_row=-2)) == ["step 299", "step 300"]
    assert messages(await get(http, journal.task("train_1", "window"), from_row=300)) == []
    assert (await get(http, journal.task("train_2", "window"), lines=1))["growing"] is True


async def test_levels_choose_rows_and_keep_numbers(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    for n in range(1, 10_001):
        journal.write(attempt, f"step {n}", level="error" if n % 1000 == 0 else "debug")

    found = await get(http, journal.task("train_1", "window"), level="error", from_row=7)
    assert numbers(found) == [8000, 9000, 10_000]
    found = await get(http, journal.task("train_1", "window"), level="error", from_line=4001, lines=1)
    assert (numbers(found), found["first_row"], found["rows_total"]) == ([5000], 4, 10)
    answer = await http.get(journal.task("train_1", "window"), params={"level": "loud"})
    assert answer.status_code == 422


async def test_a_growing_log_is_read_on(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    assert (await get(http, journal.task("train_1", "window")))["rows_total"] == 0
    journal.write(attempt, "one")
    with journal.path.open("ab") as file:
        file.write(b'{"t":1,"a":%d,' % attempt.attempt_id)
    assert messages(await get(http, journal.task("train_1", "window"))) == ["one"]
    with journal.path.open("ab") as file:
        file.write(b'"task":"train_1","try":1,"level":"info","src":"stdout","msg":"two"}\n')
    journal.write(attempt, "three")
    assert messages(await get(http, journal.task("train_1", "window"))) == ["one", "two", "three"]


async def test_torn_lines_shift_no_numbers(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "one")
    with journal.path.open("ab") as file:
        file.write(b'{"t":1,"a":%d,"torn\n\n' % attempt.attempt_id)
        file.write(b"\x00\x00}\n")
    journal.write(attempt, "two", '"a":2,"src"')
    found = await get(http, journal.task("train_1", "window"))
    assert (numbers(found), messages(found)) == ([1, 2, 3], ["one", "two", '"a":2,"src"'])


async def test_the_listing_of_a_run_interleaves_its_tasks(http: httpx.AsyncClient, journal: Journal) -> None:
    first, second = journal.begin("train_1"), journal.begin("train_2")
    journal.write(first, "a")
    journal.write(second, "b")
    journal.write(first, "c")
    found = await get(http, journal.run("window"))
    items = found["items"]
    assert isinstance(items, list)
    assert [(item["task_id"], item["attempt"], item["msg"]) for item in items] == [
        ("train_1", 1, "a"),
        ("train_2", 1, "b"),
        ("train_1", 1, "c"),
    ]


async def test_the_overview_finds_the_exception_and_its_frames(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "begin", "middle")
    journal.write(attempt, TRACEBACK, level="error", src="log", logger="potok")
    journal.end(attempt, TaskState.FAILED, lost=3)

    found = await get(http, journal.task("train_1", "overview"))
    assert (found["lines"], found["errors"], found["tracebacks"], found["attempts"]) == (3, [3], [3], [1])
    assert found["levels"] == {"debug": 0, "info": 2, "warning": 0, "error": 1, "critical": 0}
    block = found["exception"]
    assert isinstance(block, dict)
    assert (block["line"], block["kind"]) == (3, "ValueError")
    assert block["message"] == "Input X contains NaN.\ncolumn 7 is empty"
    assert [(frame["file"], frame["line"], frame["own"], frame["rows"]) for frame in block["frames"]] == [
        ("ml.py", 3, True, 2),
        ("/usr/lib/python3.11/site-packages/sklearn/base.py", 1151, False, 3),
    ]
    assert (found["lost_total"], found["lost"]) == (3, [{"line": 0, "count": 3, "at": None}])


async def test_a_printed_traceback_is_found_row_by_row(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "begin")
    journal.write(attempt, *TRACEBACK.split("\n")[:7], src="stderr")
    journal.write(attempt, "after", lost=12, src="log", logger="potok")
    block = (await get(http, journal.task("train_1", "overview")))["exception"]
    assert isinstance(block, dict)
    assert (block["line"], block["lines"], block["kind"], len(block["frames"])) == (2, 7, "ValueError", 2)
    lost = (await get(http, journal.task("train_1", "overview")))["lost"]
    assert isinstance(lost, list)
    assert [(one["line"], one["count"]) for one in lost] == [(9, 12)]


async def test_search_counts_everywhere_and_marks_where(http: httpx.AsyncClient, journal: Journal) -> None:
    first, second = journal.begin("train_1"), journal.begin("train_2")
    journal.write(first, "nothing", 'Ошибка: "путь" не найден', "info")
    journal.write(second, "ОШИБКА", level="error")
    for _ in range(10):
        journal.write(first, "x" * 500 + "😀 needle needle")

    found = await get(http, journal.run("search"), q="ошибка")
    items = found["items"]
    assert isinstance(items, list)
    assert [(item["task_id"], item["line"], item["run_line"], item["spans"]) for item in items] == [
        ("train_1", 2, 2, [[0, 6]]),
        ("train_2", 1, 4, [[0, 6]]),
    ]
    found = await get(http, journal.run("search"), q='"путь"', task="train_1", attempt=1)
    assert (found["total"], found["lines"], found["complete"]) == (1, 13, True)
    found = await get(http, journal.run("search"), q="needle", limit=2)
    items = found["items"]
    assert isinstance(items, list)
    hit_map = found["hit_map"]
    assert isinstance(hit_map, list)
    assert (found["total"], len(items), sum(hit_map)) == (10, 2, 10)
    begin, end = items[0]["spans"][0]
    assert items[0]["text"].encode("utf-16-le")[begin * 2 : end * 2].decode("utf-16-le") == "needle"
    assert (await get(http, journal.run("search"), q="ошибка", level="error"))["total"] == 1
    assert (await get(http, journal.run("search"), q="ошибка", case=1))["total"] == 0
    assert (await get(http, journal.run("search"), q="train"))["total"] == 0, "names of tasks are not their text"


@pytest.mark.slow
async def test_a_pattern_runs_in_a_process_and_an_endless_one_is_stopped(
    http: httpx.AsyncClient, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "loss 0.12", "a" * 60 + "!", "loss nan")
    found = await get(http, journal.run("search"), q=r"loss (nan|\d+\.\d+)$", regex=1)
    assert found["total"] == 2
    assert (await http.get(journal.run("search"), params={"q": "(", "regex": "1"})).status_code == 422
    monkeypatch.setattr("potok.api.log_search.SEARCH_MAX_S", -1.0)
    began = time.monotonic()
    answer = await http.get(journal.run("search"), params={"q": "(a|a)*$b", "regex": "1"})
    assert answer.status_code == 422
    assert "simpler" in answer.json()["detail"]
    assert time.monotonic() - began < 5


async def test_following_from_far_into_a_log_begins_there(http: httpx.AsyncClient, journal: Journal) -> None:
    first, other = journal.begin("train_1"), journal.begin("train_2")
    for n in range(3000):
        journal.write(first, f"step {n}", level="warning" if n % 2 else "info")
        journal.write(other, "noise")
    logs = journal.task("train_1", "window").removesuffix("/window")
    lines = (await http.get(logs, params={"offset": "2990"})).text.splitlines()
    assert [msgspec.json.decode(line)["msg"] for line in lines] == [f"step {n}" for n in range(2990, 3000)]
    lines = (await http.get(logs, params={"offset": "1490", "level": "warning"})).text.splitlines()
    assert [msgspec.json.decode(line)["msg"] for line in lines] == [f"step {n}" for n in range(2981, 3000, 2)]
    assert (await http.get(logs, params={"offset": "4000"})).text == ""


async def test_a_run_is_followed_over_all_its_tasks(
    served: Served, journal: Journal, scheduler: QuietScheduler
) -> None:
    first, other = journal.begin("train_1"), journal.begin("train_2")
    journal.write(first, "one")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    url = f"{served.url}{journal.run('window').removesuffix('/window')}"
    async with (
        httpx.AsyncClient(headers=headers) as client,
        client.stream("GET", url, params={"follow": "1"}) as answer,
    ):
        lines = answer.aiter_lines()
        assert msgspec.json.decode(await anext(lines))["msg"] == "one"
        journal.write(other, "two", lost=3)
        found = msgspec.json.decode(await anext(lines))
        assert (found["msg"], found["task_id"], found["attempt"], found["lost"]) == ("two", "train_2", 1, 3)
        served.call(scheduler.move_run, journal.run_id, RunState.SUCCESS)
        assert [line async for line in lines] == []


async def test_plain_text_is_a_download(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "one", "два")
    journal.write(attempt, "broken", level="error")
    answer = await http.get(journal.task("train_1", "text"))
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "ml_pipeline-1.train_1.1.log" in answer.headers["content-disposition"]
    assert answer.text.splitlines()[1:] == [
        "2025-11-25T03:06:41.000Z INFO     два",
        "2025-11-25T03:06:41.500Z ERROR    broken",
    ]
    assert len((await http.get(journal.task("train_1", "text"), params={"level": "error"})).text.splitlines()) == 1


async def test_a_log_that_retention_took_says_so(http: httpx.AsyncClient, journal: Journal) -> None:
    attempt = journal.begin("train_1")
    journal.write(attempt, "one")
    journal.end(attempt)
    journal.path.unlink()
    found = await get(http, journal.task("train_1", "overview"))
    assert (found["missing"], found["lines"]) == (True, 0)
    assert (await get(http, journal.task("train_2", "overview")))["missing"] is False, "never began"
    assert (await http.get(journal.task("train_1", "window"), params={"attempt": 7})).status_code == 404
