"""Whatever the text is: nothing lost, nothing raised, every place inside of the text."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onec.tests.bsl.soup import MODULE, QUERY_SOUP, SOUP, TIGHT_SOUP, damaged
from potok_onec.bsl import (
    Module,
    ModuleText,
    decode_module,
    describe_method,
    metrics,
    parse_module,
    queries,
    symbols,
    tokenize,
)
from potok_onec.bsl.query import parse_query

_SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(text: str) -> Module:
    module = parse_module(text)
    assert module.tokens.join() == text
    size = len(text)
    for node in module.walk():
        assert 0 <= node.start <= node.end <= size
    for error in module.errors:
        assert 0 <= error.offset <= size and error.message and error.message_ru
        assert module.position(error.offset) == (error.line, error.column, error.offset)
    for method in module.methods:
        assert 1 <= method.start_line <= method.end_line <= module.line_count
        assert metrics(method).cyclomatic >= 1
        describe_method(method.comment)
    symbols(module)
    for query in queries(module):
        for node in query.package.walk():
            assert query.start <= query.position(node.start).offset <= query.end
    return module


def test_the_sample_itself_is_free_of_errors() -> None:
    module = check(MODULE)
    assert module.errors == []
    assert [query.errors for query in queries(module)] == [[]]
    assert [method.name for method in module.methods] == ["Остаток", "Run"]


@pytest.mark.slow
@given(SOUP | TIGHT_SOUP)
@_SETTINGS
def test_token_soup(text: str) -> None:
    check(text)


@pytest.mark.slow
@given(damaged())
@_SETTINGS
def test_damaged_modules(text: str) -> None:
    check(text)


@pytest.mark.slow
@given(st.text(max_size=80))
@example('"' * 7)
@example('"а\r|б\r\n\n|')
@example("#")
@example("//")
@_SETTINGS
def test_any_text(text: str) -> None:
    check(text)


@pytest.mark.slow
@given(st.binary(max_size=120) | SOUP.map(lambda text: text.encode("cp1251", "replace")))
@_SETTINGS
def test_any_bytes_come_back_or_are_refused(data: bytes) -> None:
    source = decode_module(data)
    if isinstance(source, ModuleText):
        assert source.encode(tokenize(source).join()) == data
        check(source.text)


@pytest.mark.slow
@given(QUERY_SOUP)
@_SETTINGS
def test_query_soup(text: str) -> None:
    parsed = parse_query(text)
    assert all(0 <= offset <= len(text) for offset in parsed.errors)
    assert all(0 <= node.start <= node.end <= len(text) for node in parsed.package.walk())


@pytest.mark.slow
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from(("//", "\n", " - ", "* ", "А", "Параметры:", "-", " "))).map("".join)
)
@_SETTINGS
def test_any_comment(text: str) -> None:
    describe_method(text)
