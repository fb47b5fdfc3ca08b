"""The grammar of statements and expressions, both languages."""

import pytest

from potok_onec.bsl import parse_module
from potok_onec.bsl import tree as t

_VALID = {
    "both languages mixed": "Если A = 1 Then\nБ();\nElsIf А = 2 Тогда\nВ();\nИначе\nГ();\nEndIf;",
    "keyword case": "ЕСЛИ а тогда б(); конецЕСЛИ",
    "parenthesised": "Б = (В + 1); Если (А = 1) Тогда КонецЕсли;",
    "ternary": "А = ?(Б, 1, 2); А = ? (Б, 1, 2); А = ?(А, Б, В).Поле; А = ?(Истина, ?(Ложь, 1, 2), 3);",
    "while": "Пока Истина Цикл Прервать; КонецЦикла; While True Do Continue; EndDo;",
    "for to": "Для А = 1 По 10 Цикл Б(А); КонецЦикла; For i = 0 To Count() - 1 Do EndDo;",
    "for each": "Для Каждого Стр Из Таблица Цикл КонецЦикла; For Each Row In Rows Do EndDo",
    "try": "Попытка А(); Исключение ВызватьИсключение; КонецПопытки; Try Except Raise; EndTry;",
    "raise": 'ВызватьИсключение "текст"; ВызватьИсключение("текст", Категория, , Причина); Raise ("a") + "b";',
    "raise bare at the end": "Попытка А() Исключение ВызватьИсключение КонецПопытки",
    "new": 'А = Новый Массив; Б = Новый Массив(3); В = Новый("Тип"); Г = New (Т("Х"), А); Д = Новый Структ("а").а;',
    "new of a keyword type": "А = Новый Структура; Б = New Array();",
    "keywords as members": "Запрос.Выполнить(); А.Если.Для = Б.Новый; X.Export = Y.Execute().Next.Try; А.Процедура();",
    "execute": 'Выполнить("код"); Выполнить Алгоритм; Execute(Code); Execute "A = 1;";',
    "handlers": "ДобавитьОбработчик А.Б, В.Г; УдалитьОбработчик А.Б, Обр; AddHandler A.B, C; RemoveHandler A.B, C;",
    "goto": "Перейти ~М; ~М: А = 1; ~Конец:",
    "goto english": "~Start: Goto ~Start;",
    "empty": ";; А = 1;; ;",
    "strings": 'А = "строка"; А = "с ""кавычкой"""; А = "раз\n|два\n// комментарий\n|три";',
    "adjacent strings": 'А = "раз" "два"\n"три"; Б("x" "y", "z");',
    "string members": 'А = "а" + "б"; Б = СтрНайти("а" "б", "в") > 0;',
    "dates": "А = '20260101'; Б = '2026-01-01T00:00:00';",
    "omitted arguments": "А(1, , 3); А(, 2); А(,); А(1, ); А();",
    "indexes": "А[0] = Б[1][2].В; А.Б[В] = 1; А()[0].Б();",
    "signs": "А = -1; А = +1; А = - -1; А = -А * -Б; А = 1 - -1;",
    "logic": "А = Не Б И Не (В Или Г) = Истина; Если Не А = Б Тогда КонецЕсли;",
    "comparison is a value": "А = Б = В; А = Б <> В >= Г;",
    "assignment of members": "А.Б.В = 1; А[1] = 2; А.Б().В = 3;",
    "await": "А = Ждать Метод(); Ждать Б(); Await Async1(); А = Ждать (Б);",
    "await as a name": "Ждать = 1; Асинх = Ждать + 1; Асинх();",
    "constants": "А = Истина; А = Ложь; А = Неопределено; А = NULL; A = True; A = Undefined; A = Null;",
    "arithmetic": "А = 1 + 2 * 3 / 4 % 5 - 6;",
    "no last semicolon": "Если А Тогда Б() КонецЕсли; В()",
    "unicode spaces": "А\u00a0=\u00a01;\u2003Б();",
    "yo": "Ещё = Ёлка.Счёт(Всё);",
    "comment right behind": "А = 1;// к\nБ = 2;//",
    "variables": "Перем А, Б; А = 1;",
}


@pytest.mark.parametrize("code", _VALID.values(), ids=_VALID.keys())
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_valid_code_has_no_errors_in_a_method(code: str, line_break: str) -> None:
    text = f"Процедура П()\n{code}\nКонецПроцедуры\n".replace("\n", line_break)
    module = parse_module(text)
    assert module.errors == []
    assert [method.name for method in module.methods] == ["П"]
    assert module.tokens.join() == text


@pytest.mark.parametrize("code", _VALID.values(), ids=_VALID.keys())
def test_valid_code_has_no_errors_in_the_module_itself(code: str) -> None:
    assert parse_module(code).errors == []


def first(code: str) -> t.Statement:
    module = parse_module(code)
    assert module.errors == []
    return module.statements[0]


def shape(node: t.Node) -> str:
    """An expression with all its parentheses."""
    if isinstance(node, t.Binary):
        return f"({shape(node.left)} {node.operator} {shape(node.right)})"
    if isinstance(node, t.Unary):
        return f"({node.operator} {shape(node.operand)})"
    return node.name if isinstance(node, t.Name) else getattr(node, "text", type(node).__name__)


@pytest.mark.parametrize(
    ("code", "grouped"),
    [
        ("А + Б * В", "А + (Б * В)"),
        ("А - Б - В", "(А - Б) - В"),
        ("А ИЛИ Б И В", "А ИЛИ (Б И В)"),
        ("НЕ А = Б", "НЕ (А = Б)"),
        ("НЕ А И Б", "(НЕ А) И Б"),
        ("-А + Б", "(-А) + Б"),
        ("А = Б + 1 И В", "(А = (Б + 1)) И В"),
        ("А % Б / В", "(А % Б) / В"),
    ],
)
def test_precedence(code: str, grouped: str) -> None:
    plain, explicit = first(f"Х = {code};"), first(f"Х = {grouped};")
    assert isinstance(plain, t.Assignment) and isinstance(explicit, t.Assignment)
    assert shape(plain.value) == shape(explicit.value)


def test_adjacent_literals_are_one_value() -> None:
    statement = first('А = "раз" "два";')
    assert isinstance(statement, t.Assignment) and isinstance(statement.value, t.Strings)
    assert [part.text for part in statement.value.parts if isinstance(part, t.Constant)] == ['"раз"', '"два"']


def test_new_by_type_name_and_by_expression() -> None:
    named = first("А = Новый Массив(1, 2);")
    dynamic = first('А = Новый("Массив", Арг);')
    assert isinstance(named, t.Assignment) and isinstance(named.value, t.New)
    assert isinstance(dynamic, t.Assignment) and isinstance(dynamic.value, t.New)
    assert (named.value.type_name, len(named.value.arguments)) == ("Массив", 2)
    assert (dynamic.value.type_name, len(dynamic.value.arguments)) == ("", 2)


def test_omitted_arguments_are_counted() -> None:
    statement = first("А(1, , 3);")
    assert isinstance(statement, t.CallStatement) and isinstance(statement.call, t.Call)
    assert [type(argument).__name__ for argument in statement.call.arguments] == ["Constant", "Omitted", "Constant"]


def test_an_if_keeps_its_branches_and_its_else() -> None:
    statement = first("Если А Тогда Б(); ИначеЕсли В Тогда Иначе Г(); Д(); КонецЕсли;")
    assert isinstance(statement, t.If)
    assert [len(branch.body) for branch in statement.branches] == [1, 0]
    assert statement.otherwise is not None and len(statement.otherwise) == 2


def test_a_label_is_a_statement_of_its_own() -> None:
    module = parse_module("~М: А = 1; Перейти ~М;")
    label, _, goto = module.statements
    assert isinstance(label, t.Label) and label.name == "М"
    assert isinstance(goto, t.Goto) and goto.label == "М"


def test_offsets_cut_the_source_of_a_node() -> None:
    module = parse_module("А = Б.В(1)[2];\n\tЕсли А Тогда\nКонецЕсли;")
    assignment, condition = module.statements
    assert module.source(assignment) == "А = Б.В(1)[2]"
    assert module.source(condition).startswith("Если") and module.source(condition).endswith("КонецЕсли")
    assert module.position(condition.start) == (2, 2, 16)


def test_walk_goes_down_in_the_order_of_the_text_and_over_long_chains() -> None:
    module = parse_module("А = 1" + " + 1" * 5000 + ";")
    assert module.errors == []
    numbers = [node.start for node in module.walk() if isinstance(node, t.Constant)]
    assert len(numbers) == 5001 and numbers == sorted(numbers)
