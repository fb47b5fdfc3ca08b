"""Secrets come by stdin or a prompt; a command line that holds one is refused before anything is sent."""

import pytest

from tests.cli.conftest import Potok


def test_password_in_the_uri_is_refused(potok: Potok) -> None:
    ended = potok("connections", "set", "db", "postgresql://me:hunter2@host/db")
    assert ended.code == 2
    assert "--password-stdin" in ended.err
    assert "hunter2" not in ended.err + ended.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("connections", "set", "api", "https://host/", "--extra", "api_key=hunter2"),
        ("connections", "set", "api", "https://host/?token=hunter2"),
        ("variables", "set", "pin", "hunter2", "--secret"),
    ],
    ids=" ".join,
)
def test_what_looks_like_a_secret_is_refused(arguments: tuple[str, ...], potok: Potok) -> None:
    ended = potok(*arguments)
    assert ended.code == 2
    assert "hunter2" not in ended.err + ended.out
    assert "other users can read" in ended.err


def test_password_from_stdin_is_taken(potok: Potok) -> None:
    # There is no server: the command gets as far as looking for one.
    assert potok("connections", "set", "db", "pg://me@host/db", "--password-stdin", stdin="hunter2\n").code == 3
    assert potok("connections", "set", "db", "--uri-stdin", stdin="pg://me:hunter2@host/db").code == 3


@pytest.mark.parametrize(
    ("arguments", "stdin", "sentence"),
    [
        (("db", "pg://host", "--password-stdin"), "", "stdin holds no password"),
        (("db", "pg://host", "--uri-stdin"), "pg://x", "leave out URI"),
        (("db",), "", "needs a URI"),
        (("db", "just-a-host"), "", "has no kind"),
        (("db", "pg://host:99999"), "", "not a valid URI"),
    ],
)
def test_other_mistakes_are_sentences(arguments: tuple[str, ...], stdin: str, sentence: str, potok: Potok) -> None:
    ended = potok("connections", "set", *arguments, stdin=stdin)
    assert ended.code == 2
    assert sentence in ended.err


def test_variable_needs_a_value(potok: Potok) -> None:
    ended = potok("variables", "set", "name")
    assert ended.code == 2
    assert "needs a value" in ended.err
