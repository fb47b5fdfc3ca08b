"""An index that notes what it is asked, so that edges hold for as long as the answers are the same."""

from collections.abc import Callable
from hashlib import blake2b

from msgspec import msgpack

from potok_onec.dependencies.index import CodeModule, Index

# The name of a method of the index, then its arguments.
Question = tuple[str, ...]


class AskedIndex(Index):
    """Answers as the index behind it does. `asked` gives the questions since the last time."""

    def __init__(self, index: Index) -> None:
        self.__dict__.update(vars(index))
        self._asked: dict[Question, None] = {}
        self._answers: dict[Question, bytes] = {}
        self._modules: dict[int, bytes] = {}
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

    def asked(self) -> list[Question]:
        found = list(self._asked)
        self._asked.clear()
        return found

    def answers(self, questions: list[Question]) -> bytes:
        """The digest of all answers as they are now."""
        found = blake2b(digest_size=16)
        for question in questions:
            known = self._answers.get(question)
            if known is None:
                known = self._answers[question] = self._answer(*question)
            found.update(known)
        return found.digest()

    def _answer(self, rule: str, *arguments: str) -> bytes:
        try:
            return self._told(self._rules[rule](*arguments))
        except KeyError:
            # the base of an extension is there no more
            return b"no such project"

    def _told(self, answer: object) -> bytes:
        if isinstance(answer, CodeModule):
            return self._module(answer)
        if isinstance(answer, list):
            return b"[" + b"".join(map(self._told, answer)) + b"]"
        return msgpack.encode(answer)

    def _module(self, module: CodeModule) -> bytes:
        known = self._modules.get(id(module))
        if known is None:
            known = self._modules[id(module)] = blake2b(msgpack.encode(module), digest_size=12).digest()
        return known

    def object(self, project: str, path: str) -> tuple[str, str] | None:
        self._asked["object", project, path] = None
        return super().object(project, path)

    def common_modules(self, project: str, name: str) -> list[CodeModule]:
        self._asked["common_modules", project, name] = None
        return super().common_modules(project, name)

    def manager_modules(self, project: str, full_name: str) -> list[CodeModule]:
        self._asked["manager_modules", project, full_name] = None
        return super().manager_modules(project, full_name)

    def global_methods(self, project: str, name: str) -> list[CodeModule]:
        self._asked["global_methods", project, name] = None
        return super().global_methods(project, name)

    def module(self, project: str, file: str) -> CodeModule | None:
        self._asked["module", project, file] = None
        return super().module(project, file)

    def place(self, project: str, item: str, owner: str, *kinds: str) -> list[CodeModule]:
        self._asked["place", project, item, owner, *kinds] = None
        return super().place(project, item, owner, *kinds)

    def is_own_name(self, project: str, file: str, name: str) -> bool:
        self._asked["is_own_name", project, file, name] = None
        return super().is_own_name(project, file, name)

    def sees(self, project: str) -> tuple[str, ...]:
        self._asked["sees", project] = None
        return super().sees(project)
