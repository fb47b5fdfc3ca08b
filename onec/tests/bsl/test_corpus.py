"""Public configurations against their counted truths, when POTOK_ONEC_CORPUS names the folder with their checkouts."""

import os
from collections import Counter
from pathlib import Path

import pytest

from potok_onec.bsl import Refused, decode_module, parse_module, queries, tokenize

_FOLDER = os.environ.get("POTOK_ONEC_CORPUS", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not _FOLDER, reason="POTOK_ONEC_CORPUS is not set: no public configurations to read"),
    pytest.mark.timeout(600),
]

# Modules, modules that are refused, procedures, functions.
_TRUTHS = {
    "ssl_3_1": (2197, 0, 24_913, 13_397),
    "IRP": (1925, 0, 16_646, 5_785),
    "dt-demo-configuration": (133, 0, None, None),
    "yaxunit": (316, 0, None, None),
    "GitConverter": (43, 0, None, None),
    "mdclasses": (254, 4, None, None),
}
_QUERY_LITERALS_MIN = {"ssl_3_1": 2_199}


def modules(repository: str) -> list[Path]:
    folder = Path(_FOLDER) / repository
    if not folder.is_dir():
        pytest.skip(f"{repository} is not in POTOK_ONEC_CORPUS")
    return sorted(folder.rglob("*.bsl"))


@pytest.mark.parametrize("repository", _TRUTHS)
def test_every_module_is_read_without_an_error_and_restored_byte_for_byte(repository: str) -> None:
    count: Counter[str] = Counter()
    errors: list[str] = []
    for path in modules(repository):
        data = path.read_bytes()
        source = decode_module(data)
        count["modules"] += 1
        if isinstance(source, Refused):
            count["refused"] += 1
            continue
        tokens = tokenize(source)
        assert source.encode(tokens.join()) == data, path
        module = parse_module(tokens)
        count.update(method.kind for method in module.methods)
        count["with errors"] += bool(module.errors)
        errors += [f"{path}:{error.line}:{error.column}: {error.message}" for error in module.errors]
    total, refused, procedures, functions = _TRUTHS[repository]
    assert (count["modules"], count["refused"]) == (total, refused)
    assert count["with errors"] <= total // 1000, errors
    if procedures is not None:
        assert (count["procedure"], count["function"]) == (procedures, functions)


@pytest.mark.parametrize("repository", ["ssl_3_1", "IRP", "yaxunit"])
def test_queries_are_read(repository: str) -> None:
    found = 0
    errors: list[str] = []
    for path in modules(repository):
        source = decode_module(path.read_bytes())
        if isinstance(source, Refused):
            continue
        module = parse_module(source)
        for query in queries(module):
            found += 1
            assert module.text[query.start] == '"' and module.text[query.end - 1] == '"'
            errors += [f"{path}:{error.line}:{error.column}: {error.message}" for error in query.errors[:1]]
    assert found >= _QUERY_LITERALS_MIN.get(repository, 1)
    assert len(errors) <= found // 100, errors
