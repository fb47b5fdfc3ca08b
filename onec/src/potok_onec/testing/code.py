"""Module texts for generated configurations: both keyword languages, queries, regions, descriptions."""

import random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from potok_onec.testing.content import Expected

_BODIES: Final = (
    "\tЕсли А = Неопределено Тогда\n\t\tВозврат;\n\tКонецЕсли;\n",
    "\tДля Каждого Строка Из А Цикл\n\t\tСообщить(Строка);\n\tКонецЦикла;\n",
    "\tTry\n\t\tА = Б + 1;\n\tExcept\n\t\tRaise;\n\tEndTry;\n",
    "\tПока А < 10 Цикл\n\t\tА = А + 1;\n\t\tЕсли А = 5 Тогда Прервать; КонецЕсли;\n\tКонецЦикла;\n",
    "\tСоответствие = Новый Соответствие;\n\tСоответствие.Вставить(\"ё\", '20240229');\n",
    "\t#Если Сервер Тогда\n\tА = ?(Б, 1, 2);\n\t#КонецЕсли\n",
)
_QUERY: Final = (
    "\tЗапрос = Новый Запрос;\n"
    '\tЗапрос.Текст = "ВЫБРАТЬ\n\t|\tТовары1.Ссылка КАК Ссылка\n\t|ИЗ\n\t|\tСправочник.Товары1 КАК Товары1";\n'
    "\tВыборка = Запрос.Выполнить().Выбрать();\n"
)


def module(chance: random.Random, methods: int, expected: "Expected") -> str:
    """A valid module with that many methods; what it holds is added to `expected`."""
    parts = ["#Область Основное\n\n"]
    for number in range(1, methods + 1):
        parts.append(_method(chance, number, expected))
    parts.append("#КонецОбласти\n")
    return "".join(parts)


def _method(chance: random.Random, number: int, expected: "Expected") -> str:
    is_function, is_exported, is_english = (chance.random() < share for share in (0.4, 0.5, 0.2))
    is_exported = is_exported or number == 1
    expected.functions += is_function
    expected.procedures += not is_function
    expected.exported += is_exported
    body = "".join(chance.choice(_BODIES) for _ in range(chance.randint(1, 4)))
    if chance.random() < 0.3:
        body += _QUERY
        expected.queries += 1
    if chance.random() < 0.25:
        body += "\tТовары1.Обработчик1(А);\n"
    words = ("Function", "EndFunction") if is_function else ("Procedure", "EndProcedure")
    if not is_english:
        words = ("Функция", "КонецФункции") if is_function else ("Процедура", "КонецПроцедуры")
    export = (" Export" if is_english else " Экспорт") if is_exported else ""
    returned = "\tВозврат А;\n" if is_function else ""
    comment = f"// Обработчик {number}.\n//\n// Параметры:\n//  А - Число - значение\n//\n" if is_exported else ""
    header = f"{words[0]} Обработчик{number}(А, Знач Б = -1){export}\n"
    return f"{comment}{header}\n{body}{returned}\n{words[1]}\n\n"
