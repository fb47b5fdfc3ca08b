"""Writes generated pieces as a Designer dump, hierarchical or plain: every property of a kind, defaults included."""

from pathlib import Path
from typing import Any, Final

from potok_onec.configuration import defaults, kinds
from potok_onec.testing.content import Part, Piece
from potok_onec.testing.markup import Markup

_ROOT: Final = {
    "xmlns": "http://v8.1c.ru/8.3/MDClasses",
    "xmlns__cfg": "http://v8.1c.ru/8.1/data/enterprise/current-config",
    "xmlns__v8": "http://v8.1c.ru/8.1/data/core",
    "xmlns__app": "http://v8.1c.ru/8.2/managed-application/core",
    "xmlns__xr": "http://v8.1c.ru/8.3/xcf/readable",
    "xmlns__xs": "http://www.w3.org/2001/XMLSchema",
    "xmlns__xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "version": "2.20",
}
_EXTRA: Final = "http://v8.1c.ru/8.3/xcf/extrnprops"
_XS: Final = {"String": "xs:string", "Number": "xs:decimal", "Boolean": "xs:boolean", "Date": "xs:dateTime"}
_SEPARATE: Final = frozenset({"Form", "Template"})


class DesignerWriter:
    """Puts files of pieces below `root`; in a plain dump folders become dots of the file's name."""

    def __init__(self, root: Path, *, is_plain: bool) -> None:
        self._root = root
        self._is_plain = is_plain

    def configuration(self, name: str, uuid: str, properties: dict[str, Any], pieces: list[Piece]) -> None:
        markup = self._begin()
        markup.open("Configuration", uuid=uuid)
        self._properties(markup, "Configuration", Piece("Configuration", name, uuid, properties=properties))
        markup.open("ChildObjects")
        for piece in pieces:
            markup.tag(piece.kind, piece.name)
        markup.close("ChildObjects")
        self._end(markup, "Configuration", "Configuration.xml")

    def module_of_configuration(self, kind: str, text: str) -> None:
        self._write(f"Configuration.{kind}.bsl" if self._is_plain else f"Ext/{kind}.bsl", text)

    def piece(self, piece: Piece, parents: tuple[Piece, ...] = ()) -> None:
        chain = (*parents, piece)
        markup = self._begin()
        markup.open(piece.kind, uuid=piece.uuid)
        self._properties(markup, piece.kind, piece)
        self._children(markup, piece)
        self._end(markup, piece.kind, self._path(chain, "xml"))
        for part in piece.parts:
            if part.kind in _SEPARATE:
                self._separate(chain, part)
        self._extras(chain, piece)
        for inner in piece.nested:
            self.piece(inner, chain)

    def _begin(self) -> Markup:
        markup = Markup(bom=True)
        markup.open("MetaDataObject", **_ROOT)
        return markup

    def _end(self, markup: Markup, kind: str, path: str) -> None:
        markup.close(kind)
        markup.close("MetaDataObject")
        self._write(path, markup.text())

    def _children(self, markup: Markup, piece: Piece) -> None:
        if not piece.parts and not piece.nested:
            return
        markup.open("ChildObjects")
        for part in piece.parts:
            if part.kind in _SEPARATE:
                markup.tag(part.kind, part.name)
            else:
                self._part(markup, part, piece.kind)
        for inner in piece.nested:
            markup.tag(inner.kind, inner.name)
        markup.close("ChildObjects")

    def _part(self, markup: Markup, part: Part, path: str) -> None:
        markup.open(part.kind, uuid=part.uuid)
        self._properties(markup, f"{path}/{part.kind}", part)
        if part.parts:
            markup.open("ChildObjects")
            for inner in part.parts:
                self._part(markup, inner, f"{path}/{part.kind}")
            markup.close("ChildObjects")
        markup.close(part.kind)

    def _separate(self, chain: tuple[Piece, ...], part: Part) -> None:
        markup = self._begin()
        markup.open(part.kind, uuid=part.uuid)
        self._properties(markup, part.kind, part)
        self._end(markup, part.kind, self._path(chain, "xml", part))
        if part.kind == "Form":
            self._write(self._path(chain, "Form.xml", part, is_extra=True), form_text(part.name))
        else:
            self._write(self._path(chain, "Template.xml", part, is_extra=True), schema_text(chain[-1].query))

    def _properties(self, markup: Markup, path: str, thing: Piece | Part) -> None:
        markup.open("Properties")
        markup.tag("Name", thing.name)
        self._localized(markup, "Synonym", thing.synonym if isinstance(thing, Piece) else "")
        markup.tag("Comment", "")
        if thing.type is not None:
            self._type(markup, path, thing.type)
        for name, default in defaults.properties_of(path).items():
            self._property(markup, name, thing.properties.get(name), default)
        markup.close("Properties")

    def _property(self, markup: Markup, name: str, value: Any, default: str) -> None:
        if isinstance(value, list):
            markup.open(name)
            for item in value:
                markup.tag("xr:Item", item, xsi__type="xr:MDObjectRef")
            markup.close(name)
        elif value is not None:
            text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
            markup.tag(name, f"xs:{text}" if name.startswith("XDTO") else text)
        elif default == "nil":
            markup.tag(name, xsi__nil="true")
        elif default in ("[]", "{}"):
            markup.tag(name)
        else:
            markup.tag(name, default)

    def _localized(self, markup: Markup, name: str, text: str) -> None:
        if not text:
            markup.tag(name)
            return
        markup.open(name)
        markup.open("v8:item")
        markup.tag("v8:lang", "ru")
        markup.tag("v8:content", text)
        markup.close("v8:item")
        markup.close(name)

    def _type(self, markup: Markup, path: str, facts: dict[str, Any]) -> None:
        name = {"EventSubscription": "Source"}.get(path, "Type")
        markup.open(name)
        for item in facts["types"]:
            markup.tag("v8:Type", _XS.get(item, f"cfg:{item}"))
        if "String" in facts["types"]:
            fixed = "Fixed" if facts.get("fixed") else "Variable"
            self._qualifiers(markup, "StringQualifiers", Length=facts.get("length", 0), AllowedLength=fixed)
        if "Number" in facts["types"]:
            sign = "Nonnegative" if facts.get("nonnegative") else "Any"
            self._qualifiers(
                markup,
                "NumberQualifiers",
                Digits=facts["digits"],
                FractionDigits=facts["fraction"],
                AllowedSign=sign,
            )
        if "Date" in facts["types"]:
            self._qualifiers(markup, "DateQualifiers", DateFractions=facts.get("fractions", "DateTime"))
        markup.close(name)

    def _qualifiers(self, markup: Markup, name: str, **facts: Any) -> None:
        markup.open(f"v8:{name}")
        for key, text in facts.items():
            markup.tag(f"v8:{key}", str(text))
        markup.close(f"v8:{name}")

    def _extras(self, chain: tuple[Piece, ...], piece: Piece) -> None:
        for place, text in piece.modules.items():
            self._module(chain, piece, place, text)
        if piece.kind == "CommonForm":
            self._write(self._path(chain, "Form.xml", is_extra=True), form_text(piece.name))
        if piece.rights:
            self._write(self._path(chain, "Rights.xml", is_extra=True), rights_text(piece))
        if piece.predefined:
            self._write(self._path(chain, "Predefined.xml", is_extra=True), _predefined_text(piece))
        if piece.has_schedule:
            self._write(self._path(chain, "Schedule.xml", is_extra=True), _schedule_text())
        if piece.exchange_content:
            self._write(self._path(chain, "Content.xml", is_extra=True), _content_text(piece))

    def _module(self, chain: tuple[Piece, ...], piece: Piece, place: str, text: str) -> None:
        kind, _, name = place.partition(".")
        if kind == "Form":
            part = next((part for part in piece.parts if part.name == name and part.kind == "Form"), None)
            path = self._path(chain, "Form/Module.bsl", part, is_extra=True)
        elif kind == "Command":
            part = next(part for part in piece.parts if part.name == name and part.kind == "Command")
            path = self._path(chain, "CommandModule.bsl", part, is_extra=True)
        else:
            path = self._path(chain, f"{place}.bsl", is_extra=True)
        self._write(path, text)

    def _path(self, chain: tuple[Piece, ...], name: str, part: Part | None = None, *, is_extra: bool = False) -> str:
        """`name` is a file of the piece or its part; for a description it is only the suffix."""
        if self._is_plain:
            words = [f"{piece.kind}.{piece.name}" for piece in chain]
            if part is not None:
                words.append(f"{part.kind}.{part.name}")
            return ".".join([*words, name.replace("/", ".")])
        folders = [f"{_folder(piece.kind)}/{piece.name}" for piece in chain]
        if part is not None:
            folders.append(f"{part.kind}s/{part.name}")
        return "/".join(folders) + (f"/Ext/{name}" if is_extra else f".{name}")

    def _write(self, path: str, text: str) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def _folder(kind: str) -> str:
    return kinds.KINDS[kind].folder


def form_text(name: str) -> str:
    markup = Markup(bom=True)
    markup.open(
        "Form", xmlns="http://v8.1c.ru/8.3/xcf/logform", xmlns__v8="http://v8.1c.ru/8.1/data/core", version="2.20"
    )
    markup.open("Events")
    markup.tag("Event", "Обработчик1", name="OnOpen")
    markup.close("Events")
    markup.open("ChildItems")
    markup.open("InputField", name="Поле", id="1")
    markup.tag("DataPath", "Объект.Поле")
    markup.close("InputField")
    markup.close("ChildItems")
    markup.open("Attributes")
    markup.open("Attribute", name="Объект", id="1")
    markup.tag("MainAttribute", "true")
    markup.close("Attribute")
    markup.close("Attributes")
    markup.open("Commands")
    markup.open("Command", name=f"Команда{name}", id="1")
    markup.tag("Action", "Обработчик2")
    markup.close("Command")
    markup.close("Commands")
    markup.close("Form")
    return markup.text()


def schema_text(query: str) -> str:
    markup = Markup(bom=True)
    markup.open(
        "DataCompositionSchema",
        xmlns="http://v8.1c.ru/8.1/data-composition-system/schema",
        xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
    )
    markup.open("dataSet", xsi__type="DataSetQuery")
    markup.tag("name", "Набор")
    markup.open("field", xsi__type="DataSetFieldField")
    markup.tag("dataPath", "Ссылка")
    markup.close("field")
    markup.tag("query", query)
    markup.close("dataSet")
    markup.close("DataCompositionSchema")
    return markup.text()


def rights_text(piece: Piece) -> str:
    markup = Markup(bom=True)
    markup.open(
        "Rights",
        xmlns="http://v8.1c.ru/8.2/roles",
        xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
        xsi__type="Rights",
    )
    markup.tag("setForNewObjects", "false")
    markup.tag("setForAttributesByDefault", "true")
    for owner, name, value, condition in piece.rights:
        markup.open("object")
        markup.tag("name", owner)
        markup.open("right")
        markup.tag("name", name)
        markup.tag("value", "true" if value else "false")
        if condition:
            markup.open("restrictionByCondition")
            markup.tag("condition", condition)
            markup.close("restrictionByCondition")
        markup.close("right")
        markup.close("object")
    markup.close("Rights")
    return markup.text()


def _predefined_text(piece: Piece) -> str:
    markup = Markup(bom=True)
    markup.open("PredefinedData", xmlns="http://v8.1c.ru/8.3/xcf/predef")
    for own, name, number in piece.predefined:
        markup.open("Item", id=own)
        markup.tag("Name", name)
        markup.tag("Code", number)
        markup.tag("Description", name)
        markup.close("Item")
    markup.close("PredefinedData")
    return markup.text()


def _schedule_text() -> str:
    markup = Markup(bom=True)
    markup.open("JobSchedule", xmlns=_EXTRA, xmlns__ent="http://v8.1c.ru/8.1/data/enterprise")
    markup.open("Schedule", BeginTime="03:00:00", DaysRepeatPeriod="1", WeeksPeriod="1")
    markup.tag("ent:WeekDays", "1 3 5")
    markup.tag("ent:Months", "1 12")
    markup.close("Schedule")
    markup.close("JobSchedule")
    return markup.text()


def _content_text(piece: Piece) -> str:
    markup = Markup(bom=True)
    markup.open("ExchangePlanContent", xmlns=_EXTRA)
    for name, is_automatic in piece.exchange_content.items():
        markup.open("Item")
        markup.tag("Metadata", name)
        markup.tag("AutoRecord", "Allow" if is_automatic else "Deny")
        markup.close("Item")
    markup.close("ExchangePlanContent")
    return markup.text()
