"""Takes secrets and personal data out of string literals and comments; everything else stays byte for byte. Pure.

What is found gives its place to a word in angle brackets that has no quote and no line break, so the tokens of the code
stay the same in number and kind.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from potok_onec.bsl import TokenKind

K: Final = TokenKind

_SECRET: Final = r"(?:парол|passw|pwd|секрет|secret|токен|token|apikey|api_key|ключдоступа|accesskey|privatekey)"
# `ПарольПользователя`, `SMTPPassword`, but not `ПодсказкаДляПароля`, which holds a text for people.
_PASSWORD_NAME: Final = re.compile(
    r"(?:пароль|password|passwd|pwd)\w*\Z|\w*(?:пароль|password|passwd|pwd)\Z", re.IGNORECASE
)
_KEY_NAME: Final = re.compile(
    r"(?:секрет|secret|токен|token|apikey|api_key|ключдоступа|accesskey|privatekey)\w*\Z"
    r"|\w*(?:секрет|secret|токен|token|apikey|api_key|ключдоступа|accesskey|privatekey)\Z",
    re.IGNORECASE,
)
_SECRET_INSIDE: Final = re.compile(_SECRET, re.IGNORECASE)
_CYRILLIC: Final = re.compile(r"[а-яё]", re.IGNORECASE)
# Cheap: whether it is worth while to look at the tokens at all.
_WORTH: Final = re.compile(
    r"@|:/|:\\|\\\\|парол|passw|pwd|секрет|secret|токен|token|ключ|key|bearer|basic |eyj|akia|/home/"
    r"|(?<!\d)(?:10|172|192)\.\d|\+\d|(?<!\d)8[ (-]*[(9]|\d\d-\d\d|[а-яё] [А-ЯЁ]\. ?[А-ЯЁ]\."
    r"|вич|вн[аеуы]|ул\.|улица|проспект|пр-т|пер\.|переулок",
    re.IGNORECASE,
)

_Rule = tuple[str, re.Pattern[str], Callable[[re.Match[str]], str]]


def _whole(word: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"<{word}>"


def _value(word: str) -> Callable[[re.Match[str]], str]:
    """Only the group `value` goes."""

    def replaced(match: re.Match[str]) -> str:
        value = match["value"]
        if not _looks_secret(value):
            return match[0]
        start, end = match.span("value")
        whole = match[0]
        return f"{whole[: start - match.start()]}<{word}>{whole[end - match.start() :]}"

    return replaced


def _connection(match: re.Match[str]) -> str:
    name = next(group for group in ("quoted", "single", "plain") if match[group] is not None)
    value = match[name]
    if name == "plain" and not _looks_secret(value):
        return match[0]
    if _is_placeholder(value):
        return match[0]
    start, end = match.span(name)
    return f"{match[0][: start - match.start()]}<secret>{match[0][end - match.start() :]}"


def _looks_secret(value: str) -> bool:
    """Not a word for people, a name of a secret, a place to fill in or an expression."""
    if len(value) < 4 or not value.isprintable() or " " in value or '"' in value or _is_placeholder(value):
        return False
    if _SECRET_INSIDE.search(value):
        return any(sign.isdigit() for sign in value)
    return any(sign.isdigit() or (sign.isascii() and sign.isalpha()) for sign in value) and value.lower() not in _WORDS


def _is_placeholder(value: str) -> bool:
    return value[0] in "%<{[$&*#?" or not value.strip("*.x•_-")


def _unless_pattern(word: str) -> Callable[[re.Match[str]], str]:
    """`+7(999) 999-99-99` and `Фамилия И. О.` show what to write, they are nobody's."""

    def replaced(match: re.Match[str]) -> str:
        digits = {sign for sign in match[0][2:] if sign.isdigit()}
        is_pattern = len(digits) == 1 or match[0].startswith("Фамилия ")
        return match[0] if is_pattern else f"<{word}>"

    return replaced


_WORDS: Final = frozenset({"true", "false", "null", "none", "undefined", "string", "number", "basic", "bearer"})


# Order matters: what is more exact comes first. Names are those of the counts that are reported.
_RULES: Final[tuple[_Rule, ...]] = (
    (
        "private_key",
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[^\"]*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=[\r\n\"]|\Z))"),
        _whole("private_key"),
    ),
    (
        "token",
        re.compile(
            r"\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{35}"
            r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}|sk-[A-Za-z0-9]{32,})"
        ),
        _whole("token"),
    ),
    ("token", re.compile(r"\b(?:Bearer|Basic)\s+(?P<value>[A-Za-z0-9+/=._~-]{12,})", re.IGNORECASE), _value("token")),
    ("password", re.compile(r"://[^\s/:@\"<>]+:(?P<value>[^\s/@\"<>%]+)@"), _value("password")),
    (
        "connection",
        re.compile(
            r"(?:\b|(?<=_))(?:pwd|password|passwd|пароль|usr|uid|user id)\s*=\s*"
            r"(?:\"\"(?P<quoted>[^\"\r\n]+)\"\"|'(?P<single>[^'\r\n\"]+)'|(?P<plain>[^\s;\"',)]+))",
            re.IGNORECASE,
        ),
        _connection,
    ),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}"), _whole("email")),
    (
        "phone",
        re.compile(
            r"(?<![\w.+-])(?:\+\d{1,3}|8)[ -]?(?:\(\d{3,5}\)|\d{3,4})[ -]?\d{2,3}[ -]\d{2}[ -]?\d{2}(?![\d-])"
            r"|(?<![\w+])\+7\d{10}(?!\d)|(?<![\w.-])89\d{9}(?![\d.-])"
        ),
        _unless_pattern("phone"),
    ),
    (
        "private_address",
        re.compile(
            r"(?<![\d.])(?:10(?:\.\d{1,3}){3}|192\.168(?:\.\d{1,3}){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d{1,3}){2})(?![\d.])"
        ),
        _whole("address"),
    ),
    ("home_folder", re.compile(r"(?<=:\\Users\\)[^\\\s\"<>%]+|(?<=/home/)[^/\s\"<>%]+", re.IGNORECASE), _whole("user")),
    (
        "postal_address",
        re.compile(r"(?:ул\.|улица|проспект|пр-т|переулок|пер\.)\s*[А-ЯЁ][\w .-]{2,40}?,\s*(?:д\.|дом)\s*№?\s*\d+\w?"),
        _whole("address"),
    ),
    ("insurance_number", re.compile(r"(?<![\d-])\d{3}-\d{3}-\d{3}[ -]\d{2}(?![\d-])"), _unless_pattern("number")),
    (
        "person",
        re.compile(
            r"\b[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)? (?:[А-ЯЁ]\. ?[А-ЯЁ]\.|"
            r"[А-ЯЁ][а-яё]+ [А-ЯЁ][а-яё]+(?:вич|вича|вичу|вна|вны|вне))(?!\w)"
        ),
        _unless_pattern("person"),
    ),
)
KINDS: Final = tuple(dict.fromkeys(name for name, _, _ in _RULES))


def scrub_text(text: str, found: list[str]) -> str:
    """A text without code: a description, a comment, the content of a literal. Kinds found are added to `found`."""
    if not _WORTH.search(text):
        return text
    for name, pattern, replacement in _RULES:
        fresh = pattern.sub(replacement, text)
        if fresh != text:
            found.extend([name] * max(1, fresh.count("<") - text.count("<")))
            text = fresh
    return text


def scrub(kinds: Sequence[int], spellings: Sequence[str], found: list[str]) -> list[str]:
    """The same tokens with strings and comments scrubbed."""
    scrubbed = list(spellings)
    if not _WORTH.search("".join(spellings)):
        return scrubbed
    significant: list[int] = []
    for at, kind in enumerate(kinds):
        if kind == K.COMMENT:
            scrubbed[at] = scrub_text(spellings[at], found)
        elif kind in (K.STRING, K.OPEN_STRING):
            scrubbed[at] = _literal(at, kinds, spellings, significant, found)
        if kind >= K.IDENTIFIER:
            significant.append(at)
    return scrubbed


def _literal(at: int, kinds: Sequence[int], spellings: Sequence[str], significant: list[int], found: list[str]) -> str:
    spelling = spellings[at]
    content = spelling[1:-1] if kinds[at] == K.STRING else ""
    if content and _is_secret_of(_named(kinds, spellings, significant[-4:]), content):
        found.append("password")
        return '"<secret>"'
    return scrub_text(spelling, found)


def _named(kinds: Sequence[int], spellings: Sequence[str], before: list[int]) -> str:
    """What the literal behind these tokens is called: `Пароль = "…"`, `Настройки.Вставить("Пароль", "…")`."""
    if len(before) >= 2 and kinds[before[-1]] == K.EQUAL and kinds[before[-2]] == K.IDENTIFIER:
        return spellings[before[-2]]
    if len(before) == 4:
        called, opened, key, comma = before
        is_call = kinds[called] == K.IDENTIFIER and kinds[opened] == K.OPEN_PARENTHESIS
        if is_call and kinds[key] == K.STRING and kinds[comma] == K.COMMA:
            return spellings[key][1:-1]
    return ""


def _is_secret_of(name: str, value: str) -> bool:
    """Under such a name a word of letters may be a password; a key has digits. Both are written in Latin letters:
    a Cyrillic one is the name of a place to keep it in, unless somebody took `Пароль1` for safe.
    """
    if not name or value[0] == "/" or not _looks_secret(value):
        return False
    has_digit = any(sign.isdigit() for sign in value)
    if _CYRILLIC.search(value):
        return has_digit and _SECRET_INSIDE.search(value) is not None and _PASSWORD_NAME.match(name) is not None
    return _PASSWORD_NAME.match(name) is not None or (has_digit and _KEY_NAME.match(name) is not None)
