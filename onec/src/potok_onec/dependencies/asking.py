"""An index that notes what it is asked, so that edges hold for as long as the answers are the same.

Of another module only the methods that were asked for count: many objects call a module that gets one method more.
"""

from collections.abc import Callable
from typing import Any

from msgspec import msgpack
from msgspec.structs import replace

from potok_onec.dependencies.index import CodeModule, Index
from potok_onec.pipeline.questions import Question, Questions


class AskedIndex(Index):
    """Answers as the index behind it does. A question is the name of a method of it, then the arguments."""

    def __init__(self, index: Index) -> None:
        self.__dict__.update(vars(index))
        self.questions = Questions(self._answer)
        self._asked = self.questions.noted
        self._watched: dict[int, CodeModule] = {}
        self._rules: dict[str, Callable[..., object]] = {
            "object": index.object,
            "common_modules": index.common_modules,
            "manager_modules": index.manager_modules,
            "global_methods": index.global_methods,
            "module": index.module,
            "place": index.place,
            "is_own_name": index.is_own_name,
            "sees": index.sees,
        }
        self._own = index.module

    def _answer(self, rule: str, *arguments: str) -> bytes:
        try:
            if rule == "methods":
                module = self._own(*arguments[:2])
                return msgpack.encode(module.methods.get(arguments[2]) if module is not None else None)
            return _told(self._rules[rule](*arguments))
        except KeyError:
            # the base of an extension is there no more
            return b"no such project"

    def _watch(self, module: CodeModule) -> CodeModule:
        known = self._watched.get(id(module))
        if known is None:
            methods = _Methods(module, self._asked)
            known = self._watched[id(module)] = replace(module, methods=methods)
        return known

    def object(self, project: str, path: str) -> tuple[str, str] | None:
        self._asked["object", project, path] = None
        return super().object(project, path)

    def common_modules(self, project: str, name: str) -> list[CodeModule]:
        self._asked["common_modules", project, name] = None
        return [self._watch(module) for module in super().common_modules(project, name)]

    def manager_modules(self, project: str, full_name: str) -> list[CodeModule]:
        self._asked["manager_modules", project, full_name] = None
        return [self._watch(module) for module in super().manager_modules(project, full_name)]

    def global_methods(self, project: str, name: str) -> list[CodeModule]:
        self._asked["global_methods", project, name] = None
        return [self._watch(module) for module in super().global_methods(project, name)]

    def module(self, project: str, file: str) -> CodeModule | None:
        self._asked["module", project, file] = None
        return super().module(project, file)

    def place(self, project: str, item: str, owner: str, *kinds: str) -> list[CodeModule]:
        self._asked["place", project, item, owner, *kinds] = None
        return [self._watch(module) for module in super().place(project, item, owner, *kinds)]

    def is_own_name(self, project: str, file: str, name: str) -> bool:
        self._asked["is_own_name", project, file, name] = None
        return super().is_own_name(project, file, name)

    def sees(self, project: str) -> tuple[str, ...]:
        self._asked["sees", project] = None
        return super().sees(project)


class _Methods(dict[str, tuple[str, bool]]):
    """Stands for the methods of a module; it is itself empty, and nobody needs more of them than by name."""

    def __init__(self, module: CodeModule, asked: dict[Question, None]) -> None:
        super().__init__()
        self._real = module.methods
        self._place = ("methods", module.project, module.file)
        self._asked = asked

    def get(self, name: str, default: Any = None) -> Any:
        self._asked[*self._place, name] = None
        return self._real.get(name, default)

    def __getitem__(self, name: str) -> tuple[str, bool]:
        self._asked[*self._place, name] = None
        return self._real[name]

    def __contains__(self, name: object) -> bool:
        self._asked[*self._place, str(name)] = None
        return name in self._real

    def _refuse(self, *arguments: object) -> Any:
        raise TypeError("methods of a watched module are asked for by name")

    __iter__ = __len__ = items = keys = values = _refuse


def _told(answer: object) -> bytes:
    """A module as its place: what is asked of its methods is told apart. The own module changes with its object."""
    if isinstance(answer, CodeModule):
        return msgpack.encode((answer.project, answer.object, answer.owner, answer.kind, answer.file))
    if isinstance(answer, list):
        return b"[" + b"".join(map(_told, answer)) + b"]"
    return msgpack.encode(answer)
