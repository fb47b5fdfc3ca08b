"""Coverage-guided fuzzing of the BSL reader for a stated time; a finding ends it with a traceback and a file."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]

with atheris.instrument_imports(include=["potok_onec"]):
    from potok_onec.bsl import (
        ModuleText,
        decode_module,
        describe_method,
        metrics,
        parse_module,
        queries,
        symbols,
        tokenize,
    )
    from potok_onec.bsl.kinds import DIRECTIVES, KEYWORDS, PUNCTUATION
    from potok_onec.bsl.query import parse_query
    from potok_onec.bsl.query.words import KEYWORDS as QUERY_KEYWORDS

_SEEDS = (
    'Процедура П(Знач А = -1) Экспорт\nЕсли А = 1 Тогда Б("ВЫБРАТЬ\n|1"); Иначе Возврат; КонецЕсли;\nКонецПроцедуры',
    "#Если Сервер Тогда\nЕсли А Тогда\n#Иначе\nЕсли Б Тогда\n#КонецЕсли\nКонецЕсли;\n#Вставка\n#КонецВставки",
    "&Перед(\"А\")\nАсинх Функция Ф(А, Б = 'x') Ждать В(); ~М: Перейти ~М; КонецФункции",
    "ВЫБРАТЬ Т.А КАК А ИЗ Р.О.Остатки(&Д, Т В (ВЫБРАТЬ 1)) КАК Т {ГДЕ Т.А.*} СГРУППИРОВАТЬ ПО Т.А ИТОГИ ПО ОБЩИЕ",
    "// Параметры:\n//  А - Строка, Число - имя\n//   * Б - Дата\n//    - Неопределено\n// Пример:\n//  Булево",
)


def check_module(data: bytes) -> None:
    source = decode_module(data)
    if not isinstance(source, ModuleText):
        assert source.message and source.message_ru
        return
    tokens = tokenize(source)
    assert source.encode(tokens.join()) == data
    module = parse_module(tokens)
    size = len(source.text)
    for node in module.walk():
        assert 0 <= node.start <= node.end <= size
    for error in module.errors:
        assert 0 <= error.offset <= size and error.message and error.message_ru
    for method in module.methods:
        metrics(method)
        describe_method(method.comment)
    symbols(module)
    for query in queries(module):
        for node in query.package.walk():
            assert query.start <= query.position(node.start).offset <= query.end


def check_query(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    parsed = parse_query("ВЫБРАТЬ " + text)
    assert all(0 <= node.start <= node.end <= len(text) + 8 for node in parsed.package.walk())


def check_description(data: bytes) -> None:
    describe_method(data.decode("utf-8", "replace"))


_TARGETS: dict[str, Callable[[bytes], None]] = {
    "module": check_module,
    "query": check_query,
    "description": check_description,
}


def write_dictionary(path: Path) -> None:
    """Keywords for the mutations: by chance alone bytes hardly ever spell one."""
    words = [*KEYWORDS, *PUNCTUATION, *QUERY_KEYWORDS, *(f"\n#{word} " for word in DIRECTIVES), '"\n|', "// ", " - "]
    entries = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words)
    path.write_text("".join(f'"{entry}"\n' for entry in entries), encoding="ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", choices=sorted(_TARGETS), default="module")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, help="keeps the inputs that reached something new")
    parser.add_argument("--findings", type=Path, default=Path(tempfile.gettempdir()))
    options = parser.parse_args()
    corpus = options.corpus or Path(tempfile.mkdtemp(prefix="fuzz-bsl-"))
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(_SEEDS):
        (corpus / f"seed-{number}").write_bytes(seed.encode())
    dictionary = Path(tempfile.mkdtemp(prefix="fuzz-bsl-")) / "keywords.dict"
    write_dictionary(dictionary)
    arguments = [
        sys.argv[0],
        str(corpus),
        f"-max_total_time={options.seconds}",
        f"-dict={dictionary}",
        "-max_len=4096",
        "-timeout=10",  # an input of 4 KB takes milliseconds: ten seconds are a hang
        f"-artifact_prefix={options.findings}/",
        "-print_final_stats=1",
    ]
    atheris.Setup(arguments, _TARGETS[options.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
