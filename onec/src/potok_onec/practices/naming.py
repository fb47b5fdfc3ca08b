"""What names of methods and parameters look like. Pure."""

import re
from typing import Final

_CAPITAL: Final = re.compile(r"[^\W\d_]\w*\Z")
# Underscores that the platform's and the library's own conventions ask for.
_ALLOWED_PREFIX: Final = re.compile(r"(?:Подключаемый|Attachable|Внутр|Тест|Test)_", re.IGNORECASE)
_LATIN: Final = re.compile(r"[A-Za-z]+")
_LOOKALIKES: Final = frozenset("aceopxyABCEHKMOPTX")


def is_method_name(name: str) -> bool:
    """Begins with a capital letter; an underscore only behind a prefix that is meant so."""
    rest = _ALLOWED_PREFIX.sub("", name)
    return bool(_CAPITAL.match(name)) and name[0].isupper() and "_" not in rest


def is_parameter_name(name: str) -> bool:
    return len(name) > 1 and name[0].isupper() and "_" not in name


def has_lookalikes(name: str) -> bool:
    """A Latin letter in a Cyrillic word that only looks Cyrillic: `Cправка` with a Latin C, but not `HTTPЗапрос`."""
    for match in _LATIN.finditer(name):
        before, after = name[: match.start()][-1:], name[match.end() :][:1]
        if not set(match[0]) <= _LOOKALIKES:
            continue
        if _is_small_cyrillic(after) or (match[0][0].islower() and _is_cyrillic(before)):
            return True
    return False


def _is_cyrillic(sign: str) -> bool:
    return bool(sign) and "Ѐ" <= sign <= "ӿ"


def _is_small_cyrillic(sign: str) -> bool:
    return _is_cyrillic(sign) and sign.islower()


def parameter_name(written: str) -> str:
    """`Знач Имя = 1` without what surrounds the name."""
    words = written.partition("=")[0].split()
    return words[-1] if words else ""
