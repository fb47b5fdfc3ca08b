"""The process executor: the conformance suite, and what only it promises."""

from pathlib import Path

import pytest

from potok.executors.process import ProcessExecutor
from potok.testing.executor_suite import ExecutorSuite, OpenExecutor


class TestProcessExecutor(ExecutorSuite):
    __test__ = True

    @pytest.fixture
    def open_executor(self, tmp_path: Path) -> OpenExecutor:
        return lambda workers: ProcessExecutor(tmp_path, workers, warm=1)
