"""Sorts of projects: extensions of both layouts, translations, external reports and processors, several at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from potok_onec.configuration import MetadataObject, Reading, read

_EDT = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:mdclass="http://g5.1c.ru/v8/dt/metadata/mdclass" '
    'xmlns:ext="http://g5.1c.ru/v8/dt/metadata/mdclass/extension"'
)
_DESIGNER = (
    'xmlns="http://v8.1c.ru/8.3/MDClasses" xmlns:v8="http://v8.1c.ru/8.1/data/core" '
    'xmlns:xr="http://v8.1c.ru/8.3/xcf/readable" xmlns:xs="http://www.w3.org/2001/XMLSchema" version="2.20"'
)


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def _edt_extension(folder: Path) -> Path:
    return _write(
        folder,
        {
            "DT-INF/PROJECT.PMF": "Manifest-Version: 1.0\nRuntime-Version: 8.3.25\nBase-Project: Основа\n",
            ".project": "<projectDescription><name>Доработки</name></projectDescription>",
            "src/Configuration/Configuration.mdo": f"""<mdclass:Configuration {_EDT} uuid="1">
                <name>Доработки</name><objectBelonging>Adopted</objectBelonging>
                <extension xsi:type="ext:ConfigurationExtension"><defaultRoles>Extended</defaultRoles></extension>
                <namePrefix>Дор_</namePrefix><catalogs>Catalog.Товары</catalogs></mdclass:Configuration>""",
            "src/Catalogs/Товары/Товары.mdo": f"""<mdclass:Catalog {_EDT} uuid="2" extendedConfigurationObject="9">
                <name>Товары</name><objectBelonging>Adopted</objectBelonging>
                <extension xsi:type="ext:CatalogExtension">
                <extendedConfigurationObject>Checked</extendedConfigurationObject>
                <codeLength>Extended</codeLength></extension>
                <useStandardCommands>true</useStandardCommands><codeLength>11</codeLength>
                <attributes uuid="3"><name>Цена</name><type><types>Number</types>
                <numberQualifiers><precision>15</precision><scale>2</scale></numberQualifiers></type></attributes>
                </mdclass:Catalog>""",
            "src/Catalogs/Товары/ObjectModule.bsl": '&Вместо("ПередЗаписью")\nПроцедура Дор_ПередЗаписью()\n'
            "#Вставка\n\tА = 1;\n#КонецВставки\nКонецПроцедуры\n",
        },
    )


def _designer_extension(folder: Path) -> Path:
    return _write(
        folder,
        {
            "Configuration.xml": f"""<MetaDataObject {_DESIGNER}><Configuration uuid="1"><Properties>
                <ObjectBelonging>Adopted</ObjectBelonging><Name>Доработки</Name><NamePrefix>Дор_</NamePrefix>
                <ConfigurationExtensionPurpose>Customization</ConfigurationExtensionPurpose></Properties>
                <ChildObjects><Catalog>Товары</Catalog></ChildObjects></Configuration></MetaDataObject>""",
            "Catalogs/Товары.xml": f"""<MetaDataObject {_DESIGNER}><Catalog uuid="2"><InternalInfo>
                <xr:PropertyState><xr:Property>CodeLength</xr:Property><xr:State>Extended</xr:State></xr:PropertyState>
                </InternalInfo><Properties><Name>Товары</Name><ObjectBelonging>Adopted</ObjectBelonging>
                <ExtendedConfigurationObject>9</ExtendedConfigurationObject><CodeLength>11</CodeLength></Properties>
                <ChildObjects><Attribute uuid="3"><Properties><Name>Цена</Name><Type><v8:Type>xs:decimal</v8:Type>
                <v8:NumberQualifiers><v8:Digits>15</v8:Digits><v8:FractionDigits>2</v8:FractionDigits>
                <v8:AllowedSign>Any</v8:AllowedSign></v8:NumberQualifiers></Type></Properties></Attribute>
                </ChildObjects></Catalog></MetaDataObject>""",
        },
    )


def _objects(reading: Reading) -> dict[str, MetadataObject]:
    return {item.full_name: item for item in reading.objects()}


@pytest.mark.parametrize("make", [_edt_extension, _designer_extension])
def test_an_adopted_object_says_only_what_its_extension_controls(make: Callable[[Path], Path], tmp_path: Path) -> None:
    reading = read(make(tmp_path), cache=False)
    catalog = _objects(reading)["Catalog.Товары"]
    assert reading.projects[0].kind == "extension"
    assert catalog.is_adopted
    assert catalog.extended_object == "9"
    assert catalog.properties == {"CodeLength": 11}
    assert catalog.states == {"CodeLength": "Extended"}
    price = catalog.attributes[0]
    assert not price.is_adopted
    assert price.type is not None
    assert (price.type.types, price.type.number_digits, price.type.number_fraction_digits) == (("Number",), 15, 2)
    assert price.properties["FillChecking"] == "DontCheck"
    root = reading.report.projects[0].configuration
    assert root is not None
    assert root.properties["NamePrefix"] == "Дор_"


def test_annotations_and_the_base_of_an_extension(tmp_path: Path) -> None:
    reading = read(_edt_extension(tmp_path), cache=False)
    (module,) = _objects(reading)["Catalog.Товары"].modules
    assert module.methods[0].annotations == ("Вместо",)
    assert not module.is_broken
    assert reading.projects[0].base_project == "Основа"


def test_a_translation_project_gives_texts_by_language(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "DT-INF/DEPENDENT.PMF": "Manifest-Version: 1.0\nParent-Project: Основа\n",
            "src/Enums/Виды/mdo_en.lstr": "#Translations for: Виды\n\nEnumValue.Новый.Synonym=Brand \\\n  new\n"
            "Synonym=\\u041a\\=inds\n",
            "src/CommonModules/Общий/Module_en.nstr": "'Привет'=Hello: world\n",
        },
    )
    reading = read(tmp_path, cache=False)
    found = _objects(reading)
    assert reading.projects[0].kind == "translation"
    assert found["Enum.Виды"].translations == {"en": {"EnumValue.Новый.Synonym": "Brand new", "Synonym": "К=inds"}}
    assert found["CommonModule.Общий"].translations == {"en": {"'Привет'": "Hello: world"}}
    assert reading.report.projects[0].counts.translations == 3
    assert reading.report.all_problems() == []


def test_external_reports_and_processors_of_a_dump_are_projects(tmp_path: Path) -> None:
    for kind, name in (("ExternalReport", "Остатки"), ("ExternalDataProcessor", "Загрузка")):
        _write(
            tmp_path,
            {
                f"ext/{name}.xml": f"""<MetaDataObject {_DESIGNER}><{kind} uuid="{name}"><Properties>
                    <Name>{name}</Name></Properties><ChildObjects><Form>Форма</Form></ChildObjects></{kind}>
                    </MetaDataObject>""",
                f"ext/{name}/Ext/ObjectModule.bsl": "Процедура А()\nКонецПроцедуры\n",
                f"ext/{name}/Forms/Форма.xml": f"""<MetaDataObject {_DESIGNER}><Form uuid="f{name}"><Properties>
                    <Name>Форма</Name><FormType>Ordinary</FormType></Properties></Form></MetaDataObject>""",
                f"ext/{name}/Forms/Форма/Ext/Form.bin": "binary",
            },
        )
    reading = read(tmp_path, cache=False)
    found = _objects(reading)
    assert {project.kind for project in reading.projects} == {"external"}
    assert set(found) == {"ExternalReport.Остатки", "ExternalDataProcessor.Загрузка"}
    assert found["ExternalReport.Остатки"].forms[0].form_type == "Ordinary"
    assert found["ExternalDataProcessor.Загрузка"].modules[0].methods[0].name == "А"
    assert reading.report.all_problems() == []


def test_several_projects_of_a_repository_are_found_and_other_files_stay_outside(tmp_path: Path) -> None:
    _edt_extension(tmp_path / "exts" / "one")
    _designer_extension(tmp_path / "exts" / "two")
    _write(tmp_path, {"README.md": "text", ".git/config": "", "docs/a.xml": "<a/>"})
    reading = read(tmp_path, cache=False)
    list(reading)
    assert [project.root for project in reading.projects] == ["exts/one", "exts/two"]
    assert reading.report.outside.files == {"outside": 2}
    assert reading.report.outside.refused == {"excluded": 1}
    assert reading.report.is_complete
