"""The query language inside string literals."""

import pytest

from potok_onec.bsl import QueryLiteral, parse_module, queries
from potok_onec.bsl.query import parse_query
from potok_onec.bsl.query import tree as q

_VALID = {
    "plain": "ВЫБРАТЬ Т.Ссылка КАК Ссылка, Т.Код Код, * ИЗ Справочник.Товары КАК Т",
    "english": "SELECT ALLOWED DISTINCT TOP 10 T.Ref AS Ref FROM Catalog.Goods AS T WHERE "
    "T.Ref = &Ref ORDER BY Ref DESC",
    "mixed": "SELECT Т.Ссылка КАК Ref ИЗ Catalog.Goods AS Т ГДЕ Т.Code LIKE &П ORDER ПО Ref УБЫВ",
    "options": "ВЫБРАТЬ РАЗРЕШЕННЫЕ РАЗЛИЧНЫЕ ПЕРВЫЕ 5 Т.А ИЗ Т КАК Т",
    "no source": 'ВЫБРАТЬ 1 КАК А, &П КАК Б, "текст" КАК В, НЕОПРЕДЕЛЕНО, NULL, ИСТИНА, ДАТАВРЕМЯ(2026, 1, 1)',
    "package": "ВЫБРАТЬ 1 КАК А ПОМЕСТИТЬ ВТ; ////\nВЫБРАТЬ ВТ.А ИЗ ВТ КАК ВТ; УНИЧТОЖИТЬ ВТ;",
    "virtual": "ВЫБРАТЬ О.К ИЗ РегистрНакопления.Остатки.Остатки(&Дата, Товар В (&Товары)) КАК О",
    "virtual omitted": "ВЫБРАТЬ О.К ИЗ РегистрНакопления.Обороты.Обороты(&Н, , Авто, ) КАК "
    "О, РС.Цены.СрезПоследних() КАК С",
    "join": "ВЫБРАТЬ А.К ИЗ А КАК А ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО А.К = Б.К И Б.Ф ПОЛНОЕ ВНЕШНЕЕ СОЕДИНЕНИЕ В ПО ИСТИНА",
    "nested join": "SELECT 1 FROM A INNER JOIN B LEFT OUTER JOIN C ON B.K = C.K ON A.K = B.K "
    "JOIN D ON TRUE RIGHT JOIN E ON TRUE",
    "subquery": "ВЫБРАТЬ Г.А ИЗ (ВЫБРАТЬ Т.А КАК А ИЗ Т КАК Т ОБЪЕДИНИТЬ ВЫБРАТЬ 1) КАК Г",
    "union": "ВЫБРАТЬ 1 КАК А ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2 ОБЪЕДИНИТЬ ВЫБРАТЬ 3 УПОРЯДОЧИТЬ ПО А ВОЗР АВТОУПОРЯДОЧИВАНИЕ",
    "group": "ВЫБРАТЬ Т.А, СУММА(Т.Б), КОЛИЧЕСТВО(РАЗЛИЧНЫЕ Т.В), КОЛИЧЕСТВО(*) ИЗ Т КАК Т СГРУППИРОВАТЬ ПО Т.А "
    "ИМЕЮЩИЕ СУММА(Т.Б) > 0",
    "grouping sets": "ВЫБРАТЬ Т.А ИЗ Т СГРУППИРОВАТЬ ПО ГРУППИРУЮЩИМ НАБОРАМ ((Т.А, Т.Б), (Т.А), ())",
    "totals": "ВЫБРАТЬ Т.А ИЗ Т ИТОГИ СУММА(Т.Б) КАК Б, МАКСИМУМ(Е) ПО ОБЩИЕ, Т.А ТОЛЬКО ИЕРАРХИЯ КАК А, "
    "Т.Д ПЕРИОДАМИ(ДЕНЬ, &Н, &К)",
    "totals without values": "ВЫБРАТЬ Т.А ИЗ Т УПОРЯДОЧИТЬ ПО А ИЕРАРХИЯ УБЫВ ИТОГИ ПО А",
    "for update": "ВЫБРАТЬ Т.А ИЗ Справочник.Т КАК Т ДЛЯ ИЗМЕНЕНИЯ Справочник.Т, Справочник.Д",
    "for update of all": "ВЫБРАТЬ Т.А ИЗ Справочник.Т КАК Т ДЛЯ ИЗМЕНЕНИЯ",
    "index": "ВЫБРАТЬ Т.А ПОМЕСТИТЬ ВТ ИЗ Т КАК Т ИНДЕКСИРОВАТЬ ПО А, Б",
    "index sets": "ВЫБРАТЬ Т.А ПОМЕСТИТЬ ВТ ИЗ Т КАК Т ИНДЕКСИРОВАТЬ ПО НАБОРАМ ((А, Б) УНИКАЛЬНО, (Б))",
    "index of a union": "ВЫБРАТЬ 1 КАК А ПОМЕСТИТЬ ВТ ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2 ИНДЕКСИРОВАТЬ ПО А",
    "append": "ВЫБРАТЬ 1 КАК А ДОБАВИТЬ ВТ",
    "case": "ВЫБРАТЬ ВЫБОР КОГДА А = 1 ТОГДА 2 КОГДА Б ТОГДА 3 ИНАЧЕ 4 КОНЕЦ, CASE А WHEN 1 THEN 2 END КАК В",
    "cast": "ВЫБРАТЬ ВЫРАЗИТЬ(Т.А КАК ЧИСЛО(15, 2)), ВЫРАЗИТЬ(Т.А КАК Справочник.Б).Код "
    "КАК В, CAST(A AS STRING(10)) ИЗ Т",
    "value": "ВЫБРАТЬ ЗНАЧЕНИЕ(Перечисление.Вид.Один), ТИП(Справочник.Товары), ТИПЗНАЧЕНИЯ(Т.А), "
    "ЗНАЧЕНИЕ(Справочник.Т.ПустаяСсылка) ИЗ Т",
    "predicates": "ВЫБРАТЬ 1 ИЗ Т ГДЕ Т.А В (1, 2) И НЕ Т.А В (ВЫБРАТЬ 1) И Т.А НЕ В (&С) И (Т.А, "
    "Т.Б) В (ВЫБРАТЬ 1, 2) "
    'И Т.А В ИЕРАРХИИ (&Г) И Т.Б МЕЖДУ 1 И 2 И Т.Б ЕСТЬ NULL И Т.В ЕСТЬ НЕ NULL И Т.Г ПОДОБНО "%а" СПЕЦСИМВОЛ "~" '
    "И Т.Д ССЫЛКА Справочник.Товары И ИСТИНА",
    "arithmetic": 'ВЫБРАТЬ -А + Б * (Г - 1) / 2, ПОДСТРОКА(А, 1, 2) + "с ""кавычкой""" ИЗ Т',
    "nested fields": "ВЫБРАТЬ Т.Товары.(Номенклатура, Количество КАК К, Цена.*), Т.Ссылка.* ИЗ Документ.Заказ КАК Т",
    "empty table": "ВЫБРАТЬ 1, ПУСТАЯТАБЛИЦА.(А, Б) КАК Состав ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2, Т.Товары.(А, Б) ИЗ Т",
    "table parameter": "ВЫБРАТЬ Т.А ПОМЕСТИТЬ ВТ ИЗ &Таблица КАК Т",
    "keywords as names": "ВЫБРАТЬ Т.Выбор, Т.Значение КАК Тип, Т.Ссылка Ссылка, Т.Order AS Index "
    "ИЗ Т КАК Т ГДЕ Ссылка = &Из",
    "index and group as fields": "SELECT Index, Group AS Order FROM T GROUP BY Index, Group ORDER BY Order",
    "composition": "ВЫБРАТЬ Т.А {ВЫБРАТЬ А.*, Б КАК В} ИЗ Т КАК Т {ЛЕВОЕ СОЕДИНЕНИЕ Б КАК Б ПО Т.А = Б.А} "
    "{ГДЕ Т.А.* КАК А, (Т.Б = 1) КАК Б, Т.В}",
    "composition in a virtual table": "ВЫБРАТЬ 1 ИЗ Р.О.Остатки({&Дата}, {(Товар).* КАК Товар}) "
    "КАК О {УПОРЯДОЧИТЬ ПО А.*}",
    "characteristics": "ВЫБРАТЬ Т.А ИЗ Т {ХАРАКТЕРИСТИКИ ТИП(Справочник.Т) ВИДЫХАРАКТЕРИСТИК Т {а} ПОЛЕКЛЮЧА Ссылка}",
    "comments": "ВЫБРАТЬ // поля\n1 // из\n// ничего\n",
    "placeholders": "ВЫБРАТЬ %1, Т.[Поле], #Имя ИЗ Справочник.%2 КАК Т #Соединения ГДЕ %3 И Т.А = tmp%4.Б",
    "external": "ВЫБРАТЬ Т.А ИЗ ВнешнийИсточникДанных.ИС.Таблица.Т КАК Т",
    "functions": "ВЫБРАТЬ ЕСТЬNULL(А, 0), НАЧАЛОПЕРИОДА(&Д, МЕСЯЦ), ДОБАВИТЬКДАТЕ(&Д, ДЕНЬ, "
    "1), ГОД(Б), АВТОНОМЕРЗАПИСИ() ИЗ Т",
}


@pytest.mark.parametrize("text", _VALID.values(), ids=_VALID.keys())
def test_valid_queries_have_no_errors(text: str) -> None:
    assert parse_query(text).errors == {}


def one(code: str) -> QueryLiteral:
    module = parse_module(code)
    assert module.errors == []
    (found,) = queries(module)
    return found


def test_facts_of_a_package() -> None:
    package = parse_query(
        "ВЫБРАТЬ Т.Ссылка КАК С ПОМЕСТИТЬ ВТ ИЗ Справочник.Товары КАК Т ГДЕ Т.Вид = &Вид И Т.Б = &вид;\n"
        "ВЫБРАТЬ О.К ИЗ РегистрНакопления.Остатки.Остатки(&Дата, Т В (ВЫБРАТЬ ВТ.С ИЗ ВТ КАК ВТ)) КАК О, &Внеш КАК В;\n"
        "УНИЧТОЖИТЬ ВТ"
    ).package
    assert [(table.name, table.alias, table.is_virtual) for table in package.tables] == [
        ("Справочник.Товары", "Т", False),
        ("РегистрНакопления.Остатки.Остатки", "О", True),
        ("ВТ", "ВТ", False),
    ]
    assert package.temporary_tables == package.dropped_tables == ["ВТ"]
    assert package.parameters == ["Вид", "Дата", "Внеш"]
    arguments = package.tables[1].arguments
    assert arguments is not None and len(arguments) == 2


def test_the_clauses_of_a_select() -> None:
    package = parse_query(
        "ВЫБРАТЬ РАЗРЕШЕННЫЕ РАЗЛИЧНЫЕ ПЕРВЫЕ 7 Т.А КАК Б, СУММА(Е) ИЗ Т КАК Т ПРАВОЕ СОЕДИНЕНИЕ Д КАК Д ПО ИСТИНА "
        "ГДЕ А И Б СГРУППИРОВАТЬ ПО Т.А, Г ИМЕЮЩИЕ СУММА(Е) > 1 ДЛЯ ИЗМЕНЕНИЯ Т "
        "ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 1 УПОРЯДОЧИТЬ ПО Б УБЫВ, Г ИЕРАРХИЯ ИТОГИ СУММА(Е) ПО ОБЩИЕ, Б"
    ).package
    (query,) = package.statements
    assert isinstance(query, q.Query)
    select, second = query.selects
    assert (select.allowed, select.distinct, select.top, select.for_update) == (True, True, 7, ["Т"])
    assert [item.alias for item in select.items] == ["Б", ""]
    (join,) = select.sources
    assert isinstance(join, q.Join) and join.kind == "right"
    assert isinstance(select.where, q.Operation) and select.where.operator == "and"
    assert len(select.group_by) == 2 and select.having is not None
    assert second.union_all
    assert [(item.direction, item.by_hierarchy) for item in query.order_by] == [("desc", False), ("", True)]
    assert query.totals is not None and query.totals.overall and len(query.totals.points) == 1


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_positions_are_those_of_the_module(line_break: str) -> None:
    code = (
        'Запрос.Текст = "ВЫБРАТЬ ""а"", ""б"", Т.Поле\n'
        '\t|ИЗ\n\t// комментарий\n\n\t|\tСправочник.Товары КАК Т\n\t|ГДЕ Т.А = &П";'
    ).replace("\n", line_break)
    found = one(code)
    assert found.is_whole and found.errors == []
    (table,) = found.package.tables
    assert found.position(table.start)[:2] == (5, 4)
    at = found.position(table.start).offset
    assert code[at:].startswith("Справочник.Товары")
    field = next(node for node in found.package.walk() if isinstance(node, q.Field))
    assert code[found.position(field.start).offset :].startswith("Т.Поле")


def test_errors_are_placed_in_the_module() -> None:
    found = one('А = "ВЫБРАТЬ\n|  Т.Б,,\n|ИЗ Т КАК Т";')
    assert [(error.line, error.column, error.code) for error in found.errors] == [(2, 8, "expression")]


def test_a_fault_in_one_statement_leaves_the_others() -> None:
    parsed = parse_query("ВЫБРАТЬ ИЗ ИЗ; ВЫБРАТЬ 1 ИЗ А КАК А; УНИЧТОЖИТЬ ; ВЫБРАТЬ 2 ИЗ Б КАК Б")
    assert [table.name for table in parsed.package.tables] == ["А", "Б"]
    assert len(parsed.errors) == 2


@pytest.mark.parametrize(
    ("code", "fragment"),
    [
        ('А = "ВЫБРАТЬ 1 КАК А";', None),
        ('А = "ВЫБРАТЬ Т.А" + " ИЗ Т КАК Т";', None),
        ('А = "ВЫБРАТЬ Т.А"\n"ИЗ Т КАК Т";', None),
        ('А = "ВЫБРАТЬ Т.А ИЗ " + Имя + " КАК Т";', "concatenated"),
        ('А = Б + "ВЫБРАТЬ Т.А ИЗ Т";', "concatenated"),
        ('А = СтрШаблон("ВЫБРАТЬ Т.%1 ИЗ Т", Б);', "template"),
        ('А = СтрЗаменить(А, "ВЫБРАТЬ РАЗРЕШЕННЫЕ", "ВЫБРАТЬ");', "unfinished"),
        ('А = "ВЫБРАТЬ Т.А ИЗ";', "unfinished"),
        ('А = "Select T.A From Catalog.T As T";', None),
        ('А = "\n|////////////////////////////////////////\n|УНИЧТОЖИТЬ ВТ";', None),
    ],
)
def test_fragments_are_told_from_whole_queries(code: str, fragment: str | None) -> None:
    found = one(code)
    assert (found.fragment, found.errors) == (fragment, [])


@pytest.mark.parametrize("text", ["Выбрать файл", "Select all rows", "ВЫБРАТЬ", "Мы хотим ВЫБРАТЬ всё", "выборка из"])
def test_captions_are_no_queries(text: str) -> None:
    assert queries(parse_module(f'А = "{text}";')) == []


def test_a_query_changed_by_an_extension_is_read_as_changed() -> None:
    found = one('А = "ВЫБРАТЬ\n#Удаление\n|Т.Старое\n#КонецУдаления\n#Вставка\n|Т.Новое\n#КонецВставки\n|ИЗ Т КАК Т";')
    assert found.errors == []
    assert "Новое" in found.text and "Старое" not in found.text


def test_a_tall_rule_of_slashes_costs_nothing() -> None:
    found = one('А = "' + "/" * 50_000 + '\n|ВЫБРАТЬ 1 КАК А";')
    assert found.errors == []


@pytest.mark.parametrize(
    "text",
    [
        "ВЫБРАТЬ " + "(" * 3000,
        "ВЫБРАТЬ " + "НЕ " * 3000 + "А",
        "ВЫБРАТЬ " + "ВЫБОР КОГДА " * 3000,
        "ВЫБРАТЬ 1 ИЗ " + "(ВЫБРАТЬ 1 ИЗ " * 2000,
        "ВЫБРАТЬ А.(" * 2000,
        "ВЫБРАТЬ 1 ИЗ А" + " СОЕДИНЕНИЕ Б" * 3000,
        "ВЫБРАТЬ " + "Ф(" * 3000,
        "ВЫБРАТЬ {" * 2000,
        "ВЫБРАТЬ " + "-" * 3000,
        'ВЫБРАТЬ "' * 2001,
        "ВЫБРАТЬ ВЫРАЗИТЬ(" + "ВЫРАЗИТЬ(" * 2000,
    ],
    ids=lambda text: text[:24],
)
def test_absurd_nesting_is_told_and_neither_crashes_nor_hangs(text: str) -> None:
    assert parse_query(text).errors


def test_long_chains_are_no_nesting() -> None:
    assert parse_query("ВЫБРАТЬ 1" + " + 1" * 5000).errors == {}
    assert parse_query("ВЫБРАТЬ 1" + ", 1" * 5000 + " ОБЪЕДИНИТЬ ВСЕ ВЫБРАТЬ 2" * 500).errors == {}
