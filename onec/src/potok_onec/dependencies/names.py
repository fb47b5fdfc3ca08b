"""How code names metadata, in both languages: managers (`Справочники`), kinds (`Справочник`), types (`CatalogRef`)."""

from typing import Final

# kind | Russian singular | Russian plural | English plural; a star marks kinds with a manager in the global context.
_ROWS: Final = """
Catalog Справочник Справочники Catalogs *
Document Документ Документы Documents *
DocumentJournal ЖурналДокументов ЖурналыДокументов DocumentJournals *
Enum Перечисление Перечисления Enums *
Report Отчет Отчеты Reports *
DataProcessor Обработка Обработки DataProcessors *
ChartOfCharacteristicTypes ПланВидовХарактеристик ПланыВидовХарактеристик ChartsOfCharacteristicTypes *
ChartOfAccounts ПланСчетов ПланыСчетов ChartsOfAccounts *
ChartOfCalculationTypes ПланВидовРасчета ПланыВидовРасчета ChartsOfCalculationTypes *
InformationRegister РегистрСведений РегистрыСведений InformationRegisters *
AccumulationRegister РегистрНакопления РегистрыНакопления AccumulationRegisters *
AccountingRegister РегистрБухгалтерии РегистрыБухгалтерии AccountingRegisters *
CalculationRegister РегистрРасчета РегистрыРасчета CalculationRegisters *
BusinessProcess БизнесПроцесс БизнесПроцессы BusinessProcesses *
Task Задача Задачи Tasks *
ExchangePlan ПланОбмена ПланыОбмена ExchangePlans *
Constant Константа Константы Constants *
Sequence Последовательность Последовательности Sequences *
FilterCriterion КритерийОтбора КритерииОтбора FilterCriteria *
SettingsStorage ХранилищеНастроек ХранилищаНастроек SettingsStorages *
ExternalDataSource ВнешнийИсточникДанных ВнешниеИсточникиДанных ExternalDataSources *
SessionParameter ПараметрСеанса ПараметрыСеанса SessionParameters *
CommonModule ОбщийМодуль ОбщиеМодули CommonModules
CommonForm ОбщаяФорма ОбщиеФормы CommonForms
CommonAttribute ОбщийРеквизит ОбщиеРеквизиты CommonAttributes
CommonTemplate ОбщийМакет ОбщиеМакеты CommonTemplates
CommonPicture ОбщаяКартинка ОбщиеКартинки CommonPictures
CommonCommand ОбщаяКоманда ОбщиеКоманды CommonCommands
CommandGroup ГруппаКоманд ГруппыКоманд CommandGroups
Role Роль Роли Roles
Subsystem Подсистема Подсистемы Subsystems
FunctionalOption ФункциональнаяОпция ФункциональныеОпции FunctionalOptions
FunctionalOptionsParameter ПараметрФункциональныхОпций ПараметрыФункциональныхОпций FunctionalOptionsParameters
DefinedType ОпределяемыйТип ОпределяемыеТипы DefinedTypes
EventSubscription ПодпискаНаСобытие ПодпискиНаСобытия EventSubscriptions
ScheduledJob РегламентноеЗадание РегламентныеЗадания ScheduledJobs
XDTOPackage ПакетXDTO ПакетыXDTO XDTOPackages
WebService WebСервис WebСервисы WebServices
HTTPService HTTPСервис HTTPСервисы HTTPServices
WSReference WSСсылка WSСсылки WSReferences
DocumentNumerator НумераторДокументов НумераторыДокументов DocumentNumerators
StyleItem ЭлементСтиля ЭлементыСтиля StyleItems
Style Стиль Стили Styles
Language Язык Языки Languages
IntegrationService СервисИнтеграции СервисыИнтеграции IntegrationServices
Bot Бот Боты Bots
"""

METADATA: Final = frozenset({"метаданные", "metadata"})
THIS_OBJECT: Final = frozenset({"этотобъект", "thisobject", "этаформа", "thisform"})
# Global collections that are called otherwise than their kind.
_LIBRARIES: Final = {"библиотекакартинок": "CommonPicture", "picturelib": "CommonPicture"}


def _tables() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    managers, plurals, singulars = dict(_LIBRARIES), {}, {}
    for row in _ROWS.strip().splitlines():
        kind, singular, plural, english, *star = row.split()
        for name in (plural.lower(), english.lower()):
            plurals[name] = kind
            if star:
                managers[name] = kind
        singulars[singular.lower()] = kind
        singulars[kind.lower()] = kind
    return managers, plurals, singulars


# `справочники` -> Catalog, for managers in the global context; the same for all kinds below `Метаданные`; `справочник`.
MANAGERS, PLURALS, SINGULARS = _tables()
# Catalog -> `Справочники`.
RUSSIAN_PLURALS: Final = {row.split()[0]: row.split()[2] for row in _ROWS.strip().splitlines()}

# What follows the kind in the name of a type: СправочникСсылка, DocumentObject, РегистрСведенийНаборЗаписей.
_SUFFIXES: Final = (
    "Ссылка", "Объект", "Менеджер", "Выборка", "Список", "НаборЗаписей", "МенеджерЗаписи", "КлючЗаписи", "Запись",
    "МенеджерЗначения", "КлючЗначения", "Ref", "Object", "Manager", "Selection", "List", "RecordSet", "RecordManager",
    "RecordKey", "Record", "ValueManager", "ValueKey", "TypeCharacteristic", "RoutePointRef", "ТочкаМаршрутаСсылка",
)  # fmt: skip


def _types() -> dict[str, str]:
    return {f"{name}{suffix.lower()}": kind for name, kind in SINGULARS.items() for suffix in _SUFFIXES}


# `справочникссылка` -> Catalog.
TYPES: Final = _types()


def kind_of(word: str) -> str:
    """The kind that a word before a dot names, as a kind or as a type; empty when it is neither."""
    folded = word.lower()
    return SINGULARS.get(folded) or TYPES.get(folded, "")
