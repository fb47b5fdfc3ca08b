"""Time grows with the size of a module and no faster, also for the texts that invite to go back."""

import time
from collections.abc import Callable

import pytest

from onec.tests.bsl.soup import MODULE
from potok_onec.bsl import describe_method, parse_module, queries, symbols
from potok_onec.bsl.query import parse_query

_PIECES: dict[str, tuple[str, Callable[[str], object]]] = {
    "modules": (MODULE, parse_module),
    "queries of a module": (MODULE, lambda text: queries(parse_module(text))),
    "symbols": (MODULE, lambda text: symbols(parse_module(text))),
    "a literal nobody closes": ('"\r\n\r\n|""\r\n', parse_module),
    "quotes": ('"\n// "\n', parse_module),
    "blanks behind a directive": ("#Если   \t   ", parse_module),
    "broken statements": ("А = Б В (, ;; Если Г", parse_module),
    "broken heads": ("Процедура А(Б,\n", parse_module),
    "split statements": ("А = 1 +\n#Если Сервер Тогда\n2;\n#Иначе\n3;\n#КонецЕсли\n", parse_module),
    "a query": ("ВЫБРАТЬ Т.А ИЗ Т КАК Т ГДЕ (А = 1);\n", parse_query),
    "open strings of a query": ('ВЫБРАТЬ "а""б" "', parse_query),
    "a comment": ("// Параметры:\n//  А - Строка,   Число  -  текст\n//    * Б - В   \n", describe_method),
    "rules of a comment": ("// / - = * #  ~ _    ", describe_method),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", _PIECES)
def test_sixteen_times_the_size_takes_about_sixteen_times_the_time(name: str) -> None:
    piece, read = _PIECES[name]
    small = piece * max(1, 5_000 // len(piece))
    read(small)
    times = [_seconds(read, small * factor) for factor in (1, 4, 16)]
    # Quadratic growth would be 256 times; the allowance is for a busy machine and for caches that get too small.
    assert times[2] < 48 * max(times[0], 0.001), times


def _seconds(read: Callable[[str], object], text: str) -> float:
    best = 1e9
    for _ in range(2):
        started = time.process_time()
        read(text)
        best = min(best, time.process_time() - started)
    return best
