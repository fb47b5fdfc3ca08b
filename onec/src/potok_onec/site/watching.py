"""Notes what a page asks of the site, so that a page whose answers are the same need not be made again.

Pages are made from what they are handed and from a `Site`; a watched site answers as the real one does and remembers
each question. An answer is told as a digest, often of more than was asked: of all callers of a file for one method.
Of a module only the anchors that were asked for count: many pages lead to a module that gets one method more.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any, Final

from msgspec import msgpack
from msgspec.structs import replace

from potok_onec.pipeline.questions import Question, Questions
from potok_onec.site.model import Site
from potok_onec.site.places import ModulePlace, ObjectPlace, Places
from potok_onec.site.relations import Relations

_ALL: Final = "*"
_BY_FILE: Final = ("callers", "callees", "handled")
_BY_KEY: Final = ("into", "out_of", "incoming", "outgoing")


class Watcher:
    """`site` is for pages. A question is (of what, key …); a key that is missing means all of it."""

    def __init__(self, site: Site) -> None:
        self.questions = Questions(self._answer)
        self._asked = self.questions.noted
        self._whole: dict[str, dict[Any, Any]] = {
            "modules": site.places.modules,
            "folders": site.places.folders,
            "contents": site.contents,
            "subsystems_of": site.subsystems_of,
            "surveyed": site.surveyed or {},
            "outputs": {name: output.manifest.content for name, output in site.outputs.items()},
        }
        if site.relations is not None:
            self._whole |= {name: getattr(site.relations, name) for name in (*_BY_FILE, *_BY_KEY)}
        self._of_files = {name: _by_file(self._whole[name]) for name in _BY_FILE if name in self._whole}
        self._places = site.places
        self.site = self._watched(site)

    def _watched(self, site: Site) -> Site:
        def asker(name: str, whole: dict[Any, Any], of: Callable[[Any], tuple[str, ...]] = _own) -> "_Asker":
            return _Asker(whole, name, of, self._asked)

        relations = None
        if site.relations is not None:
            relations = Relations()
            for name in _BY_FILE:
                setattr(relations, name, asker(name, self._whole[name], _file))
            for name in _BY_KEY:
                setattr(relations, name, asker(name, self._whole[name]))
        surveyed = asker("surveyed", site.surveyed) if site.surveyed is not None else None
        places = _WatchedPlaces(site.places, self._asked, asker)
        return Site(
            site.projects, places, asker("outputs", dict(site.outputs)), relations, surveyed,
            asker("contents", site.contents), asker("subsystems_of", site.subsystems_of),
        )  # fmt: skip

    def _answer(self, name: str, *key: str) -> bytes:
        if name == "object":
            return _digest(self._places.object(*key))
        if name == "anchors":
            module = self._places.modules.get(key[0])
            anchors = module.anchors if module is not None else {}
            return _digest(list(anchors.items()) if key[1] == _ALL else anchors.get(key[1]))
        if name == "common":
            return _digest(_without_anchors(self._places.common_module_of(*key)))
        if name == "modules" and key != (_ALL,):
            return _digest(_without_anchors(self._places.modules.get(key[0])))
        if name == "all":
            return _digest(self._places.all)
        if key == (_ALL,):
            return _digest(list(self._whole[name].items()))
        if name in self._of_files:
            return self._of_files[name].get(key[0], b"")
        return _digest(self._whole[name].get(key[0] if len(key) == 1 else key))


def _own(key: Any) -> tuple[str, ...]:
    return key if isinstance(key, tuple) else (key,)


def _file(key: Any) -> tuple[str, ...]:
    return (key[0],)


def _without_anchors(place: ModulePlace | None) -> ModulePlace | None:
    return replace(place, anchors={}) if place is not None else None


def _digest(value: Any) -> bytes:
    if isinstance(value, dict):
        value = list(value.items())
    return blake2b(msgpack.encode(value), digest_size=12).digest()


def _by_file(whole: dict[Any, Any]) -> dict[str, bytes]:
    """What is told of all methods of each file, in the order in which pages see it."""
    encoder = msgpack.Encoder()
    found: dict[str, Any] = {}
    for (file, method), ends in whole.items():
        digest = found.setdefault(file, blake2b(digest_size=12))
        digest.update(encoder.encode((method, list(ends.items()) if isinstance(ends, dict) else ends)))
    return {file: digest.digest() for file, digest in found.items()}


class _Asker(dict[Any, Any]):
    """Stands for a dictionary that may be asked and is never changed; it is itself empty."""

    def __init__(
        self,
        whole: dict[Any, Any],
        name: str,
        of: Callable[[Any], tuple[str, ...]],
        asked: dict[Question, None],
        within: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self._real = whole
        self._name = (name, *within)
        self._of = of
        self._asked = asked

    def get(self, key: Any, default: Any = None) -> Any:
        self._asked[(*self._name, *self._of(key))] = None
        return self._real.get(key, default)

    def __getitem__(self, key: Any) -> Any:
        self._asked[(*self._name, *self._of(key))] = None
        return self._real[key]

    def __contains__(self, key: object) -> bool:
        self._asked[(*self._name, *self._of(key))] = None
        return key in self._real

    def _all(self) -> dict[Any, Any]:
        self._asked[(*self._name, _ALL)] = None
        return self._real

    def __iter__(self) -> Iterator[Any]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return bool(self._all())

    def items(self) -> Any:
        return self._all().items()

    def keys(self) -> Any:
        return self._all().keys()

    def values(self) -> Any:
        return self._all().values()


class _WatchedList(list[ObjectPlace]):
    """All objects: whoever asks for them may see any."""

    def __init__(self, real: list[ObjectPlace], asked: dict[Question, None]) -> None:
        super().__init__()
        self._real = real
        self._asked = asked

    def _all(self) -> list[ObjectPlace]:
        self._asked["all",] = None
        return self._real

    def __iter__(self) -> Iterator[ObjectPlace]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __getitem__(self, at: Any) -> Any:
        return self._all()[at]


class _WatchedPlaces(Places):
    def __init__(self, real: Places, asked: dict[Question, None], asker: Callable[..., _Asker]) -> None:
        self.__dict__.update(vars(real))
        self._asked = asked
        watched = {
            file: replace(place, anchors=_Asker(place.anchors, "anchors", _own, asked, (file,)))
            for file, place in real.modules.items()
        }
        self.modules = asker("modules", watched)
        self._watched = watched
        self.folders = asker("folders", real.folders)
        self.all = _WatchedList(real.all, asked)

    def object(self, project: str, path: str) -> ObjectPlace | None:
        self._asked["object", project, path] = None
        return super().object(project, path)

    def common_module_of(self, project: str, full_name: str) -> ModulePlace | None:
        self._asked["common", project, full_name] = None
        found = super().common_module_of(project, full_name)
        return self._watched[found.file] if found is not None else None
