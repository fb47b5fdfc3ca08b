"""Syntax errors as values: where, what was expected, in Russian and English."""

from dataclasses import dataclass

_TEXTS: dict[str, tuple[str, str]] = {
    "expected": ("{what} expected, found {found}", "ожидается {what}, встретилось {found}"),
    "expression": ("an expression expected, found {found}", "ожидается выражение, встретилось {found}"),
    "statement": ("a statement can't start with {found}", "оператор не может начинаться с {found}"),
    "not-a-call": (
        "an expression is not a statement: assign it or call a method",
        "выражение не является оператором: присвойте его или вызовите метод",
    ),
    "open-string": (
        'the string literal is not closed: end it with " or start the next line with |',
        'строка не закрыта: завершите её знаком " или начните следующую строку с |',
    ),
    "open-date": ("the date literal is not closed", "литерал даты не закрыт"),
    "unknown-character": ("unknown character {found}", "неизвестный символ {found}"),
    "unknown-directive": ("unknown preprocessor instruction {found}", "неизвестная инструкция препроцессора {found}"),
    "not-closed": ("{what} is not closed", "{what} не закрыто"),
    "stray-directive": ("{found} closes nothing", "{found} ничего не закрывает"),
    "directive-condition": (
        "the condition of {found} is not readable: #Если Сервер И Не Клиент Тогда",
        "условие {found} не читается: #Если Сервер И Не Клиент Тогда",
    ),
    "query-clause": ("{found} continues no clause of the query", "{found} не продолжает ни одно предложение запроса"),
    "too-deep": (
        "nested deeper than {what} levels; the rest of the statement was skipped",
        "вложенность больше {what} уровней; остаток оператора пропущен",
    ),
}


@dataclass(frozen=True, slots=True)
class BslSyntaxError:
    """`code` is stable; `found` and `what` are the parts of the sentence."""

    line: int
    column: int
    offset: int
    code: str
    found: str = ""
    what: str = ""

    @property
    def message(self) -> str:
        return _TEXTS[self.code][0].format(found=self.found, what=self.what)

    @property
    def message_ru(self) -> str:
        return _TEXTS[self.code][1].format(found=self.found, what=self.what)
