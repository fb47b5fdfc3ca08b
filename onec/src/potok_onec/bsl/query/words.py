"""Tokens of 1C's query language; both keyword languages become one canonical English word."""

import re
from typing import Final

_KEYWORDS = """
select выбрать | allowed разрешенные | distinct различные | top первые | as как | into поместить | add добавить
from из | where где | group сгруппировать | by по on | grouping группирующим | sets наборам | having имеющие
order упорядочить | asc возр | desc убыв | hierarchy иерархия иерархии | autoorder автоупорядочивание
totals итоги | overall общие | only только | periods периодами | union объединить | all все
for для | update изменения | index индексировать | unique уникально | drop уничтожить
left левое | right правое | full полное | inner внутреннее | outer внешнее | join соединение
and и | or или | not не | in в | between между | is есть | null | like подобно | escape спецсимвол | refs ссылка
case выбор | when когда | then тогда | else иначе | end конец | cast выразить | value значение | type тип
true истина | false ложь | undefined неопределено | characteristics характеристики | emptytable пустаятаблица
"""
KEYWORDS: Final = {
    spelling: spellings.split()[0]
    for spellings in _KEYWORDS.replace("\n", "|").split("|")
    for spelling in spellings.split()
}
# Words that can't be a field or an alias without КАК: they open the next clause or continue an expression.
RESERVED: Final = frozenset(
    (
        *("select", "from", "where", "group", "having", "order", "totals", "union", "into", "index", "for", "drop"),
        *("left", "right", "full", "inner", "join", "by", "as", "and", "or", "not", "in", "between", "is", "like"),
        *("case", "when", "then", "else", "end", "autoorder", "asc", "desc", "hierarchy", "escape"),
    )
)

NAME: Final = "name"
NUMBER: Final = "number"
STRING: Final = "string"
PARAMETER: Final = "parameter"
UNKNOWN: Final = "unknown"
END: Final = "end of the query"

_ONLY_BEFORE_BY: Final = frozenset({"index", "order", "group"})

_TOKEN = re.compile(
    r"""
      (?P<trivia>(?:[\s\ufeff]++|//[^\r\n]*+)++)
    | (?P<name>(?:[^\W\d]|(?P<placeholder>\#\w|%\d|\[\w++\]|\$\w))(?:\w++|\#\w|%\d|\#|\[\w++\]|\$)*+)
    | (?P<number>\d++(?:\.\d++)?+)
    | (?P<string>"(?:[^"]++|"")*+"?+)
    | (?P<parameter>&[^\S\r\n]*+(?:\w++|%\d)++)
    | (?P<sign><>|<=|>=|[=<>+\-*/%().,;{}\[\]:?!~])
    | (?P<unknown>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Words:
    """Columns of the significant tokens: canonical `kinds`, `spellings` as written, offsets. END marks close them.

    A placeholder that code replaces before the query runs (`%1`, `#Таблица`, `[Имя]`, `$Имя$`) is read as a name.
    """

    __slots__ = ("ends", "has_placeholders", "kinds", "spellings", "starts")

    def __init__(self, text: str) -> None:
        self.has_placeholders = False
        self.kinds: list[str] = []
        self.spellings: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _TOKEN.finditer(text):
            group = match.lastgroup or UNKNOWN
            if group == "trivia":
                continue
            spelling = match.group()
            if group == NAME:
                self.has_placeholders = self.has_placeholders or not spelling.isidentifier()
                group = KEYWORDS.get(spelling.lower(), NAME)
            elif group == "sign":
                group = spelling
            elif group == STRING and spelling.count('"') % 2:
                group = UNKNOWN
            self._add(group, spelling, match.start(), match.end())
        self._free_names()
        for _ in range(3):
            self._add(END, "", len(text), len(text))

    def _free_names(self) -> None:
        """`Index`, `Order` and `Group` are keywords only before BY; English configurations have such fields."""
        kinds = self.kinds
        for position, kind in enumerate(kinds):
            if kind in _ONLY_BEFORE_BY and kinds[position + 1 : position + 2] != ["by"]:
                kinds[position] = NAME

    def _add(self, kind: str, spelling: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.spellings.append(spelling)
        self.starts.append(start)
        self.ends.append(end)
