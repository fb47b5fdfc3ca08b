"""The kinds of BSL tokens, plain integers because the parser compares them millions of times, and the keywords."""

from typing import Final


class TokenKind:
    """Everything below IDENTIFIER is trivia for the grammar; keywords start at IF."""

    WHITESPACE: Final = 0
    COMMENT: Final = 1
    REGION: Final = 2
    END_REGION: Final = 3
    USE: Final = 4
    SHEBANG: Final = 5

    IDENTIFIER: Final = 10
    NUMBER: Final = 11
    STRING: Final = 12
    DATE: Final = 13
    ANNOTATION: Final = 14
    LABEL: Final = 15

    OPEN_STRING: Final = 20
    OPEN_DATE: Final = 21
    UNKNOWN: Final = 22
    UNKNOWN_DIRECTIVE: Final = 23
    END_OF_FILE: Final = 24

    PRE_IF: Final = 30
    PRE_ELSIF: Final = 31
    PRE_ELSE: Final = 32
    PRE_END_IF: Final = 33
    PRE_INSERT: Final = 34
    PRE_END_INSERT: Final = 35
    PRE_DELETE: Final = 36
    PRE_END_DELETE: Final = 37

    SEMICOLON: Final = 40
    COMMA: Final = 41
    DOT: Final = 42
    OPEN_PARENTHESIS: Final = 43
    CLOSE_PARENTHESIS: Final = 44
    OPEN_BRACKET: Final = 45
    CLOSE_BRACKET: Final = 46
    COLON: Final = 47
    QUESTION: Final = 48
    PLUS: Final = 50
    MINUS: Final = 51
    STAR: Final = 52
    SLASH: Final = 53
    PERCENT: Final = 54
    EQUAL: Final = 55
    NOT_EQUAL: Final = 56
    LESS: Final = 57
    GREATER: Final = 58
    LESS_EQUAL: Final = 59
    GREATER_EQUAL: Final = 60

    IF: Final = 70
    THEN: Final = 71
    ELSIF: Final = 72
    ELSE: Final = 73
    END_IF: Final = 74
    FOR: Final = 75
    EACH: Final = 76
    IN: Final = 77
    TO: Final = 78
    WHILE: Final = 79
    DO: Final = 80
    END_DO: Final = 81
    PROCEDURE: Final = 82
    FUNCTION: Final = 83
    END_PROCEDURE: Final = 84
    END_FUNCTION: Final = 85
    VAR: Final = 86
    GOTO: Final = 87
    RETURN: Final = 88
    CONTINUE: Final = 89
    BREAK: Final = 90
    AND: Final = 91
    OR: Final = 92
    NOT: Final = 93
    TRY: Final = 94
    EXCEPT: Final = 95
    RAISE: Final = 96
    END_TRY: Final = 97
    NEW: Final = 98
    EXECUTE: Final = 99
    EXPORT: Final = 100
    VAL: Final = 101
    TRUE: Final = 102
    FALSE: Final = 103
    UNDEFINED: Final = 104
    NULL: Final = 105
    ADD_HANDLER: Final = 106
    REMOVE_HANDLER: Final = 107
    ASYNC: Final = 108
    AWAIT: Final = 109


FIRST_SIGNIFICANT: Final = TokenKind.IDENTIFIER
FIRST_KEYWORD: Final = TokenKind.IF
KIND_COUNT: Final = 110

KIND_NAMES: Final = {value: name for name, value in vars(TokenKind).items() if name.isupper()}

_KEYWORDS = """
IF если if | THEN тогда then | ELSIF иначеесли elsif | ELSE иначе else | END_IF конецесли endif
FOR для for | EACH каждого each | IN из in | TO по to | WHILE пока while | DO цикл do | END_DO конеццикла enddo
PROCEDURE процедура procedure | FUNCTION функция function
END_PROCEDURE конецпроцедуры endprocedure | END_FUNCTION конецфункции endfunction
VAR перем var | GOTO перейти goto | RETURN возврат return | CONTINUE продолжить continue | BREAK прервать break
AND и and | OR или or | NOT не not
TRY попытка try | EXCEPT исключение except | RAISE вызватьисключение raise | END_TRY конецпопытки endtry
NEW новый new | EXECUTE выполнить execute | EXPORT экспорт export | VAL знач val
TRUE истина true | FALSE ложь false | UNDEFINED неопределено undefined | NULL null
ADD_HANDLER добавитьобработчик addhandler | REMOVE_HANDLER удалитьобработчик removehandler
ASYNC асинх async | AWAIT ждать await
"""
_DIRECTIVES = """
PRE_IF если if | PRE_ELSIF иначеесли elsif | PRE_ELSE иначе else | PRE_END_IF конецесли endif
REGION область region | END_REGION конецобласти endregion
PRE_INSERT вставка insert | PRE_END_INSERT конецвставки endinsert
PRE_DELETE удаление delete | PRE_END_DELETE конецудаления enddelete
USE использовать use | SHEBANG native
"""


def _table(source: str) -> dict[str, int]:
    table: dict[str, int] = {}
    for row in source.replace("|", "\n").split("\n"):
        name, *spellings = row.split() or [""]
        for spelling in spellings:
            table[spelling] = getattr(TokenKind, name)
    return table


KEYWORDS: Final = _table(_KEYWORDS)
DIRECTIVES: Final = _table(_DIRECTIVES)
PUNCTUATION: Final = {
    ";": TokenKind.SEMICOLON,
    ",": TokenKind.COMMA,
    ".": TokenKind.DOT,
    "(": TokenKind.OPEN_PARENTHESIS,
    ")": TokenKind.CLOSE_PARENTHESIS,
    "[": TokenKind.OPEN_BRACKET,
    "]": TokenKind.CLOSE_BRACKET,
    ":": TokenKind.COLON,
    "?": TokenKind.QUESTION,
    "+": TokenKind.PLUS,
    "-": TokenKind.MINUS,
    "*": TokenKind.STAR,
    "/": TokenKind.SLASH,
    "%": TokenKind.PERCENT,
    "=": TokenKind.EQUAL,
    "<>": TokenKind.NOT_EQUAL,
    "<": TokenKind.LESS,
    ">": TokenKind.GREATER,
    "<=": TokenKind.LESS_EQUAL,
    ">=": TokenKind.GREATER_EQUAL,
}
