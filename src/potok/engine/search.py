"""Finding names as people type them: parts, skipped letters, Cyrillic spelling, the wrong keyboard layout. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>"
_CYRILLIC_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбюЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ"
_TO_LATIN_LAYOUT = str.maketrans(_CYRILLIC_KEYS, _LATIN_KEYS)
_TO_CYRILLIC_LAYOUT = str.maketrans(_LATIN_KEYS, _CYRILLIC_KEYS)
_SPELLED = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
        "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
        "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu",
        "я": "ya",
    }
)  # fmt: skip
_BORDERS = "_-./ :"

EXACT, BEGINS, WORD, WITHIN, SCATTERED = range(5)


def spellings(query: str) -> list[str]:
    """What `query` may stand for, the likeliest first: as typed, in the other layout, in Latin letters."""
    typed = query.strip().casefold()
    found = [typed]
    if any("а" <= letter <= "я" or letter == "ё" for letter in typed):
        found += [query.strip().translate(_TO_LATIN_LAYOUT).casefold(), typed.translate(_SPELLED)]
    else:
        found.append(query.strip().translate(_TO_CYRILLIC_LAYOUT).casefold())
    return [*dict.fromkeys(one for one in found if one)]


def rank(needle: str, name: str) -> tuple[int, int] | None:
    """How well the casefolded `name` fits, smaller is better; None when it does not."""
    at = name.find(needle)
    if at == 0:
        return (EXACT if len(name) == len(needle) else BEGINS, len(name))
    if at > 0:
        place = name.find(needle)
        while place > 0:
            if name[place - 1] in _BORDERS:
                return (WORD, len(name))
            place = name.find(needle, place + 1)
        return (WITHIN, len(name))
    spread = _scattered(needle, name)
    return None if spread is None else (SCATTERED, spread)


def _scattered(needle: str, name: str) -> int | None:
    """The length of the part of `name` that holds the letters of `needle` in order, if it is not far longer."""
    if len(needle) < 2 or len(needle) > len(name):
        return None
    start = at = name.find(needle[0])
    if start < 0:
        return None
    for letter in needle[1:]:
        at = name.find(letter, at + 1)
        if at < 0:
            return None
    length = at - start + 1
    return length if length <= 4 * len(needle) else None


def best(query: str, names: Iterable[str], limit: int) -> list[str]:
    """The names that fit `query` best, at most `limit`."""
    wanted = spellings(query)
    ranked: list[tuple[int, int, int, str]] = []
    for name in names:
        found = best_rank(wanted, name.casefold())
        if found is not None:
            ranked.append((*found, name))
    ranked.sort()
    return [name for *_, name in ranked[:limit]]


def best_rank(wanted: Sequence[str], name: str) -> tuple[int, int, int] | None:
    """The best rank of the casefolded `name` over all spellings; a likelier spelling goes before a better place."""
    best_found: tuple[int, int, int] | None = None
    for order, needle in enumerate(wanted):
        found = rank(needle, name)
        if found is None:
            continue
        # letters that are merely scattered count less than a whole part in another spelling
        key = (found[0], order, found[1])
        if best_found is None or key < best_found:
            best_found = key
    return best_found
