"""What user code says reaches the log: whole lines, marked as split, masked, counted when lost, seen while it runs."""

import os
from pathlib import Path

import pytest

from potok.model.dag import BashWork, CallableRef, PythonWork, Task
from potok.model.errors import InvalidError
from potok.model.local_wire import LogLine
from potok.model.masking import Secrets
from potok.model.run import LogRange
from potok.model.wire import AskConnection, Connection, GotConnection, WorkerReply, WorkerRequest
from potok.testing.executor_place import eventually
from potok.worker import log_capture
from potok.worker.log_capture import LINE_MAX_CHARS, LogCapture
from potok.worker.log_reader import read_lines
from tests.worker.conftest import OneWorker


class Log:
    """A capture without a process around it."""

    def __init__(self, folder: Path, secrets: Secrets | None = None) -> None:
        self.folder = folder
        self.flushes_asked = 0
        self.capture = LogCapture(secrets or Secrets(), self._ask_flush)
        self.begin(1)

    def _ask_flush(self) -> None:
        self.flushes_asked += 1

    def begin(self, attempt_id: int) -> None:
        self.capture.begin(attempt_id, "train", 2, str(self.folder), "demo/run.jsonl")

    def end(self) -> LogRange:
        log = self.capture.end()
        assert log is not None
        return log

    def lines(self, log: LogRange, attempt_id: int = 1) -> list[LogLine]:
        lines: list[LogLine] = []
        at, at_end = log.start, False
        while not at_end:
            page = read_lines(self.folder, log.segment, attempt_id, start=at, end=log.end)
            lines.extend(page.lines)
            at, at_end = page.next_offset, page.at_end
        return lines

    def texts(self, log: LogRange) -> list[str]:
        return [line.msg for line in self.lines(log)]


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_pieces_become_whole_lines_and_a_last_one_needs_no_newline(log: Log) -> None:
    for piece in ("one, ", "two\nthr", "ee\n\nfour"):
        log.capture.text("stdout", piece)
    assert log.texts(log.end()) == ["one, two", "three", "", "four"]


def test_a_line_carries_who_said_it_and_how(log: Log) -> None:
    log.capture.record("error", "shop.orders", "two\nlines")
    (line,) = log.lines(log.end())
    assert (line.attempt_id, line.task, line.try_number) == (1, "train", 2)
    assert (line.level, line.src, line.logger, line.msg) == ("error", "log", "shop.orders", "two\nlines")
    assert line.at > 1.7e9


def test_a_long_line_is_split_and_marked(log: Log) -> None:
    log.capture.text("stdout", "x" * (2 * LINE_MAX_CHARS + 5) + "\nnext\n")
    lines = log.lines(log.end())
    assert [(len(line.msg), line.more) for line in lines] == [
        (LINE_MAX_CHARS, True), (LINE_MAX_CHARS, True), (5, False), (4, False),
    ]  # fmt: skip


def test_a_line_without_end_is_not_kept_in_memory(log: Log) -> None:
    for _ in range(80):
        log.capture.text("stdout", "x" * 65_536)
        log.capture.data("stdout", b"y" * 65_536)
        held = sum(map(len, log.capture._partial_text.values())) + sum(map(len, log.capture._partial_bytes.values()))
        assert held <= 2.2 * 1024 * 1024
    texts = log.texts(log.end())
    assert sum(map(len, texts)) == 2 * 80 * 65_536


def test_bytes_that_are_no_text_are_shown_and_kept_apart(log: Log) -> None:
    log.capture.data("stderr", b"\xd0\xbf\xd1")
    log.capture.data("stderr", b"\x80\xff\x00\r\n")
    log.capture.text("stdout", "lone \udc80 surrogate\n")
    assert log.texts(log.end()) == ["пр\\xff\x00", "lone \\udc80 surrogate"]


def test_attempts_that_share_a_segment_are_told_apart(tmp_path: Path) -> None:
    one, other = Log(tmp_path), Log(tmp_path)
    other.begin(2)
    for number in range(3):
        one.capture.text("stdout", f"one {number}\n")
        other.capture.text("stdout", f"other {number}\n")
    first, second = one.end(), other.end()
    assert [line.msg for line in one.lines(first, 1)] == ["one 0", "one 1", "one 2"]
    assert [line.msg for line in one.lines(second, 2)] == ["other 0", "other 1", "other 2"]


def test_an_attempt_that_says_nothing_touches_no_file(log: Log) -> None:
    assert log.capture.end() is None
    assert list(log.folder.iterdir()) == []


def test_a_few_lines_are_on_disk_at_once_and_a_flood_in_blocks(log: Log) -> None:
    log.capture.text("stdout", "now\n")
    file = log.folder / "demo/run.jsonl"
    assert file.read_bytes().count(b"\n") == 1
    for _ in range(300):
        log.capture.text("stdout", "flood\n")
    assert log.flushes_asked > 0
    assert 200 <= file.read_bytes().count(b"\n") < 301
    assert log.end().lines == 301


def test_beyond_its_limit_an_attempt_is_told_so_and_counted(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_capture, "ATTEMPT_MAX_BYTES", 1 << 20)
    for _ in range(30):
        log.capture.text("stdout", ("x" * 99 + "\n") * 1000)
    log.capture.data("stdout", b"result\n")
    end = log.end()
    *_, notice, told = log.lines(end)
    assert notice.msg == "this attempt has logged 1 MB: further lines are counted, not kept"
    assert (told.lost, told.msg) == (end.lost, f"{end.lost} lines were lost here")
    assert end.lines + end.lost == 30_000 + 2
    assert (log.folder / end.segment).stat().st_size < 1.1 * (1 << 20)
    assert log.capture.last_stdout_line == b"result"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_loses_lines_with_a_count_and_nothing_else(log: Log) -> None:
    (log.folder / "demo").mkdir()
    (log.folder / "demo/run.jsonl").symlink_to("/dev/full")
    for number in range(5):
        log.capture.text("stdout", f"line {number}\n")
    end = log.end()
    assert (end.lines, end.lost) == (0, 5)


def test_lost_lines_are_told_where_they_are_missing(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    log.capture.text("stdout", "before\n")
    with monkeypatch.context() as full:
        full.setattr(os, "write", _no_space)
        log.capture.text("stdout", "one\ntwo\n")
    log.capture.text("stdout", "after\n")
    end = log.end()
    assert [(line.msg, line.lost) for line in log.lines(end)] == [
        ("before", 0),
        ("2 lines were lost here", 2),
        ("after", 0),
    ]
    assert (end.lines, end.lost) == (2, 2)


def _no_space(fd: int, data: bytes) -> int:
    raise OSError(28, "No space left on device")


def test_a_torn_line_does_not_swallow_the_next(log: Log) -> None:
    log.capture.text("stdout", "first\n")
    with (log.folder / "demo/run.jsonl").open("ab") as file:
        file.write(b'{"t":1.5,"a":9,"task":"torn')
    log.capture._file._is_torn = True
    log.capture.text("stdout", "second\n")
    assert log.texts(log.end()) == ["first", "second"]


def test_a_segment_outside_the_log_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="not in the log folder"):
        read_lines(tmp_path, "../secret.jsonl", 1)


def test_pages_follow_each_other_and_a_live_log_goes_on(log: Log) -> None:
    for number in range(5):
        log.capture.text("stdout", f"{number}\n")
    page = read_lines(log.folder, "demo/run.jsonl", 1, limit=3)
    assert ([line.msg for line in page.lines], page.at_end) == (["0", "1", "2"], False)
    page = read_lines(log.folder, "demo/run.jsonl", 1, start=page.next_offset)
    assert ([line.msg for line in page.lines], page.at_end) == (["3", "4"], True)
    log.capture.text("stdout", "5\n")
    page = read_lines(log.folder, "demo/run.jsonl", 1, start=page.next_offset)
    assert ([line.msg for line in page.lines], page.at_end) == (["5"], True)


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_secrets_are_masked_plain_in_urls_and_line_by_line(tmp_path: Path) -> None:
    secrets = Secrets()
    secrets.add("p@ss word", "-----BEGIN-----\nabcdef\n")
    log = Log(tmp_path, secrets)
    log.capture.text("stdout", "it is p@ss word\npostgres://u:p%40ss%20word@db\n")
    log.capture.data("stderr", b"key: abcdef\n")
    assert log.texts(log.end()) == ["it is ***", "postgres://u:***@db", "key: ***"]


def test_short_and_harmless_values_of_the_environment_are_not_masked() -> None:
    secrets = Secrets()
    secrets.add_environment({"USE_TOKEN": "true", "DB_PASSWORD": "correct horse", "HOME": "/home/anna"})
    assert secrets.mask("true /home/anna correct horse") == "true /home/anna ***"


async def test_a_secret_is_masked_in_errors_and_rendered_fields_too(worker: OneWorker) -> None:
    def answer(request: WorkerRequest) -> WorkerReply:
        assert isinstance(request, AskConnection)
        return GotConnection(Connection("shop", password="hunter2222", extra={"api_key": "k-12345", "zone": "north"}))

    worker.ear.answer = answer
    command = "echo {{ conn.shop.password }} {{ conn.shop.extra.api_key }} {{ conn.shop.extra.zone }} >&2; exit 1"
    end = await worker.run(Task("command", BashWork(command)))
    assert end.rendered == {"command": "echo *** *** north >&2; exit 1"}
    assert end.error is not None
    assert end.error.message == "exited with 1: *** *** north"
    assert worker.place.texts(end) == ["*** *** north", "BashFailed: exited with 1: *** *** north"]


# -- in a process ------------------------------------------------------------------------------------------------------

_FLOW = """
import logging, multiprocessing, os, sys, threading, time


def slow_talker(path):
    print("before the wait")
    while not os.path.exists(path):
        time.sleep(0.01)


def slow_flood(path):
    for number in range(1000):
        print(number)
    while not os.path.exists(path):
        time.sleep(0.01)


def say(text):
    print(text)
    logging.getLogger("child").warning("logged by %s", text)
    sys.stdout.flush()


def forks():
    print("parent before")
    child = multiprocessing.get_context("fork").Process(target=say, args=("child",))
    child.start()
    child.join()
    print("parent after")


def threads():
    workers = [threading.Thread(target=lambda: [print("x" * 50) for _ in range(500)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def kinds():
    sys.stdout.buffer.write(b"raw\\n")
    sys.stdout.writelines(["a\\n", "b\\n"])
    print("isatty", sys.stdout.isatty(), "fileno", sys.stdout.fileno(), file=sys.stderr)
    try:
        raise ValueError("bad")
    except ValueError:
        logging.getLogger("shop").exception("it failed")
    logging.debug("not asked for")


def native_flood(megabytes):
    block = b"z" * 1023 + b"\\n"
    for _ in range(megabytes * 1024):
        os.write(1, block)
"""


def python(function: str) -> Task:
    return Task(function, PythonWork(CallableRef(function)))


@pytest.mark.parametrize(("function", "lines"), [("slow_talker", 1), ("slow_flood", 1000)])
async def test_lines_are_seen_while_the_task_runs(worker: OneWorker, function: str, lines: int) -> None:
    worker.place.write(_FLOW)
    call = worker.place.python(function, str(worker.place.folder / "go"))
    worker.executor.submit(call)

    def seen() -> int:
        return len(read_lines(worker.place.log_dir, call.log_segment, call.attempt_id).lines)

    await eventually(lambda: seen() == lines, "the lines are on the disk before the task ends")
    (worker.place.folder / "go").touch()
    end = await worker.ear.finished(call.attempt_id)
    assert end.log is not None
    assert end.log.lines == lines


async def test_a_forked_child_of_a_task_speaks_through_its_parent(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(python("forks"))
    assert end.error is None
    assert sorted(worker.place.texts(end)) == [
        "child",
        "parent after",
        "parent before",
        "warning child: logged by child",
    ]
    after = await worker.run(python("kinds"))
    assert after.log is not None


async def test_threads_do_not_mix_their_lines(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(python("threads"))
    assert sum(text.count("x") for text in worker.place.texts(end)) == 4 * 500 * 50
    assert end.log is not None
    assert end.log.lines >= 500


async def test_streams_and_loggers_behave_as_programs_expect(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(python("kinds"))
    lines = worker.place.lines(end.attempt_id, end.log)
    assert [line.msg for line in lines if line.src == "stdout"] == ["raw", "a", "b"]
    assert [line.msg for line in lines if line.src == "stderr"] == ["isatty False fileno 1"]
    (logged,) = [line for line in lines if line.src == "log"]
    assert (logged.level, logged.logger) == ("error", "shop")
    assert logged.msg.startswith("it failed\nTraceback")


async def test_a_flood_of_native_code_is_drained(worker: OneWorker) -> None:
    worker.place.write(_FLOW)
    end = await worker.run(worker.place.python("native_flood", 20))
    assert end.log is not None
    assert (end.log.lines, end.log.lost) == (20 * 1024, 0)
    assert end.usage.rss_peak_mb < 60


async def test_the_environments_secrets_are_masked(worker: OneWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker's environment is set when its zygote starts, so this one starts another."""
    from potok.executors.process import ProcessExecutor

    monkeypatch.setenv("SHOP_PASSWORD", "correct horse")
    executor = ProcessExecutor(worker.place.folder, 1)
    await executor.start(worker.ear, worker.ear.on_request, worker.ear.on_capacity)
    call = worker.place.bash("echo my $SHOP_PASSWORD")
    executor.submit(call)
    end = await worker.ear.finished(call.attempt_id)
    await executor.stop(0.0)
    assert worker.place.texts(end) == ["my ***"]
