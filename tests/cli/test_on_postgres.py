"""The same server on PostgreSQL: only the URL differs."""

import pytest

from tests.cli.running_server import RunningServer

pytestmark = pytest.mark.slow

DAG = "from potok import task\n\n@task(schedule='@daily')\ndef one() -> int:\n    print('on postgres')\n    return 1\n"


@pytest.mark.parametrize("mode", [(), ("--split",)], ids=["standalone", "split"])
def test_a_run_goes_through_and_the_database_speaks(postgres_url: str, mode: tuple[str, ...]) -> None:
    with RunningServer({"one.py": DAG}, *mode, toml=f'database_url = "{postgres_url}"\n') as running:
        assert running.announced["database"].startswith("postgresql://")
        ended = running.potok("trigger", "one", "--wait", "--json")
        assert ended.code == 0, ended.err
        assert "on postgres" in running.potok("logs", "last", "one").out
        assert running.potok("db", "status", "--json").json["pending"] == []
        assert running.potok("doctor", "--json").code == 0
        assert not (running.home / "potok.db").exists()
        assert running.stop() == 0
        running.start()
        assert running.potok("runs", "--json").json["items"][0]["run_id"] == ended.json["run_id"]


def test_database_out_of_reach_is_a_sentence() -> None:
    with RunningServer({}) as running:
        url = "postgresql://nobody:hunter2@127.0.0.1:9/none"
        ended = running.potok_process("up", "--port", "0", POTOK_HOME="other", POTOK_DATABASE_URL=url)
        assert ended.code == 2
        assert ended.err.count("\n") == 1, ended.err
        assert "hunter2" not in ended.err
        assert running.potok("db", "status", POTOK_DATABASE_URL=url).code == 2
