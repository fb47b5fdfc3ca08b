"""What a generated configuration consists of, before any layout: made from a size and a seed, nothing of anybody's."""

import random
import uuid
from typing import Any, Final

from msgspec import Struct, field

from potok_onec.testing import code

_SUBJECTS: Final = ("Товары", "Склады", "Сотрудники", "Договоры", "Валюты", "Партии", "Заявки", "Счета", "Маршруты")
_TYPES: Final[tuple[dict[str, Any], ...]] = (
    {"types": ["String"], "length": 50},
    {"types": ["String"], "length": 10, "fixed": True},
    {"types": ["Number"], "digits": 15, "fraction": 2},
    {"types": ["Number"], "digits": 3, "fraction": 0, "nonnegative": True},
    {"types": ["Date"], "fractions": "Date"},
    {"types": ["Date"]},
    {"types": ["Boolean"]},
)
# Objects of each kind in a configuration of size 1.
_PER_SIZE: Final = {
    "CommonModule": 6, "Catalog": 5, "Document": 3, "Enum": 3, "Constant": 4, "InformationRegister": 3,
    "AccumulationRegister": 2, "Report": 2, "DataProcessor": 2, "Role": 2, "EventSubscription": 2, "ScheduledJob": 2,
    "HTTPService": 1, "WebService": 1, "ExchangePlan": 1, "CommonForm": 1, "CommonCommand": 1, "DefinedType": 1,
    "SessionParameter": 1, "StyleItem": 1, "FunctionalOption": 1, "CommonAttribute": 1, "ChartOfAccounts": 1,
    "ChartOfCharacteristicTypes": 1, "DocumentJournal": 1, "Task": 1, "Subsystem": 2,
}  # fmt: skip


_FIRST: Final = {"Document": "Счета"}


class Part(Struct):
    """A part of an object; `properties` are those that differ from the defaults, by Designer's names."""

    kind: str
    name: str
    uuid: str
    type: dict[str, Any] | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    parts: list["Part"] = field(default_factory=list)


class Piece(Struct):
    """An object with the texts of its files; `modules` by kind, of forms and commands under `Form.X`, `Command.X`."""

    kind: str
    name: str
    uuid: str
    synonym: str = ""
    type: dict[str, Any] | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    modules: dict[str, str] = field(default_factory=dict)
    rights: list[tuple[str, str, bool, str]] = field(default_factory=list)
    predefined: list[tuple[str, str, str]] = field(default_factory=list)
    exchange_content: dict[str, bool] = field(default_factory=dict)
    has_schedule: bool = False
    query: str = ""
    nested: list["Piece"] = field(default_factory=list)


class Expected(Struct):
    """What a reader must find: the truth that generated sources are made with."""

    objects: dict[str, int] = field(default_factory=dict)
    nested: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    procedures: int = 0
    functions: int = 0
    exported: int = 0
    modules: int = 0
    queries: int = 0


class Author:
    """Makes names, uuids and pieces; the same seed gives the same configuration."""

    def __init__(self, size: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._size = size
        self.expected = Expected()

    def uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        for kind, amount in _PER_SIZE.items():
            for number in range(1, amount * self._size + 1):
                subject = self._random.choice(_SUBJECTS)
                # the first of a kind is what the others refer to
                name = f"{subject}{number}" if number > 1 else f"{_FIRST.get(kind, 'Товары')}1"
                piece = self._piece(kind, name)
                found.append(piece)
                self._count(piece)
        self.expected.objects["Language"] = 1
        return found

    def _count(self, piece: Piece, *, is_nested: bool = False) -> None:
        where = self.expected.nested if is_nested else self.expected.objects
        where[piece.kind] = where.get(piece.kind, 0) + 1
        pending = list(piece.parts)
        while pending:
            part = pending.pop()
            self.expected.members[part.kind] = self.expected.members.get(part.kind, 0) + 1
            pending.extend(part.parts)
        self.expected.modules += len(piece.modules)
        for inner in piece.nested:
            self._count(inner, is_nested=True)

    def _piece(self, kind: str, name: str) -> Piece:
        piece = Piece(kind, name, self.uuid(), synonym=f"{name} (синоним)")
        maker = getattr(self, f"_make_{kind.lower()}", None)
        if maker is not None:
            maker(piece)
        return piece

    def _module(self, methods: int) -> str:
        return code.module(self._random, methods, self.expected)

    def _part(self, kind: str, name: str, **properties: Any) -> Part:
        return Part(kind, name, self.uuid(), type=self._random.choice(_TYPES), properties=properties)

    def _attributes(self, amount: int, kind: str = "Attribute") -> list[Part]:
        return [self._part(kind, f"{kind}{number}", Comment="") for number in range(1, amount + 1)]

    def _section(self, number: int) -> Part:
        section = Part("TabularSection", f"Строки{number}", self.uuid(), parts=self._attributes(2))
        return section

    def _form(self, piece: Piece, name: str, purpose: str) -> None:
        piece.parts.append(Part("Form", name, self.uuid(), properties={"FormType": "Managed"}))
        piece.properties[purpose] = f"{piece.kind}.{piece.name}.Form.{name}"
        piece.modules[f"Form.{name}"] = self._module(3)

    def _make_commonmodule(self, piece: Piece) -> None:
        piece.properties = {"Server": True, "ServerCall": self._random.random() < 0.3}
        piece.modules["Module"] = self._module(12)

    def _make_catalog(self, piece: Piece) -> None:
        piece.properties = {"Hierarchical": self._random.random() < 0.5, "CodeLength": 9, "DescriptionLength": 100}
        piece.parts = [*self._attributes(4), self._section(1)]
        piece.modules = {"ObjectModule": self._module(4), "ManagerModule": self._module(2)}
        piece.predefined = [(self.uuid(), "Основной", "000000001")]
        self._form(piece, "ФормаЭлемента", "DefaultObjectForm")
        self._form(piece, "ФормаСписка", "DefaultListForm")

    def _make_document(self, piece: Piece) -> None:
        piece.properties = {"NumberLength": 11, "CheckUnique": True, "NumberType": "String"}
        piece.parts = [*self._attributes(3), self._section(1), self._section(2)]
        piece.modules = {"ObjectModule": self._module(6)}
        self._form(piece, "ФормаДокумента", "DefaultObjectForm")
        piece.parts.append(Part("Command", "Печать", self.uuid(), properties={"Group": "FormCommandBarImportant"}))
        piece.modules["Command.Печать"] = self._module(1)

    def _make_enum(self, piece: Piece) -> None:
        piece.parts = [Part("EnumValue", name, self.uuid()) for name in ("Новый", "ВРаботе", "Закрыт")]

    def _make_constant(self, piece: Piece) -> None:
        piece.type = self._random.choice(_TYPES)

    def _make_informationregister(self, piece: Piece) -> None:
        piece.properties = {"InformationRegisterPeriodicity": "Day"}
        piece.parts = [*self._attributes(2, "Dimension"), *self._attributes(1, "Resource")]
        piece.modules = {"RecordSetModule": self._module(2)}

    def _make_accumulationregister(self, piece: Piece) -> None:
        piece.properties = {"RegisterType": "Turnovers"}
        piece.parts = [*self._attributes(2, "Dimension"), *self._attributes(2, "Resource")]

    def _make_report(self, piece: Piece) -> None:
        piece.parts = [Part("Template", "Схема", self.uuid(), properties={"TemplateType": "DataCompositionSchema"})]
        piece.query = "ВЫБРАТЬ Ссылка КАК Ссылка ИЗ Справочник.Товары1"

    def _make_dataprocessor(self, piece: Piece) -> None:
        piece.parts = self._attributes(2)
        piece.modules = {"ObjectModule": self._module(3)}
        self._form(piece, "Форма", "DefaultForm")

    def _make_role(self, piece: Piece) -> None:
        piece.rights = [
            ("Catalog.Товары1", "Read", True, "ГДЕ ИСТИНА"),
            ("Catalog.Товары1", "Update", False, ""),
            ("Configuration", "ThinClient", True, ""),
        ]

    def _make_eventsubscription(self, piece: Piece) -> None:
        piece.type = {"types": ["CatalogObject.Товары1"]}
        piece.properties = {"Event": "BeforeWrite", "Handler": "CommonModule.Товары1.Обработчик1"}

    def _make_scheduledjob(self, piece: Piece) -> None:
        piece.properties = {"MethodName": "CommonModule.Товары1.Обработчик1", "Use": True}
        piece.has_schedule = True

    def _make_httpservice(self, piece: Piece) -> None:
        method = Part("Method", "Получить", self.uuid(), properties={"HTTPMethod": "POST", "Handler": "Обработчик1"})
        template = Part("URLTemplate", "Версия", self.uuid(), properties={"Template": "/v1/*"}, parts=[method])
        piece.parts = [template]
        piece.properties = {"RootURL": piece.name.lower(), "ReuseSessions": "AutoUse"}
        piece.modules["Module"] = self._module(2)

    def _make_webservice(self, piece: Piece) -> None:
        parameter = Part("Parameter", "Код", self.uuid(), properties={"XDTOValueType": "string"})
        operation = Part(
            "Operation",
            "Загрузить",
            self.uuid(),
            properties={"XDTOReturningValueType": "boolean", "ProcedureName": "Обработчик1"},
            parts=[parameter],
        )
        piece.parts = [operation]
        piece.properties = {"Namespace": f"urn:{piece.name}"}
        piece.modules["Module"] = self._module(1)

    def _make_exchangeplan(self, piece: Piece) -> None:
        piece.parts = self._attributes(1)
        piece.exchange_content = {"Catalog.Товары1": True, "Document.Счета1": False}

    def _make_commonform(self, piece: Piece) -> None:
        piece.modules["Form"] = self._module(4)

    def _make_commoncommand(self, piece: Piece) -> None:
        piece.properties = {"Group": "ActionsPanelTools"}
        piece.modules["CommandModule"] = self._module(1)

    def _make_definedtype(self, piece: Piece) -> None:
        piece.type = {"types": ["CatalogRef.Товары1", "String"], "length": 20}

    def _make_sessionparameter(self, piece: Piece) -> None:
        piece.type = {"types": ["Boolean"]}

    def _make_functionaloption(self, piece: Piece) -> None:
        piece.properties = {"Location": "Constant.Товары1"}

    def _make_commonattribute(self, piece: Piece) -> None:
        piece.type = {"types": ["Number"], "digits": 7, "fraction": 0}

    def _make_chartofaccounts(self, piece: Piece) -> None:
        piece.parts = [*self._attributes(1), Part("AccountingFlag", "Валютный", self.uuid())]

    def _make_chartofcharacteristictypes(self, piece: Piece) -> None:
        piece.parts = self._attributes(1)
        piece.type = {"types": ["String"], "length": 10}

    def _make_documentjournal(self, piece: Piece) -> None:
        piece.parts = [Part("Column", "Сумма", self.uuid())]

    def _make_task(self, piece: Piece) -> None:
        piece.parts = [*self._attributes(1), *self._attributes(1, "AddressingAttribute")]

    def _make_subsystem(self, piece: Piece) -> None:
        piece.properties = {"Content": ["Catalog.Товары1"]}
        inner = Piece("Subsystem", "Вложенная", self.uuid(), synonym="Вложенная")
        inner.nested = [Piece("Subsystem", "Глубокая", self.uuid())]
        piece.nested = [inner]
