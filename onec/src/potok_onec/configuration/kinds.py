"""The table of metadata kinds: how each is called as an element, as a folder and as a part of another."""

from typing import Final, NamedTuple


class Kind(NamedTuple):
    """A kind of object at the top level; `folder` is its plural in both layouts, `title_ru` its name for people."""

    name: str
    folder: str
    title_ru: str


_ROWS: Final = """
Language Languages Язык
Subsystem Subsystems Подсистема
StyleItem StyleItems Элемент стиля
Style Styles Стиль
PaletteColor PaletteColors Цвет палитры
CommonPicture CommonPictures Общая картинка
Interface Interfaces Интерфейс
SessionParameter SessionParameters Параметр сеанса
Role Roles Роль
CommonTemplate CommonTemplates Общий макет
FilterCriterion FilterCriteria Критерий отбора
CommonModule CommonModules Общий модуль
CommonAttribute CommonAttributes Общий реквизит
ExchangePlan ExchangePlans План обмена
XDTOPackage XDTOPackages Пакет XDTO
WebService WebServices Web-сервис
HTTPService HTTPServices HTTP-сервис
WSReference WSReferences WS-ссылка
WebSocketClient WebSocketClients WebSocket-клиент
EventSubscription EventSubscriptions Подписка на событие
ScheduledJob ScheduledJobs Регламентное задание
SettingsStorage SettingsStorages Хранилище настроек
FunctionalOption FunctionalOptions Функциональная опция
FunctionalOptionsParameter FunctionalOptionsParameters Параметр функциональных опций
DefinedType DefinedTypes Определяемый тип
CommonCommand CommonCommands Общая команда
CommandGroup CommandGroups Группа команд
Constant Constants Константа
CommonForm CommonForms Общая форма
Catalog Catalogs Справочник
Document Documents Документ
DocumentNumerator DocumentNumerators Нумератор документов
Sequence Sequences Последовательность
DocumentJournal DocumentJournals Журнал документов
Enum Enums Перечисление
Report Reports Отчёт
DataProcessor DataProcessors Обработка
InformationRegister InformationRegisters Регистр сведений
AccumulationRegister AccumulationRegisters Регистр накопления
ChartOfCharacteristicTypes ChartsOfCharacteristicTypes План видов характеристик
ChartOfAccounts ChartsOfAccounts План счетов
AccountingRegister AccountingRegisters Регистр бухгалтерии
ChartOfCalculationTypes ChartsOfCalculationTypes План видов расчёта
CalculationRegister CalculationRegisters Регистр расчёта
BusinessProcess BusinessProcesses Бизнес-процесс
Task Tasks Задача
ExternalDataSource ExternalDataSources Внешний источник данных
IntegrationService IntegrationServices Сервис интеграции
Bot Bots Бот
ExternalReport ExternalReports Внешний отчёт
ExternalDataProcessor ExternalDataProcessors Внешняя обработка
"""

KINDS: Final = {kind.name: kind for kind in (Kind(*row.split(maxsplit=2)) for row in _ROWS.strip().splitlines())}
BY_FOLDER: Final = {kind.folder: kind.name for kind in KINDS.values()}
ORDER: Final = {name: index for index, name in enumerate(KINDS)}

# Objects that live in folders below another object, in both layouts.
NESTED_FOLDERS: Final = {
    "Subsystems": "Subsystem",
    "Tables": "Table",
    "Cubes": "Cube",
    "DimensionTables": "DimensionTable",
    "Functions": "Function",
    "Recalculations": "Recalculation",
}

_MEMBERS: Final = {
    "attributes": "Attribute",
    "tabularSections": "TabularSection",
    "dimensions": "Dimension",
    "resources": "Resource",
    "enumValues": "EnumValue",
    "forms": "Form",
    "commands": "Command",
    "templates": "Template",
    "columns": "Column",
    "operations": "Operation",
    "parameters": "Parameter",
    "urlTemplates": "URLTemplate",
    "methods": "Method",
    "accountingFlags": "AccountingFlag",
    "extDimensionAccountingFlags": "ExtDimensionAccountingFlag",
    "addressingAttributes": "AddressingAttribute",
    "recalculations": "Recalculation",
    "integrationServiceChannels": "IntegrationServiceChannel",
    "functions": "Function",
    "fields": "Field",
    "tableFields": "Field",
    "languages": "Language",
}
_MEMBER_ORDER: Final = {kind: index for index, kind in enumerate(dict.fromkeys(_MEMBERS.values()))}

_PROPERTY_NAMES: Final = {
    "httpMethod": "HTTPMethod",
    "xdtoReturningValueType": "XDTOReturningValueType",
    "xdtoValueType": "XDTOValueType",
    "xdtoPackages": "XDTOPackages",
    "synchronousExtensionAndAddInCallUseMode": "SynchronousPlatformExtensionAndAddInCallUseMode",
}


def capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def member_kind(parent: str, tag: str) -> str:
    """The kind of a part by EDT's plural tag; a tag that nobody knows gives its own singular."""
    return _MEMBERS.get(tag) or capital(tag.removesuffix("s"))


def member_tag(kind: str) -> str:
    """EDT's plural tag of a part: what `member_kind` reads back."""
    return next((tag for tag, known in _MEMBERS.items() if known == kind), f"{kind[:1].lower()}{kind[1:]}s")


def property_tag(name: str) -> str:
    """EDT's tag of a property by Designer's name: what `property_name` reads back."""
    known = next((tag for tag, title in _PROPERTY_NAMES.items() if title == name), None)
    return known or f"{name[:1].lower()}{name[1:]}"


def member_order(kind: str) -> int:
    """Both layouts write parts in their own order; the model has one."""
    return _MEMBER_ORDER.get(kind, len(_MEMBER_ORDER))


def property_name(tag: str) -> str:
    """Designer's name of an EDT property: the same but for the first letter, save for the listed ones."""
    return _PROPERTY_NAMES.get(tag) or capital(tag)


def reference_kind(kind: str, tag: str) -> str:
    """The kind of the objects that a composition tag lists: `<catalogs>Catalog.X</catalogs>` of a Configuration."""
    if kind == "Configuration":
        return _COMPOSITION.get(tag, "")
    if kind == "Subsystem" and tag == "subsystems":
        return "Subsystem"
    return _NESTED.get(tag, "") if kind in ("ExternalDataSource", "Cube") else ""


_COMPOSITION: Final = {
    tag: name
    for name, kind in KINDS.items()
    for tag in {kind.folder[:1].lower() + kind.folder[1:], kind.folder.replace("HTTP", "http").replace("WS", "ws")}
}
_NESTED: Final = {folder[:1].lower() + folder[1:]: kind for folder, kind in NESTED_FOLDERS.items()}
