"""The pure parts: bodies, duplicates, splits, scrubbing, origin."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from potok_onec.bsl import tokenize
from potok_onec.dataset.lexemes import Fragment, Ids, fragment
from potok_onec.dataset.origin import licence_of, origin_of
from potok_onec.dataset.row import Split
from potok_onec.dataset.scrubbing import scrub, scrub_text
from potok_onec.dataset.similarity import Groups, Sketches, similarity, sketch
from potok_onec.dataset.splitting import split_of_module, splits


def _fragment(text: str) -> Fragment:
    return fragment(tokenize(text), 0, len(text))


def test_a_body_is_what_stands_between_header_and_end() -> None:
    one = _fragment('&Перед("А")\nФункция А(Б = "(", В)\tЭкспорт // зачем\n\tВозврат  1; // так\nКонецФункции')
    two = _fragment("Function Другая()\nВозврат 1;\nEndFunction")
    assert one.plain_body == two.plain_body == "Возврат 1;"
    assert one.compared() == two.compared() == ["возврат", "1", ";"]


def _ids(text: str) -> list[int]:
    return Ids().of([spelling.lower() for spelling in text.split()])


def test_alike_bodies_are_found_and_others_are_not() -> None:
    words = [f"слово{number}" for number in range(300)]
    changed = [*words[:150], "другое", *words[151:]]
    other = [f"иное{number}" for number in range(300)]
    sketches = Sketches()
    for at, each in enumerate((words, other, changed)):
        values = sketch(_ids(" ".join(each)))
        assert values is not None
        sketches.add(at, values)
    groups = Groups(3)
    sketches.join_similar(groups)
    assert [groups.find(at) for at in range(3)] == [0, 1, 0]
    assert sketch(_ids("а б в г д")) is None


def test_small_sketches_estimate_as_well_as_big_ones() -> None:
    for size in (40, 120, 1000):
        one, two = (sketch(list(range(start * 1000, (start * 1000) + size))) for start in (1, 2))
        same = sketch(list(range(1000, 1000 + size)))
        assert one is not None
        assert two is not None
        assert same is not None
        assert similarity(one, two) < 0.2
        assert similarity(one, same) == 1.0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=60))
def test_no_group_and_no_module_is_in_two_splits(methods: list[tuple[int, int]]) -> None:
    modules: list[Split] = [split_of_module(f"CommonModule.М{module}") for module, _ in methods]
    placed = splits(modules, [group for _, group in methods])
    for group in range(11):
        assert len({split for split, (_, own) in zip(placed, methods, strict=True) if own == group} - {"none"}) <= 1
    assert all(split in (own, "none") for split, own in zip(placed, modules, strict=True))


def _scrubbed(text: str) -> tuple[str, list[str]]:
    tokens = tokenize(text)
    found: list[str] = []
    return "".join(scrub(tokens.kinds, tokens.spellings, found)), found


def test_secrets_and_personal_data_go() -> None:
    text = (
        'Пароль = "qwerty12"; С.Вставить("Token", "a1b2c3d4"); // писать ivan@corp.ru, +7 (495) 123-45-67\n'
        'А = "Srvr=""s"";Usr=""admin"";Pwd=""тайна"""; Б = "https://u:p4ss@host/x"; В = "192.168.0.7";'
    )
    scrubbed, found = _scrubbed(text)
    for secret in ("qwerty12", "a1b2c3d4", "ivan@", "123-45-67", "admin", "тайна", "p4ss", "192.168"):
        assert secret not in scrubbed
    assert sorted(set(found)) == ["connection", "email", "password", "phone", "private_address"]


@pytest.mark.parametrize(
    "text",
    [
        'Password = "letmein";',
        'Настройки.Вставить("SMTPПароль", "Qwerty!23");',
        'С = Новый Структура("ClientSecret", "9f8a77b0");',
        'Пароль = "Пароль1";',
    ],
)
def test_a_literal_under_the_name_of_a_secret_goes(text: str) -> None:
    scrubbed, found = _scrubbed(text)
    assert '"<secret>"' in scrubbed
    assert found == ["password"]


@pytest.mark.parametrize(
    "text",
    [
        'Соответствие.Вставить("КлючДоступа", "КлючДоступаПользователей");',
        'Разделы.Вставить("Пароль", "Раздел1");',
        'Адреса.Вставить("АктивироватьПароль", "/api/v1/ActivatePassword?id=%1");',
        'Имя = ?(Условие, "authorizationtoken", "authorization");',
        'С = Новый Структура("type, value_type, value", "token", "fingerprint", Отпечаток);',
        'С.Вставить("token_type", "Bearer"); С.Вставить("PrivateKeyAccess", "ДоступККлючу:0");',
        'Маска = "+7(999) 999-99-99"; Подсказка = "Фамилия И. О."; Номер = "999-999-999 99";',
    ],
)
def test_names_paths_and_patterns_stay(text: str) -> None:
    assert _scrubbed(text) == (text, [])


def test_names_of_secrets_versions_and_code_stay() -> None:
    text = (
        'Пароль = "Введите пароль"; Имя = "Пароль"; Версия = "8.3.27.1234"; Если Пароль = ДругойПароль Тогда КонецЕсли;'
    )
    assert _scrubbed(text) == (text, [])
    assert scrub_text("ГДЕ Т.Пароль = &Пароль", []) == "ГДЕ Т.Пароль = &Пароль"


@given(st.lists(st.sampled_from(['"', '""', "a@b.ru", "Пароль=", "x1y2", "\n|", "//", " ", "+7 (495) 123-45-67", "А"])))
def test_the_shape_of_the_code_stays(parts: list[str]) -> None:
    text = "".join(parts)
    assert list(tokenize(_scrubbed(text)[0]).kinds) == list(tokenize(text).kinds)


def test_origin_is_read_from_the_checkout(tmp_path: Path) -> None:
    git = tmp_path / ".git"
    (git / "refs").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "packed-refs").write_text(f"# pack-refs\n{'a' * 40} refs/heads/main\n")
    (git / "config").write_text('[remote "origin"]\n\turl = https://me:secret@example.org/team/base.git\n')
    (tmp_path / "LICENSE").write_text("Apache License\nVersion 2.0, January 2004")
    (tmp_path / "src").mkdir()
    origin = origin_of(tmp_path / "src")
    assert origin.source == "https://example.org/team/base.git"
    assert (origin.commit, origin.licence, origin.licence_from) == ("a" * 40, "Apache-2.0", "LICENSE")
    assert origin_of(tmp_path / "src", licence="own").licence == "own"
    assert licence_of("Attribution 4.0 International") == "CC-BY-4.0"
