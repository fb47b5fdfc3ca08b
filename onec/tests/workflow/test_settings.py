"""edt_analysis.toml: what it may say, and sentences for what it may not."""

from pathlib import Path

import pytest

from potok_onec.repository import is_address
from potok_onec.workflow import Configuration, Settings, SettingsError, name_of, not_asked, read_settings


def told(tmp_path: Path, text: str) -> Settings:
    file = tmp_path / "edt_analysis.toml"
    file.write_text(text, encoding="utf-8")
    return read_settings(file)


def test_no_file_is_no_configuration(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "edt_analysis.toml") == Settings()


def test_each_configuration_has_a_schedule_of_its_own(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        """
        out = "/srv/analysis/"
        path = "/srv/trade"

        [configuration.trade]
        path = "/srv/trade"
        schedule = "0 3 * * *"
        tz = "Europe/Moscow"
        watch = true
        options = { "ml-dataset.licence" = "MIT" }

        [configuration.erp]
        path = "https://git.example.org/erp.git"
        ref = "main"
        steps = ["architecture"]
        push_secret = "forge_secret"
        """,
    )
    assert (found.out, found.path, list(found.configurations)) == ("/srv/analysis", "/srv/trade", ["trade", "erp"])
    assert found.configurations["trade"].schedule == "0 3 * * *"
    assert found.configurations["erp"] == Configuration(
        "https://git.example.org/erp.git", "main", steps=("architecture",), push_secret="forge_secret"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = [", "edt_analysis.toml is not valid TOML"),
        ('paths = "a"', "there is no setting 'paths'"),
        ("out = 1", "out is the path of a folder, not 1"),
        ('configuration = "a"', "such as [configuration.trade]"),
        ('[configuration.trade]\nschedule = "@daily"', "[configuration.trade]: it lacks the setting `path`"),
        ('[configuration.trade]\npath = ""', 'path = "/srv/trade"'),
        ('[configuration.trade]\npath = "a"\nshedule = "b"', "no setting `shedule`; there are path, ref, schedule"),
        ('[configuration.trade]\npath = "a"\nwatch = "yes"', "watch: expected `bool`, got `str`"),
        ('[configuration.trade]\npath = "a"\nsteps = ["dataset"]', "there is no step 'dataset'; steps are parse"),
        ('[configuration."my trade"]\npath = "a"', "a DAG is called after it"),
        ('[configuration.trade]\npath = "ssh://x/y"\nwatch = true', "use push_secret for it"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_sentence_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as caught:
        told(tmp_path, text)
    assert sentence in str(caught.value)


def test_an_address_is_no_path() -> None:
    assert [is_address(each) for each in ("https://a/b.git", "git@a:b.git", "/srv/a", "data/b", "C:/a")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_two_configurations_of_one_name_do_not_share_outputs() -> None:
    one, two = name_of("/srv/a/trade"), name_of("/srv/b/trade")
    assert one != two
    assert one.startswith("trade-")
    assert name_of("https://git.example.org/erp.git").startswith("erp-")
    assert "/" not in name_of("../..")


def test_steps_that_nobody_asked_for_say_so() -> None:
    assert not_asked("docs", [], quick=False) == ""
    assert not_asked("docs", [], quick=True) == "a quick run has parse, architecture, dependencies only"
    assert not_asked("docs", ["docs"], quick=True) == ""
    assert not_asked("docs", ["architecture"], quick=False) == "not asked for: the run has parse, architecture"
    assert not_asked("parse", ["architecture"], quick=False) == ""
    with pytest.raises(ValueError, match="there is no step 'dataset'"):
        not_asked("docs", ["dataset"], quick=False)
