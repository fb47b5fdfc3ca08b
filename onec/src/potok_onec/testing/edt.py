"""Writes generated pieces as an EDT project: only what differs from the defaults."""

from pathlib import Path
from typing import Any, Final

from potok_onec.configuration import kinds
from potok_onec.testing.content import Part, Piece
from potok_onec.testing.designer import rights_text, schema_text
from potok_onec.testing.markup import Markup

_ROOT: Final = {
    "xmlns__xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns__core": "http://g5.1c.ru/v8/dt/mcore",
    "xmlns__mdclass": "http://g5.1c.ru/v8/dt/metadata/mdclass",
}
_DAYS: Final = ("Mon", "Wed", "Fri")
_MONTHS: Final = ("Jan", "Dec")


class EdtWriter:
    """Puts files of pieces below `root`, the folder of the project."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def configuration(self, name: str, uuid: str, properties: dict[str, Any], pieces: list[Piece]) -> None:
        self._write(".project", f"<projectDescription><name>{name}</name></projectDescription>\n")
        self._write("DT-INF/PROJECT.PMF", "Manifest-Version: 1.0\nRuntime-Version: 8.3.27\n")
        markup = Markup(bom=False)
        markup.open("mdclass:Configuration", **_ROOT, uuid=uuid)
        markup.tag("name", name)
        self._properties(markup, properties)
        for piece in pieces:
            if piece.kind == "Language":
                markup.open("languages", uuid=piece.uuid)
                markup.tag("name", piece.name)
                self._localized(markup, "synonym", piece.synonym)
                self._properties(markup, piece.properties)
                markup.close("languages")
            else:
                markup.tag(_composition_tag(piece.kind), f"{piece.kind}.{piece.name}")
        markup.close("mdclass:Configuration")
        self._write("src/Configuration/Configuration.mdo", markup.text())

    def module_of_configuration(self, kind: str, text: str) -> None:
        self._write(f"src/Configuration/{kind}.bsl", text)

    def piece(self, piece: Piece, folder: str = "src", parent: str = "") -> None:
        if piece.kind == "Language":
            return
        place = f"{folder}/{kinds.KINDS[piece.kind].folder}/{piece.name}"
        markup = Markup(bom=False)
        markup.open(f"mdclass:{piece.kind}", **_ROOT, uuid=piece.uuid)
        markup.tag("name", piece.name)
        self._localized(markup, "synonym", piece.synonym)
        if piece.type is not None:
            self._type(markup, "source" if piece.kind == "EventSubscription" else "type", piece.type)
        self._properties(markup, piece.properties)
        self._inside(markup, piece)
        for part in piece.parts:
            self._part(markup, part)
        for inner in piece.nested:
            markup.tag("subsystems", inner.name)
        if parent:
            markup.tag("parentSubsystem", parent)
        markup.close(f"mdclass:{piece.kind}")
        self._write(f"{place}/{piece.name}.mdo", markup.text())
        self._extras(place, piece)
        own = f"{parent}.{piece.kind}.{piece.name}" if parent else f"{piece.kind}.{piece.name}"
        for inner in piece.nested:
            self.piece(inner, place, own)

    def _inside(self, markup: Markup, piece: Piece) -> None:
        if piece.predefined:
            markup.open("predefined")
            for own, name, number in piece.predefined:
                markup.open("items", id=own)
                markup.tag("name", name)
                markup.tag("description", name)
                markup.open("code", xsi__type="core:StringValue")
                markup.tag("value", number)
                markup.close("code")
                markup.close("items")
            markup.close("predefined")
        for name, is_automatic in piece.exchange_content.items():
            markup.open("content")
            markup.tag("mdObject", name)
            if is_automatic:
                markup.tag("autoRecord", "Allow")
            markup.close("content")

    def _part(self, markup: Markup, part: Part) -> None:
        tag = kinds.member_tag(part.kind)
        markup.open(tag, uuid=part.uuid)
        markup.tag("name", part.name)
        if part.type is not None:
            self._type(markup, "type", part.type)
        self._properties(markup, part.properties)
        for inner in part.parts:
            self._part(markup, inner)
        markup.close(tag)

    def _properties(self, markup: Markup, properties: dict[str, Any]) -> None:
        for name, value in properties.items():
            tag = kinds.property_tag(name)
            if name.startswith("XDTO"):
                markup.open(tag)
                markup.tag("name", value)
                markup.tag("nsUri", "http://www.w3.org/2001/XMLSchema")
                markup.close(tag)
            elif isinstance(value, list):
                for item in value:
                    markup.tag(tag, item)
            elif isinstance(value, bool):
                if value:
                    markup.tag(tag, "true")
            elif value != "":
                markup.tag(tag, str(value))

    def _localized(self, markup: Markup, tag: str, text: str) -> None:
        if text:
            markup.open(tag)
            markup.tag("key", "ru")
            markup.tag("value", text)
            markup.close(tag)

    def _type(self, markup: Markup, tag: str, facts: dict[str, Any]) -> None:
        markup.open(tag)
        for item in facts["types"]:
            markup.tag("types", item)
        if "String" in facts["types"]:
            fixed = {"fixed": "true"} if facts.get("fixed") else {}
            self._qualifiers(markup, "stringQualifiers", length=facts.get("length", 0), **fixed)
        if "Number" in facts["types"]:
            sign = {"nonNegative": "true"} if facts.get("nonnegative") else {}
            scale = {"scale": facts["fraction"]} if facts["fraction"] else {}
            self._qualifiers(markup, "numberQualifiers", precision=facts["digits"], **scale, **sign)
        if "Date" in facts["types"]:
            fractions = {"dateFractions": facts["fractions"]} if "fractions" in facts else {}
            self._qualifiers(markup, "dateQualifiers", **fractions)
        markup.close(tag)

    def _qualifiers(self, markup: Markup, tag: str, **facts: Any) -> None:
        if not facts:
            markup.tag(tag)
            return
        markup.open(tag)
        for name, value in facts.items():
            markup.tag(name, str(value))
        markup.close(tag)

    def _extras(self, place: str, piece: Piece) -> None:
        for where, text in piece.modules.items():
            kind, _, name = where.partition(".")
            if kind == "Form":
                self._write(f"{place}/Forms/{name}/Module.bsl" if name else f"{place}/Module.bsl", text)
            elif kind == "Command":
                self._write(f"{place}/Commands/{name}/CommandModule.bsl", text)
            else:
                self._write(f"{place}/{where}.bsl", text)
        for part in piece.parts:
            if part.kind == "Form":
                self._write(f"{place}/Forms/{part.name}/Form.form", _form_text(part.name))
            elif part.kind == "Template":
                self._write(f"{place}/Templates/{part.name}/Template.dcs", schema_text(piece.query))
        if piece.kind == "CommonForm":
            self._write(f"{place}/Form.form", _form_text(piece.name))
        if piece.rights:
            self._write(f"{place}/Rights.rights", rights_text(piece))
        if piece.has_schedule:
            self._write(f"{place}/Schedule.schedule", _schedule_text())

    def _write(self, path: str, text: str) -> None:
        file = self._root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")


def _composition_tag(kind: str) -> str:
    folder = kinds.KINDS[kind].folder
    return folder[:1].lower() + folder[1:]


def _form_text(name: str) -> str:
    markup = Markup(bom=False)
    markup.open(
        "form:Form",
        xmlns__xsi="http://www.w3.org/2001/XMLSchema-instance",
        xmlns__form="http://g5.1c.ru/v8/dt/form",
    )
    markup.open("items", xsi__type="form:FormField")
    markup.tag("name", "Поле")
    markup.tag("id", "1")
    markup.open("dataPath", xsi__type="form:DataPath")
    markup.tag("segments", "Объект.Поле")
    markup.close("dataPath")
    markup.tag("type", "InputField")
    markup.close("items")
    markup.open("handlers")
    markup.tag("event", "OnOpen")
    markup.tag("name", "Обработчик1")
    markup.close("handlers")
    markup.open("attributes")
    markup.tag("name", "Объект")
    markup.tag("id", "1")
    markup.tag("main", "true")
    markup.close("attributes")
    markup.open("formCommands")
    markup.tag("name", f"Команда{name}")
    markup.open("action", xsi__type="form:FormCommandHandlerContainer")
    markup.open("handler")
    markup.tag("name", "Обработчик2")
    markup.close("handler")
    markup.close("action")
    markup.close("formCommands")
    markup.close("form:Form")
    return markup.text()


def _schedule_text() -> str:
    markup = Markup(bom=False)
    markup.open(
        "schedule:Schedule",
        xmlns__schedule="http://g5.1c.ru/v8/dt/schedule",
        beginTime="03:00:00",
        daysRepeatPeriod="1",
        weeksPeriod="1",
    )
    for day in _DAYS:
        markup.tag("weekDays", day)
    for month in _MONTHS:
        markup.tag("months", month)
    markup.close("schedule:Schedule")
    return markup.text()
