"""The settings table: file, environment over it, and one sentence for each mistake."""

import tomllib

import pytest

from potok.model.errors import InvalidError
from potok.model.settings import SETTINGS, Kind, Settings, resolve


def from_toml(text: str, env: dict[str, str] | None = None) -> Settings:
    return resolve(tomllib.loads(text), env or {}, "/srv/team", text=text)


def test_without_file_and_environment_everything_has_its_default() -> None:
    settings = from_toml("")
    assert settings.dags == "/srv/team/dags"
    assert settings.home == "/srv/team/.potok"
    assert settings.database_url == "sqlite:////srv/team/.potok/potok.db"
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert (settings.workers, settings.warm_workers, settings.queues) == (4, 2, ("default",))
    assert (settings.retention_runs_days, settings.retention_logs_days) == (400, 30)
    assert settings.pools == {}


def test_file_sets_every_kind_of_value() -> None:
    settings = from_toml(
        """
        dags = "flows"
        port = 9000
        queues = ["default", "gpu"]
        durability = "full"
        import_timeout = "1m30s"
        database_url = "sqlite:///data/p.db"
        [retention]
        runs_days = 10
        [pools]
        ml_training = 3
        """
    )
    assert settings.dags == "/srv/team/flows"
    assert settings.port == 9000
    assert settings.queues == ("default", "gpu")
    assert settings.durability == "full"
    assert settings.import_timeout_s == 90.0
    assert settings.database_url == "sqlite:////srv/team/data/p.db"
    assert settings.retention_runs_days == 10
    assert settings.pools == {"ml_training": 3}


def test_environment_goes_over_the_file() -> None:
    env = {"POTOK_PORT": "7000", "POTOK_HOME": "/var/potok", "POTOK_QUEUES": "a, b", "POTOK_IMPORT_TIMEOUT": "5"}
    settings = from_toml('port = 9000\nhome = "x"\nimport_timeout = "1m"', env)
    assert (settings.port, settings.home, settings.queues) == (7000, "/var/potok", ("a", "b"))
    assert settings.import_timeout_s == 5.0


def test_empty_variable_is_no_setting() -> None:
    assert from_toml("port = 9000", {"POTOK_PORT": ""}).port == 9000


def test_warm_workers_never_exceed_workers() -> None:
    assert from_toml("workers = 1").warm_workers == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("# a\nwokers = 2", "potok.toml:2: unknown key 'wokers'; did you mean 'workers'?"),
        ("zzz = 2", "potok.toml:1: unknown key 'zzz'; known keys: dags, home"),
        ("[retention]\nrun_days = 3", "potok.toml:2: unknown key 'retention.run_days'; did you mean"),
        ("retention = {run_days = 3}", "potok.toml:1: unknown key 'retention.run_days'"),
        ("retention.run_days = 3", "potok.toml:1: unknown key 'retention.run_days'"),
        ("[pool]\netl = 3", "potok.toml:1: unknown key 'pool'; did you mean 'pools'?"),
        ("retention = 30", "potok.toml:1: 'retention' is a section"),
        ('port = "8080"', "potok.toml:1: port is '8080'; write a whole number"),
        ("port = true", "port is True; write a whole number"),
        ("port = 70000", "port is 70000; it must be between 0 and 65535"),
        ("workers = 0", "workers is 0; it must be between 1 and 1024"),
        ("dags = 5", 'dags is 5; write a text in quotes, such as "dags"'),
        ('durability = "ful"', "durability is 'ful'; write 'normal' or 'full'"),
        ('queues = "gpu"', "queues is 'gpu'; write a list of names"),
        ("queues = []", "queues is []; write a list of names"),
        ('import_timeout = "soon"', "import_timeout is 'soon'; write seconds or a text"),
        ("import_timeout = 1979-05-27", "write seconds or a text"),
        ("[pools]\n\netl = 'x'", "potok.toml:3: pools.etl is 'x'; write a whole number"),
        ("pools = 4", "pools is 4; write a section [pools]"),
        ("database_url = 'mysql://x'", "database_url starts with 'mysql'"),
    ],
)
def test_mistake_in_the_file_is_one_sentence_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(InvalidError) as caught:
        from_toml(text)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_mistake_in_the_environment_names_the_variable() -> None:
    with pytest.raises(InvalidError, match="POTOK_PORT is 'http'; write a whole number"):
        from_toml("", {"POTOK_PORT": "http"})


def test_unknown_variable_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(InvalidError) as caught:
        from_toml("", {"POTOK_WOKERS": "2"})
    said = "unknown variable 'POTOK_WOKERS' in the environment; did you mean 'POTOK_WORKERS'?"
    assert str(caught.value) == said


def test_variables_of_tasks_secrets_and_others_are_no_mistakes() -> None:
    facts = ("DAG_ID", "RUN_ID", "TASK_ID", "TRY_NUMBER", "LOGICAL_DATE", "INSTANCE", "ZYGOTE", "SECRET_KEY", "URL")
    env = {f"POTOK_{name}": "x" for name in (*facts, "CONN_MY_DB", "VAR_RATE", "ONEC_BASE")}
    assert from_toml("", {**env, "POTOK_WOKERS": "", "OTHER": "x", "_POTOK_COMPLETE": "x"}).workers == 4


def test_settings_never_show_the_token() -> None:
    assert "s3cret" not in repr(from_toml("", {"POTOK_API_TOKEN": "s3cret"}))


@pytest.mark.parametrize(
    "rest", ["u:s3cret@db/app", "u:s3cr@s3cret/x@db/app", "u@db/app?password=s3cret&sslmode=require"]
)
def test_settings_never_show_the_password_of_the_database(rest: str) -> None:
    shown = repr(from_toml("", {"POTOK_DATABASE_URL": f"postgresql://{rest}"}))
    assert "s3cr" not in shown
    assert "database_url='postgresql://u" in shown and "db/app" in shown


def test_table_and_struct_have_the_same_fields_and_every_default_is_valid() -> None:
    assert tuple(setting.field for setting in SETTINGS) == Settings.__struct_fields__
    assert all(setting.key or setting.env for setting in SETTINGS)
    assert all(setting.doc for setting in SETTINGS)
    numbers = [setting for setting in SETTINGS if setting.kind in (Kind.NUMBER, Kind.DURATION)]
    assert all(isinstance(s.default, int | float) and s.low <= s.default <= s.high for s in numbers)
