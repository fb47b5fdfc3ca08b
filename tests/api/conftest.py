"""A home with a store, a DAG, a bundle; the app over them, called in process or served on a free port."""

import asyncio
import gzip
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from potok.api import pages
from potok.api.app import PotokApp, create_app
from potok.api.settings import ApiSettings
from potok.model.dag import BashWork, CallableRef, Concurrency, Dag, EdgeGroup, Group, PythonWork, Task
from potok.model.retry import Retry
from potok.model.schedule import Cron, Schedule
from potok.store.open import open_store
from potok.store.protocol import Store
from potok.store.rows import DagRow, ImportErrorRow, PoolRow, VersionRow
from tests.api.scheduler import QuietScheduler

TOKEN = "a-token-of-the-tests"
BUNDLE = "b20e44d0"


def ml_pipeline() -> Dag:
    trainings = tuple(
        Task(f"train_{n}", PythonWork(CallableRef("train")), pool="ml_training", retry=Retry(1, 5.0), group="train")
        for n in (1, 2, 3)
    )
    tasks = (
        Task(
            "update_features", PythonWork(CallableRef("update_features")), doc="Reads the sources.", location="ml.py:3"
        ),
        *trainings,
        Task("evaluate", PythonWork(CallableRef("evaluate")), concurrency=Concurrency("model", 1)),
        Task("cleanup", BashWork("rm -rf old"), timeout_s=60.0),
    )
    return Dag(
        "ml_pipeline",
        tasks,
        edges=(EdgeGroup((0,), (1, 2, 3)), EdgeGroup((1, 2, 3), (4,)), EdgeGroup((4,), (5,))),
        groups=(Group("train", "Train"),),
        schedule=Schedule(Cron("0 2 * * *"), "0 2 * * *", tz="Europe/Berlin"),
        params={"type": "object", "properties": {"days": {"type": "integer", "default": 7}}},
        tags=("ml",),
        file="ml.py",
        location="ml.py:20",
    )


def put_dag(scheduler: QuietScheduler, dag: Dag) -> None:
    now = time.time()
    row = DagRow(
        dag_id=dag.dag_id,
        bundle=BUNDLE,
        file=dag.file,
        present=True,
        paused=False,
        first_seen_at=now,
        updated_at=now,
        next_fire=now + 3600,
        tags=dag.tags,
        schedule_text=dag.schedule.text if dag.schedule else "",
        tz=dag.schedule.tz if dag.schedule else "UTC",
        location=dag.location,
        task_count=len(dag.tasks),
    )
    files = ("ml.py", "lib/model.py", "../../token", "picture.bin")
    scheduler.commit(dags=[row], versions=[VersionRow(dag.dag_id, BUNDLE, now, files, dag)])


@pytest.fixture
def store(potok_home: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{potok_home}/potok.db")
    store.upgrade()
    yield store
    store.close()


@pytest.fixture
def scheduler(store: Store, potok_home: Path) -> QuietScheduler:
    scheduler = QuietScheduler(store)
    put_dag(scheduler, ml_pipeline())
    broken = ImportErrorRow("broken.py", "invalid syntax", "broken.py:7", "", time.time())
    scheduler.commit(pools=[PoolRow("ml_training", 4, "Trainings", "config")], import_errors=[broken])
    folder = potok_home / "bundles" / BUNDLE
    (folder / "lib").mkdir(parents=True)
    (folder / "ml.py").write_text("# модель\nprint('<script>alert(1)</script>')\n", encoding="utf-8")
    (folder / "lib" / "model.py").write_text("X = 1\n")
    (folder / "picture.bin").write_bytes(b"\x00\xff\xfe")
    (potok_home / "token").write_text(TOKEN)
    return scheduler


@pytest.fixture
def settings(potok_home: Path) -> ApiSettings:
    return ApiSettings(token=TOKEN, home=potok_home, version="0.1.0")


@pytest.fixture
def app(scheduler: QuietScheduler, store: Store, settings: ApiSettings) -> PotokApp:
    return create_app(scheduler, store, settings)


@pytest.fixture
async def http(app: PotokApp) -> AsyncIterator[httpx.AsyncClient]:
    """Calls the app in process, with the token."""
    async with client_of(app) as client:
        client.headers["Authorization"] = f"Bearer {TOKEN}"
        yield client
    app.close()


def client_of(app: PotokApp, base_url: str = "http://127.0.0.1:8080") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url)


class Served:
    """The app behind a real uvicorn in a thread of its own; `call` runs something on its loop."""

    def __init__(self, app: PotokApp) -> None:
        self.app = app
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        config = uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=5)
        self.server = uvicorn.Server(config)
        self.loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self.thread.start()
        assert self._ready.wait(10)
        for _ in range(1000):
            if self.server.started:
                return
            time.sleep(0.005)
        raise AssertionError("uvicorn did not start")

    def call(self, function, *args, **kwargs):  # type: ignore[no-untyped-def]
        """The result of `function(...)`, run on the server's loop as the scheduler would."""
        assert self.loop is not None

        async def run():  # type: ignore[no-untyped-def]
            return function(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(run(), self.loop).result(10)

    def stop(self) -> None:
        self.call(self.app.close)
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._ready.set()
        await self.server.serve(sockets=[self.socket])


@pytest.fixture
def served(app: PotokApp) -> Iterator[Served]:
    served = Served(app)
    served.start()
    yield served
    served.stop()


PAGES_SCRIPT = b"console.info('potok');" * 100


@pytest.fixture
def built_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a small build of the pages, so that these tests need no node."""
    folder = tmp_path / "pages" / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(
        '<!doctype html><base href="__BASE__" /><script src="./first-paint.js"></script>'
    )
    (folder / "first-paint.js").write_bytes(b"1;")
    (folder / "mark.svg").write_text("<svg/>")
    (folder / "assets" / "index-abc123.js").write_bytes(PAGES_SCRIPT)
    (folder / "assets" / "index-abc123.js.gz").write_bytes(gzip.compress(PAGES_SCRIPT))
    (folder.parent / "secret.js").write_text("no")
    monkeypatch.setattr(pages, "FOLDER", folder)
    yield folder
