"""Every word of the site in Russian and English; both stand in the page and the style shows one."""

import re
from functools import cache
from typing import Final

from potok_onec.configuration.kinds import KINDS
from potok_onec.dependencies.names import RUSSIAN_PLURALS
from potok_onec.site.html import Html, tag, text

_ROWS: Final = """
objects | Объекты | Objects
modules | Модули | Modules
methods | Методы | Methods
lines | Строки | Lines
line | Строка | Line
projects | Проекты | Projects
kind | Вид | Kind
name | Имя | Name
title | Синоним | Title
comment | Комментарий | Comment
type | Тип | Type
types | Типы | Types
place | Место | Place
home | Обзор | Overview
subsystems | Подсистемы | Subsystems
architecture | Архитектура | Architecture
dependencies | Зависимости | Dependencies
ml-dataset | Набор данных | Data set
best-practices | Практики | Practices
parse | Разбор | Parsing
search | Поиск по объектам, модулям и методам | Search objects, modules and methods
language | English | Русский
theme | Тема | Theme
missing | Нет данных | Missing
used_by | Кто использует | Used by
uses | Что использует | Uses
called_by | Кто вызывает | Called by
calls | Что вызывает | Calls
nobody | никто | nobody
nothing | ничего | nothing
module_body | тело модуля | module body
graph | Соседи | Neighbours
more | ещё | more
description | Описание | Description
parameters | Параметры | Parameters
returns | Возвращает | Returns
example | Пример | Example
call_options | Варианты вызова | Ways to call
deprecated | Устарел | Deprecated
see | См. также | See also
export | экспорт | export
async | асинхронный | async
function | функция | function
procedure | процедура | procedure
cyclomatic | Цикломатическая сложность | Cyclomatic complexity
cognitive | Когнитивная сложность | Cognitive complexity
complexity | Сложность | Complexity
region | Область | Region
no_region | Вне областей | Outside regions
callers | Вызовов | Call sites
layer | Где выполняется | Where it runs
cycle | Круг | Circle
in_cycle | в круге зависимостей | in a circle of dependencies
broken | ошибка разбора | syntax error
parts | Состав | Parts
forms | Формы | Forms
templates | Макеты | Templates
predefined | Предопределённые | Predefined
properties | Свойства | Properties
value | Значение | Value
content | Состав подсистемы | Content
none_of_it | Здесь ничего нет. | There is nothing here.
no_methods | В модуле нет методов. | The module has no methods.
adopted | заимствован | adopted
extends | Расширяет | Extends
configuration | конфигурация | configuration
extension | расширение | extension
external | внешние объекты | external objects
translation | перевод | translation
project | Проект | Project
format | Формат | Format
all_objects | Все объекты | All objects
map | Карта | Map
map_note_plain | Площадь — число объектов. | Area is the number of objects.
outside_subsystems | Вне подсистем | In no subsystem
outward | Наружу | Outward
inward | Внутрь | Inward
edges | Связи | References
contracts | Контракты | Contracts
contract | Контракт | Contract
found | Найдено | Found
wanted | Требуется | Wanted
figures | Показатели | Figures
hubs | Узлы: модули, которые вызывают чаще всего | Hubs: modules that most modules call
layers | Слои | Layers
cycles | Круги зависимостей | Circles of dependencies
cuts | Что разорвать | What to cut
server_calls | Вызовы сервера с клиента | Server calls from the client
dead_exports | Экспортные методы, которые никто не вызывает | Exported methods that nobody calls
coupling | Связность подсистем | Coupling of subsystems
method | Метод | Method
from | Откуда | From
to | Куда | To
loose | Ведут в никуда | Leading nowhere
reason | Причина | Reason
path | Написано | Written
amount | Количество | Amount
steps | Что сделано | What was made
ready | готово | ready
shown | Показаны первые | Showing the first
of | из | of
module | Модуль | Module
instability | Неустойчивость | Instability
group | Вид связи | Kind of reference
skip | К содержанию | Skip to content
contents | Содержание | Contents
documented | описан | documented
undocumented | без описания | no description
edge_call | вызов | call
edge_metadata | метаданные | metadata
edge_type | тип | type
edge_query | запрос | query
edge_event_subscription | подписка на событие | event subscription
edge_scheduled_job | регламентное задание | scheduled job
edge_service | сервис | service
edge_right | право | right
edge_subsystem | подсистема | subsystem
edge_form | форма | form
edge_handler | обработчик | handler
edge_extension | расширение | extension
layer_client | клиент | client
layer_server | сервер | server
layer_client_server | клиент и сервер | client and server
layer_server_call | вызов сервера | server call
layer_global | глобальный | global
layer_external | внешнее соединение | external connection
layer_form | форма | form
layer_none | нигде | nowhere
loose_no_method | нет такого метода | no such method
loose_not_exported | метод не экспортный | method is not exported
loose_no_object | нет такого объекта | no such object
loose_local_variable | локальная переменная, не модуль | a local variable, no module
loose_no_handler | нет обработчика | no handler
loose_filled_in | имя подставляется при выполнении | the name is put in at run time
loose_list | Ведут в никуда: где | Leading nowhere: where
callers_modules | Вызывающих модулей | Modules that call it
practice | Практика | Practice
share | Доля | Share
followed | Соблюдается | Followed
examples | Примеры | Examples
best | Лучшие | The best
worst | Худшие | The worst
exports | Экспортных | Exported
map_legend | Связей наружу: | References that lead outside:
"""

_SENTENCES: Final = {
    "missing_why": (
        "Шаг «{step}» не выполнен или завершился ошибкой: запустите его и соберите сайт заново.",
        "The step “{step}” failed or did not run: run it and make the site again.",
    ),
    "map_note": (
        "Площадь — число объектов, цвет — доля связей, уходящих наружу.",
        "Area is the number of objects, colour the share of references that lead outside.",
    ),
}
_MODULES: Final = {
    "Module": ("Модуль", "Module"),
    "ObjectModule": ("Модуль объекта", "Object module"),
    "ManagerModule": ("Модуль менеджера", "Manager module"),
    "RecordSetModule": ("Модуль набора записей", "Record set module"),
    "ValueManagerModule": ("Модуль менеджера значения", "Value manager module"),
    "FormModule": ("Модуль формы", "Form module"),
    "CommandModule": ("Модуль команды", "Command module"),
    "SessionModule": ("Модуль сеанса", "Session module"),
    "ManagedApplicationModule": ("Модуль приложения", "Application module"),
    "OrdinaryApplicationModule": ("Модуль обычного приложения", "Ordinary application module"),
    "ExternalConnectionModule": ("Модуль внешнего соединения", "External connection module"),
}
_PARTS: Final = {
    "Attribute": "Реквизит", "TabularSection": "Табличная часть", "Dimension": "Измерение", "Resource": "Ресурс",
    "EnumValue": "Значение перечисления", "Form": "Форма", "Command": "Команда", "Template": "Макет",
    "Column": "Графа", "Operation": "Операция", "Parameter": "Параметр", "URLTemplate": "Шаблон URL",
    "Method": "Метод", "AccountingFlag": "Признак учёта", "ExtDimensionAccountingFlag": "Признак учёта субконто",
    "AddressingAttribute": "Реквизит адресации", "Recalculation": "Перерасчёт",
    "IntegrationServiceChannel": "Канал сервиса интеграции", "Function": "Функция", "Field": "Поле",
    "StandardAttribute": "Стандартный реквизит", "Configuration": "Конфигурация", "Table": "Таблица", "Cube": "Куб",
    "DimensionTable": "Таблица измерения",
}  # fmt: skip
# `XDTOPackages` is XDTO packages, `ПакетыXDTO` пакеты XDTO, `WebСервисы` Web-сервисы.
_HUMP: Final = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[A-Z])(?=[A-Z][a-z]|[А-ЯЁ])")
_LATIN_FIRST: Final = re.compile(r"\b([A-Za-z]+) (?=[а-яё])")
_PARTS_PLURAL: Final = {
    "Attribute": "Реквизиты", "TabularSection": "Табличные части", "Dimension": "Измерения", "Resource": "Ресурсы",
    "EnumValue": "Значения", "Form": "Формы", "Command": "Команды", "Template": "Макеты", "Column": "Графы",
    "Operation": "Операции", "URLTemplate": "Шаблоны URL", "StandardAttribute": "Стандартные реквизиты",
    "AccountingFlag": "Признаки учёта", "ExtDimensionAccountingFlag": "Признаки учёта субконто",
    "AddressingAttribute": "Реквизиты адресации", "Recalculation": "Перерасчёты", "Table": "Таблицы",
    "IntegrationServiceChannel": "Каналы", "Function": "Функции", "Field": "Поля", "Cube": "Кубы",
    "DimensionTable": "Таблицы измерений", "StandardTabularSection": "Стандартные табличные части",
}  # fmt: skip


def _words() -> dict[str, tuple[str, str]]:
    rows = (row.split(" | ") for row in _ROWS.strip().splitlines())
    return {key: (russian, english) for key, russian, english in rows} | _SENTENCES


WORDS: Final = _words()


def both(russian: str, english: str) -> Html:
    """Two texts of which a reader sees one; one when they are equal."""
    if russian == english:
        return text(russian)
    return Html(tag("span", text(russian), lang="ru") + tag("span", text(english), lang="en"))


@cache
def word(key: str) -> Html:
    return both(*WORDS[key])


def known_word(prefix: str, key: str) -> Html:
    """A word for a key that a later version may add to: the key itself when there is none."""
    return word(prefix + key) if prefix + key in WORDS else text(key)


def spoken(key: str) -> dict[str, str]:
    """Attributes for controls whose text is an attribute: the script puts the one of the language in place."""
    russian, english = WORDS[key]
    return {"aria_label": russian, "data_ru": russian, "data_en": english}


@cache
def kind_word(kind: str) -> Html:
    return both(*kind_names(kind))


@cache
def kind_names(kind: str) -> tuple[str, str]:
    """The kind of an object, a part or a module in Russian and English."""
    if kind in _MODULES:
        return _MODULES[kind]
    english = _apart(kind)
    known = KINDS.get(kind)
    return known.title_ru if known else _PARTS.get(kind, english), english


@cache
def kinds_word(kind: str) -> Html:
    """Many of them: `Catalogs`, `Справочники`."""
    known = KINDS.get(kind)
    english = _apart(known.folder if known else f"{kind}s")
    russian = _PARTS_PLURAL.get(kind) or _apart(RUSSIAN_PLURALS.get(kind, ""))
    return both(russian or kind_names(kind)[0], english)


def _apart(name: str) -> str:
    """The words of a name of one word; those of capital letters alone stay so."""
    first, *rest = _HUMP.sub(" ", name).split() or [""]
    words = " ".join([first, *(each if each.isupper() and len(each) > 1 else each.lower() for each in rest)])
    return _LATIN_FIRST.sub(r"\1-", words)


def synonym(texts: dict[str, str]) -> Html:
    """A synonym in the language of the reader when it is there, else in any."""
    first = next(iter(texts.values()), "")
    return both(texts.get("ru") or first, texts.get("en") or first)
