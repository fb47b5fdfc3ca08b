"""What loops, attempts, transactions, privileged mode and calls tell, by the marks of a module. Pure."""

from typing import Final

from msgspec import Struct

from potok_onec.configuration import MetadataObject, Method, Module
from potok_onec.configuration.model import Mark, Reference
from potok_onec.practices.sight import Sight

COMMIT: Final = frozenset({"зафиксироватьтранзакцию", "committransaction"})
ROLLBACK: Final = frozenset({"отменитьтранзакцию", "rollbacktransaction"})
PRIVILEGED: Final = frozenset({"установитьпривилегированныйрежим", "setprivilegedmode"})
_RUN: Final = frozenset({"выполнить", "execute", "выполнитьпакет", "executebatch"})
_QUERY_NAMES: Final = ("запрос", "query")
_TELLING: Final = frozenset({
    "записьжурналарегистрации", "writelogevent", "описаниеошибки", "errordescription", "информацияобошибке",
    "errorinfo", "показатьинформациюобошибке", "showerrorinfo",
})  # fmt: skip
_LOG: Final = ("журналарегистрации", "журналрегистрации", "eventlog", "logevent")
_MODAL: Final = frozenset({
    "вопрос", "doquerybox", "предупреждение", "domessagebox", "ввестизначение", "inputvalue", "ввестичисло",
    "inputnumber", "ввестистроку", "inputstring", "ввестидату", "inputdate", "открытьформумодально", "openformmodal",
    "открытьзначение", "openvalue", "поместитьфайл", "putfile",
})  # fmt: skip
_DEPRECATED: Final = frozenset({"сообщить", "message", "найти", "find", "описаниеошибки", "errordescription"})
_DYNAMIC: Final = frozenset({"вычислить", "eval"})


class Blocks(Struct):
    """Of one module. `running` are methods that execute a query, `below` those that others of the module do it for;
    `looped` are calls that stand in a loop.
    """

    sights: list[Sight]
    running: set[str]
    below: set[str]
    looped: list[Reference]


def of_module(item: MetadataObject, module: Module) -> Blocks:
    return _Reader(item, module).read()


class _Reader:
    def __init__(self, item: MetadataObject, module: Module) -> None:
        self._item = item
        self._module = module
        self._marks: dict[str, list[Mark]] = {}
        for mark in module.marks:
            self._marks.setdefault(mark.method, []).append(mark)
        self._calls: dict[str, list[Reference]] = {}
        for reference in module.references:
            if reference.kind == "call":
                self._calls.setdefault(reference.method, []).append(reference)
        self._own = {method.name.lower() for method in module.methods}
        self._blocks = Blocks([], set(), set(), [])

    def read(self) -> Blocks:
        for method in self._module.methods:
            self._method(method)
        self._run_by_others()
        return self._blocks

    def _run_by_others(self) -> None:
        """Who calls a method of this module that executes a query may execute one, over however many methods."""
        callers: dict[str, set[str]] = {}
        for name, calls in self._calls.items():
            for call in calls:
                called = call.path.lower().removeprefix("этотобъект.").removeprefix("thisobject.")
                if called in self._own:
                    callers.setdefault(called, set()).add(name.lower())
        waiting = list(self._blocks.running)
        while waiting:
            fresh = callers.get(waiting.pop(), set()) - self._blocks.running - self._blocks.below
            self._blocks.below |= fresh
            waiting.extend(fresh)

    def _add(self, statistic: str, is_good: bool, line: int, method: str, weight: int = 1, detail: str = "") -> None:
        item = self._item
        self._blocks.sights.append(
            Sight(statistic, is_good, item.project, item.full_name, self._module.file, line, method, weight, detail)
        )

    def _method(self, method: Method) -> None:
        name = method.name
        marks, calls = self._marks.get(name, []), self._calls.get(name, [])
        self._errors(name, marks, calls)
        self._transactions(name, marks, calls)
        self._queries(name, marks, calls)
        self._privileged(name, method.end_line, marks, calls)
        self._words(name, method.line, marks, calls)

    def _errors(self, name: str, marks: list[Mark], calls: list[Reference]) -> None:
        for mark in _of("handler", marks):
            size = mark.end_line - mark.line
            self._add("handlers_not_empty", mark.detail != "empty", mark.line, name, size)
            told = mark.detail == "raises" or any(_tells(call) for call in _inside(calls, [mark]))
            self._add("errors_not_lost", told, mark.line, name, size)

    def _transactions(self, name: str, marks: list[Mark], calls: list[Reference]) -> None:
        begins = _of("begin", marks)
        commits = [call for call in calls if call.path.lower() in COMMIT]
        rollbacks = [call for call in calls if call.path.lower() in ROLLBACK]
        for mark in begins:
            self._add("transactions_guarded", mark.detail == "guarded", mark.line, name, 1, mark.detail)
            attempts = [each for each in _of("try", marks) if each.end_line >= mark.line]
            self._add("transactions_with_attempt", bool(attempts), mark.line, name)
        places = [mark.line for mark in begins] + [call.line for call in (*commits, *rollbacks)]
        if places:
            is_paired = bool(begins) and bool(commits) and bool(rollbacks)
            self._add("transactions_paired", is_paired, min(places), name, len(places))
        for statistic, found, kind in (
            ("commits_in_attempt", commits, "try"),
            ("rollbacks_in_handler", rollbacks, "handler"),
        ):
            inside = {id(call) for call in _inside(found, _of(kind, marks))}
            for call in found:
                self._add(statistic, id(call) in inside, call.line, name)

    def _queries(self, name: str, marks: list[Mark], calls: list[Reference]) -> None:
        variables = {mark.detail.lower() for mark in _of("query", marks)}
        looped = {id(call): call for call in _inside(calls, _of("loop", marks))}
        for call in calls:
            if _runs_query(call, variables):
                self._blocks.running.add(name.lower())
                self._add("queries_outside_loops", id(call) not in looped, call.line, name, 1, call.path)
        self._blocks.looped.extend(looped.values())

    def _privileged(self, name: str, end_line: int, marks: list[Mark], calls: list[Reference]) -> None:
        """The platform takes the mode back at the end of the method that switched it on, and of no other."""
        switches = _of("privileged", marks)
        for at, mark in enumerate(switches):
            if mark.detail == "on":
                ends = [later.line for later in switches[at + 1 :] if later.detail != "on"]
                until = ends[0] if ends else end_line
                under = sum(mark.line < call.line < until and call.path.lower() not in PRIVILEGED for call in calls)
                self._add("privileged_mode_reset", bool(ends), mark.line, name, under, str(under))
            elif mark.detail == "off":
                is_own = any(earlier.detail != "off" for earlier in switches[:at])
                self._add("privileged_mode_own", is_own, mark.line, name)

    def _words(self, name: str, line: int, marks: list[Mark], calls: list[Reference]) -> None:
        """Calls of the global context; a method of the module of the same name is meant first."""
        for statistic, words in (("without_modal_calls", _MODAL), ("without_deprecated_calls", _DEPRECATED)):
            found = [call for call in calls if call.path.lower() in words and call.path.lower() not in self._own]
            where = found[0].line if found else line
            self._add(statistic, not found, where, name, len(found), found[0].path if found else "")
        jumps = _of("goto", marks)
        self._add("without_goto", not jumps, jumps[0].line if jumps else line, name, len(jumps))
        lines = [mark.line for mark in _of("execute", marks)]
        lines += [call.line for call in calls if call.path.lower() in _DYNAMIC]
        self._add("without_dynamic_code", not lines, min(lines, default=line), name, len(lines))


def _of(kind: str, marks: list[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.kind == kind]


def _inside(calls: list[Reference], marks: list[Mark]) -> list[Reference]:
    return [
        call
        for call in calls
        if any((m.line, m.column) <= (call.line, call.column) < (m.end_line, m.end_column) for m in marks)
    ]


def _tells(call: Reference) -> bool:
    path = call.path.lower()
    return path in _TELLING or any(word in path for word in _LOG)


def _runs_query(call: Reference, variables: set[str]) -> bool:
    receiver, _, method = call.path.lower().rpartition(".")
    return method in _RUN and bool(receiver) and (receiver in variables or receiver.startswith(_QUERY_NAMES))
