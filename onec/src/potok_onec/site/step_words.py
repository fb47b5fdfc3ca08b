"""What steps call their contracts, figures and statistics, in the words of readers of both languages."""

import re
from typing import Final

from potok_onec.site.html import Html, text
from potok_onec.site.words import both, kind_word, known_word

_STATISTICS: Final = """
documented_common_exports | Экспортные методы общих модулей описаны | Exports of common modules are described
documented_exports | Все экспортные методы описаны | All exports are described
documented_parameters | В описании названы все параметры | Descriptions name every parameter
documented_returns | Описано возвращаемое значение | Descriptions tell what is returned
method_names | Имена методов по правилам | Names of methods follow the rules
parameter_names | Имена параметров по правилам | Names of parameters follow the rules
one_alphabet | В имени буквы одного алфавита | A name has letters of one alphabet
without_yo | Имена без буквы «ё» | Names have no ё
handlers_not_empty | Исключение не пустое | No handler of exceptions is empty
errors_not_lost | Ошибка не теряется: в журнал или дальше | No error is lost: it is logged or raised again
transactions_guarded | Попытка сразу после начала транзакции | An attempt follows the beginning of a transaction
transactions_with_attempt | У транзакции есть попытка | A transaction has an attempt
transactions_paired | Начало, фиксация и отмена транзакции в одном методе | Begin, commit and rollback in one method
commits_in_attempt | Транзакцию фиксируют в попытке | Commits stand in an attempt
rollbacks_in_handler | Транзакцию отменяют в исключении | Rollbacks stand in a handler of exceptions
queries_outside_loops | Запросы вне циклов | Queries outside of loops
loop_calls_without_query | Вызванное в цикле не выполняет запрос | What a loop calls executes no query
loop_calls_without_query_below | И методы, которые оно вызывает, тоже | Neither do the methods that it calls
privileged_mode_reset | Привилегированный режим снимают там же | Privileged mode is taken back where it began
privileged_mode_own | Снимают только свой привилегированный режим | Nobody takes back the mode of another method
methods_in_regions | Методы в областях | Methods stand in regions
standard_regions | Области из стандарта | Regions are those of the standard
exports_in_interface | Экспорт только в программном интерфейсе | Exports stand in interface regions only
method_length | Метод не длиннее 200 строк | At most 200 lines in a method
cyclomatic | Цикломатическая сложность до 20 | Cyclomatic complexity up to 20
cognitive | Когнитивная сложность до 15 | Cognitive complexity up to 15
nesting | Вложенность до 4 | Nesting up to 4
parameter_count | Не больше 7 параметров | At most 7 parameters
without_modal_calls | Без модальных вызовов | No modal calls
without_deprecated_calls | Без устаревших вызовов | No deprecated calls
without_goto | Без «Перейти» | No goto
without_dynamic_code | Без «Выполнить» и «Вычислить» | No code from texts
"""

_KEYS: Final = """
largest_cycle | Самый большой круг, модулей | Modules in the largest circle
groups | Кто в каком круге | Who is in which circle
object | Объект | Object
subsystem | Подсистема | Subsystem
source | Откуда | From
target | Куда | To
target_method | Какой метод | Which method
carries | Что передаётся | What travels
carries_form | вся форма | the whole form
carries_parameters | параметры | parameters
characters | Символов кода | Characters of code
average_code_length | Средняя длина метода, символов | Average length of a method, characters
long_duplicates | Копии длиннее 80 символов | Copies longer than 80 characters
long_duplicates_cut_at_slashes | Они же, если «//» в строке — комментарий | The same, “//” in a string being a comment
commit | Коммит | Commit
licence | Лицензия | Licence
licence_from | Лицензия взята из | Licence told by
lengths | Длина метода, строк | Lines of a method
methods_that_are | Какие это методы | What methods they are
by_project | По проектам | By project
by_kind | Процедуры и функции | Procedures and functions
by_context | Где выполняются | Where they run
by_module | По модулям | By module
by_split | По выборкам | By split
by_scrubbed | Что вычищено | What was scrubbed
is_described | описаны | described
is_duplicates | копии | copies
is_exported | экспортные | exported
is_near_duplicates | почти копии | near copies
is_with a directive | с директивой | with a directive
is_with a query | с запросом | with a query
split_train | обучение | train
split_valid | проверка | valid
split_test | испытание | test
split_none | ни в одной: копии разошлись бы по выборкам | none: copies would be in two splits
context_client | клиент | client
context_server | сервер | server
context_server_no_context | сервер без контекста | server without context
context_client_server | клиент и сервер | client and server
context_client_server_no_context | клиент и сервер без контекста | client and server without context
context_server_call | вызов сервера | server call
context_global | глобальный | global
context_external | внешнее соединение | external connection
context_none | не сказано | not told
"""

_CONTRACTS: Final = """
projects | проекты
files accounted for | учтённые файлы
objects | объекты
rows of modules | строки модулей
rows of methods | строки методов
modules without a syntax error | модули без ошибок разбора
modules surveyed | рассмотренные модули
modules with a layer | модули, о которых известно, где они выполняются
subsystems surveyed | рассмотренные подсистемы
edges | связи
circles that the cuts break | круги, которые разрывает предложенное
modules looked at | просмотренные модули
modules read | прочитанные модули
calls that lead to a method | вызовы, которые ведут к методу
handlers of event subscriptions found | найденные обработчики подписок
handlers of scheduled jobs found | найденные обработчики регламентных заданий
lines of JSON | строки JSON
average length of code | средняя длина кода
groups of duplicates in two splits | группы копий в двух выборках
modules in two splits | модули в двух выборках
rows with name | строки с именем
rows with code | строки с кодом
rows with body_digest | строки с отпечатком тела
rows with source | строки с источником
rows with commit | строки с коммитом
rows with licence | строки с лицензией
rows of train | строки обучения
rows of valid | строки проверки
rows of test | строки испытания
methods looked at | просмотренные методы
statistics with something to count | показатели, для которых есть что считать
sights in a known statistic | наблюдения с известным показателем
breaches with their place | нарушения с указанием места
examples outside of their file | примеры за пределами своего файла
"""


def _rows(table: str) -> list[list[str]]:
    return [row.split(" | ") for row in table.strip().splitlines()]


_WORDS: Final = {key: (russian, english) for key, russian, english in _rows(_STATISTICS) + _rows(_KEYS)}
_RUSSIAN: Final = {row[0]: row[1] for row in _rows(_CONTRACTS)}
# Under which prefix the keys of a group of figures have their words.
_PREFIXES: Final = {
    "edges": "edge_", "layers": "layer_", "by_context": "context_", "by_split": "split_", "methods_that_are": "is_",
    "reason": "loose_", "kind": "edge_", "carries": "carries_",
}  # fmt: skip
_DIGITS: Final = re.compile(r"\d{4,}")


def key_word(key: str, group: str = "") -> Html:
    """The word of a key, of a key in a group of figures, or the key itself when a later version brings one."""
    if group == "by_module":
        return kind_word(key)
    if group == "loose":
        kind, _, reason = key.partition(": ")
        return Html(known_word("edge_", kind) + text(": ") + known_word("loose_", reason))
    prefix = _PREFIXES.get(group, "")
    found = _WORDS.get(prefix + key)
    return both(*found) if found else known_word(prefix, key)


def contract_word(name: str) -> Html:
    return both(_RUSSIAN.get(name, name), name)


def told(value: str) -> Html:
    """What a contract found or wanted: numbers in groups of three digits, phrases in both languages."""
    english = _DIGITS.sub(lambda match: f"{int(match[0]):,}".replace(",", "\u202f"), value)
    return both(english.replace("at least", "не меньше").replace(" of ", " из "), english)
