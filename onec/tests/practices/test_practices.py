"""What is seen in a module written for it, and the step on a generated configuration."""

from pathlib import Path

import pyarrow.parquet
import pytest

from potok_onec.configuration import MetadataObject
from potok_onec.configuration.code import read
from potok_onec.pipeline.run import run_step
from potok_onec.practices.blocks import of_module
from potok_onec.practices.methods import of_method
from potok_onec.practices.naming import has_lookalikes, is_method_name, parameter_name
from potok_onec.practices.sight import STATISTICS
from potok_onec.testing import generate


def _seen(text: str) -> dict[str, list[bool]]:
    module, _ = read(text.encode(), "Module", "M.bsl", "")
    assert module is not None
    item = MetadataObject("П", "CommonModule", "М", "M.mdo", 1, modules=(module,))
    found: dict[str, list[bool]] = {}
    for sight in [*of_module(item, module).sights, *(s for m in module.methods for s in of_method(item, module, m))]:
        found.setdefault(sight.statistic, []).append(sight.is_good)
    return found


def _method(body: str) -> dict[str, list[bool]]:
    return _seen(f"Процедура А()\n{body}\nКонецПроцедуры")


def test_transactions() -> None:
    right = _method(
        "НачатьТранзакцию();\nПопытка\nБ();\nЗафиксироватьТранзакцию();\n"
        "Исключение\nОтменитьТранзакцию();\nВызватьИсключение;\nКонецПопытки;"
    )
    kinds = (
        "transactions_guarded", "transactions_with_attempt", "transactions_paired", "commits_in_attempt",
        "rollbacks_in_handler",
    )  # fmt: skip
    assert [right[kind] for kind in kinds] == [[True]] * 5
    wrong = _method("НачатьТранзакцию();\nБ();\nЗафиксироватьТранзакцию();")
    assert [wrong[kind] for kind in kinds[:4]] == [[False]] * 4


def test_errors_are_lost_unless_somebody_tells() -> None:
    found = _method(
        "Попытка Б(); Исключение КонецПопытки;\nПопытка Б(); Исключение\nВ = 1;\nКонецПопытки;\n"
        'Попытка Б(); Исключение\nЗаписьЖурналаРегистрации("А");\nКонецПопытки;'
    )
    assert found["handlers_not_empty"] == [False, True, True]
    assert found["errors_not_lost"] == [False, False, True]


def test_queries_in_loops() -> None:
    found = _method(
        "Запрос = Новый Запрос;\nДля Каждого Х Из Запрос.Выполнить().Выгрузить() Цикл\n"
        "Запрос.Выполнить();\nКоманда.Выполнить();\nКонецЦикла;"
    )
    assert found["queries_outside_loops"] == [True, False]


def test_a_method_that_runs_a_query_by_others_of_its_module_is_known() -> None:
    text = """Процедура Верх() Средняя(); КонецПроцедуры
Процедура Средняя() ЭтотОбъект.Нижняя(); КонецПроцедуры
Процедура Нижняя() Запрос.Выполнить(); КонецПроцедуры
Процедура Чужая() Другой.Нижняя(); КонецПроцедуры"""
    module, _ = read(text.encode(), "Module", "M.bsl", "")
    assert module is not None
    item = MetadataObject("П", "CommonModule", "М", "M.mdo", 1, modules=(module,))
    blocks = of_module(item, module)
    assert (blocks.running, blocks.below) == ({"нижняя"}, {"верх", "средняя"})


def test_privileged_mode_is_taken_back_by_the_method_that_switched_it_on() -> None:
    right = _method("УстановитьПривилегированныйРежим(Истина);\nБ();\nУстановитьПривилегированныйРежим(Ложь);\nВ();")
    assert (right["privileged_mode_reset"], right["privileged_mode_own"]) == ([True], [True])
    other = _method("УстановитьПривилегированныйРежим(Ложь);\nУстановитьПривилегированныйРежим(Истина);")
    assert (other["privileged_mode_reset"], other["privileged_mode_own"]) == ([False], [False])


def test_privileged_mode_and_words() -> None:
    found = _method("УстановитьПривилегированныйРежим(Истина);\nСообщить(1);\nОткрытьФормуМодально(2);")
    assert found["privileged_mode_reset"] == [False]
    assert found["without_deprecated_calls"] == found["without_modal_calls"] == [False]
    own = _seen("Процедура Сообщить() КонецПроцедуры\nПроцедура А() Сообщить(); КонецПроцедуры")
    assert own["without_deprecated_calls"] == [True, True]


def test_documentation_and_regions() -> None:
    found = _seen(
        "#Область ПрограммныйИнтерфейс\n// Делает.\n//\n// Параметры:\n//  Б - Число - число\n"
        "Процедура А(Б, В) Экспорт КонецПроцедуры\nФункция Г() Экспорт КонецФункции\n#КонецОбласти"
    )
    assert found["documented_common_exports"] == [True, False]
    assert found["documented_parameters"] == [False]
    assert found["exports_in_interface"] == [True, True]


def test_names() -> None:
    assert has_lookalikes("Cправка")
    assert has_lookalikes("Спрaвка")
    assert not has_lookalikes("HTTPЗапрос")
    assert not has_lookalikes("КоординатаX")
    assert is_method_name("Подключаемый_Выполнить")
    assert not is_method_name("выполнить")
    assert parameter_name('Знач Имя = "а"') == "Имя"


def test_the_step_counts_every_method(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_ONEC_CACHE", str(tmp_path / "cache"))
    expected = generate(tmp_path / "sources")
    run_step("parse", tmp_path / "sources", tmp_path / "out", {})
    artifact = run_step("best-practices", tmp_path / "sources", tmp_path / "out", {})
    assert artifact.manifest.facts["methods"] == expected.procedures + expected.functions
    shares = pyarrow.parquet.read_table(artifact.path / "shares.parquet").to_pylist()
    whole = {row["statistic"]: row for row in shares if not row["subsystem"]}
    assert whole["documented_exports"]["all"] == expected.exported
    examples = pyarrow.parquet.read_table(artifact.path / "examples.parquet").to_pylist()
    assert {row["statistic"] for row in examples} <= set(STATISTICS)
    assert all((tmp_path / "sources" / row["file"]).is_file() and row["line"] > 0 for row in examples)
