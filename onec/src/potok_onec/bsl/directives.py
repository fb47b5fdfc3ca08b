"""Preprocessor groups of a module: which #Если belongs to which #КонецЕсли, and which arm a platform compiles."""

import re
from dataclasses import dataclass, field

from potok_onec.bsl.kinds import TokenKind
from potok_onec.bsl.tree import Condition

_K = TokenKind
FIRST_DIRECTIVE = _K.PRE_IF
LAST_DIRECTIVE = _K.PRE_END_DELETE
_OPENERS: dict[int, Condition] = {_K.PRE_IF: "if", _K.PRE_INSERT: "insert", _K.PRE_DELETE: "delete"}
_CLOSERS: dict[int, Condition] = {_K.PRE_END_IF: "if", _K.PRE_END_INSERT: "insert", _K.PRE_END_DELETE: "delete"}


@dataclass(slots=True, eq=False)
class Group:
    """`marks` are positions of the directives in the token list; arm k lies between marks k and k + 1."""

    kind: Condition
    marks: list[int] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    has_else: bool = False

    @property
    def arms(self) -> int:
        return len(self.marks) - 1


_SERVER = ("сервер", "server")
_CLIENT = ("клиент", "client")
# What one compilation of a module sees. The last element tells whether an extension's #Вставка and #Удаление apply.
_TARGETS: tuple[tuple[str, ...], ...] = (
    _SERVER,
    (*_CLIENT, "тонкийклиент", "thinclient", "наклиенте", "atclient"),
    (*_CLIENT, "вебклиент", "webclient", "наклиенте", "atclient"),
    (*_CLIENT, "толстыйклиентуправляемоеприложение", "thickclientmanagedapplication", "наклиенте", "atclient"),
    (*_CLIENT, *_SERVER, "толстыйклиентобычноеприложение", "thickclientordinaryapplication"),
    (*_CLIENT, "мобильныйклиент", "mobileclient", "наклиенте", "atclient"),
    (*_CLIENT, "мобильноеприложениеклиент", "mobileappclient"),
    (*_SERVER, "мобильноеприложениесервер", "mobileappserver"),
    ("внешнеесоединение", "externalconnection"),
    (),
)
_THEN = ("тогда", "then")
_ARMS_MAX = 16  # each costs a reading of the module
_WORDS = re.compile(r"\w+|[()]|\S")
_COMMENT = re.compile(r"//.*\Z", re.DOTALL)
_OPERATORS = {"и": "and", "and": "and", "или": "or", "or": "or", "не": "not", "not": "not", "(": "(", ")": ")"}
_CONDITION_WORDS_MAX = 60  # bounds the recursion below


def condition_text(directive: str) -> str:
    """`Сервер И Не Клиент` of `#Если Сервер И Не Клиент Тогда // …`."""
    words = _WORDS.findall(_COMMENT.sub("", directive))[2:]
    if words and words[-1].lower() in _THEN:
        words.pop()
    return " ".join(words)


def is_readable(directive: str) -> bool:
    body = _COMMENT.sub("", directive).rstrip().lower()
    return body.endswith(_THEN) and holds(condition_text(directive), ()) is not None


def group_directives(kinds: list[int], spellings: list[str]) -> tuple[dict[int, Group], list[int]]:
    """Directive position to its group, and the positions of directives that close nothing or are not closed."""
    groups: dict[int, Group] = {}
    stray: list[int] = []
    stack: list[Group] = []
    for position, kind in enumerate(kinds):
        if kind < FIRST_DIRECTIVE or kind > LAST_DIRECTIVE:
            continue
        if kind in _OPENERS:
            stack.append(Group(_OPENERS[kind]))
        elif not stack or stack[-1].kind != _CLOSERS.get(kind, "if"):
            stray.append(position)
            continue
        group = stack[-1]
        group.marks.append(position)
        groups[position] = group
        if kind in _CLOSERS:
            stack.pop()
        else:
            group.has_else = kind == _K.PRE_ELSE
            group.conditions.append(condition_text(spellings[position]) if kind in (_K.PRE_IF, _K.PRE_ELSIF) else "")
    for group in stack:
        stray.append(group.marks[0])
        for position in group.marks:
            del groups[position]
    return groups, stray


def selections(groups: list[Group]) -> list[tuple[list[int], bool]]:
    """Which arm of each group to read: once per distinct compilation (True), then until every arm was read (False).

    An arm number past the last one selects nothing (an #Если without #Иначе that doesn't hold).
    """
    chosen: dict[tuple[int, ...], bool] = {}
    for target in _TARGETS:
        chosen.setdefault(tuple(_arm(group, target, changed=True) for group in groups), True)
    chosen.setdefault(tuple(_arm(group, _SERVER, changed=False) for group in groups), True)
    for arm in range(min(max(group.arms for group in groups), _ARMS_MAX)):
        chosen.setdefault(tuple(min(arm, group.arms - 1) for group in groups), False)
    return [(list(selection), compiled) for selection, compiled in chosen.items()]


def _arm(group: Group, target: tuple[str, ...], *, changed: bool) -> int:
    if group.kind != "if":
        return 0 if (group.kind == "insert") == changed else group.arms
    for arm, condition in enumerate(group.conditions):
        if (group.has_else and arm == group.arms - 1) or holds(condition, target):
            return arm
    return group.arms


def holds(condition: str, target: tuple[str, ...]) -> bool | None:
    """The condition's value for a compilation target; None when it is no condition."""
    words = _WORDS.findall(condition.lower())
    if not words or len(words) > _CONDITION_WORDS_MAX:
        return None
    words.reverse()
    try:
        value = _disjunction(words, target)
    except (IndexError, ValueError):
        return None
    return None if words else value


def _disjunction(words: list[str], target: tuple[str, ...]) -> bool:
    value = _conjunction(words, target)
    while words and _OPERATORS.get(words[-1]) == "or":
        words.pop()
        value = _conjunction(words, target) or value
    return value


def _conjunction(words: list[str], target: tuple[str, ...]) -> bool:
    value = _negation(words, target)
    while words and _OPERATORS.get(words[-1]) == "and":
        words.pop()
        value = _negation(words, target) and value
    return value


def _negation(words: list[str], target: tuple[str, ...]) -> bool:
    word = words.pop()
    operator = _OPERATORS.get(word)
    if operator == "not":
        return not _negation(words, target)
    if operator == "(":
        value = _disjunction(words, target)
        if words.pop() != ")":
            raise ValueError(word)
        return value
    if operator is not None or not word.isidentifier():
        raise ValueError(word)
    return word in target
