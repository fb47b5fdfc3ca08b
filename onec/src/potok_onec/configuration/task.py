"""What one process does with a batch of objects: hash their files, look into the cache, read what is new."""

import os
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, msgpack

from potok_onec.configuration import summary
from potok_onec.configuration.cache import Cache, reader_version
from potok_onec.configuration.inventory import Unit
from potok_onec.configuration.memory import peak_kb
from potok_onec.configuration.model import Portion, Project, ReadFile
from potok_onec.configuration.problem import Problem
from potok_onec.configuration.roles import wants_content


class Trust(Struct, frozen=True):
    """Somebody else knows which files are as they were: `keys` of an earlier reading by the identity of the object.

    `changed` are paths from the root that may differ, `folders` those below which anything may, with `/` at the end.
    """

    keys: dict[bytes, bytes] = {}
    changed: frozenset[str] = frozenset()
    folders: tuple[str, ...] = ()

    def covers(self, item: Unit) -> bool:
        return not any(slot.path in self.changed or slot.path.startswith(self.folders) for slot in item.slots)


class Setting(Struct, frozen=True):
    """What stays the same for all batches of one reading; `wants_bodies` is False when only numbers are asked for."""

    root: str
    projects: list[Project]
    cache_folder: str = ""
    wants_bodies: bool = True
    trust: Trust = Trust()


class Answer(Struct, frozen=True):
    """Of each object of a batch: its summary and, when asked for, its portion, both encoded.

    `keys` has for each (identity, key): which files it is made of, and their contents as well; the key is empty when
    that is not known. `modules_read` are those that came from no cache. `peak_kb` is the most memory the answering
    process has held so far.
    """

    summaries: list[bytes]
    bodies: list[bytes]
    keys: list[tuple[bytes, bytes]] = []
    modules_read: int = 0
    hits: int = 0
    cache_trouble: str = ""
    peak_kb: int = 0


class Reader:
    """Reads batches; lives in a worker process or in the caller's own."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._cache = Cache(Path(setting.cache_folder)) if setting.cache_folder else None
        self._version = reader_version() if self._cache else b""
        self._encoder = msgpack.Encoder()

    def read(self, units: list[Unit]) -> Answer:
        summaries: list[bytes] = []
        bodies: list[bytes] = []
        fresh: list[tuple[bytes, bytes, bytes]] = []
        keys: list[tuple[bytes, bytes]] = []
        modules_read = 0
        for item in units:
            contents = _Contents(self._setting.root, item)
            identity, key = self._key(item, contents) if self._cache else (b"", b"")
            known = self._known(key) if key else None
            if known is None:
                # The parser is imported by who parses: not by the parent of workers, not by a reading from the cache.
                from potok_onec.configuration import unit

                portion = unit.read(self._setting.projects[item.project], item, contents.load)
                known = self._encoder.encode(summary.of_portion(portion)), self._encoder.encode(portion)
                modules_read += sum(slot.role == "module" for slot in item.slots)
                if key and not contents.has_failed:
                    fresh.append((key, *known))
            keys.append((identity, b"" if contents.has_failed else key))
            summaries.append(known[0])
            if self._setting.wants_bodies:
                bodies.append(known[1])
        if self._cache:
            self._cache.put(fresh)
        trouble = self._cache.trouble if self._cache else ""
        return Answer(
            summaries, bodies, keys, modules_read, hits=len(units) - len(fresh), cache_trouble=trouble,
            peak_kb=peak_kb(),
        )  # fmt: skip

    def close(self) -> None:
        if self._cache:
            self._cache.close()

    def _known(self, key: bytes) -> tuple[bytes, bytes] | None:
        assert self._cache is not None
        short = self._cache.summary(key)
        if short is None:
            return None
        body = self._cache.body(key) if self._setting.wants_bodies else b""
        return (short, body) if body is not None else None

    def _key(self, item: Unit, contents: "_Contents") -> tuple[bytes, bytes]:
        """The reader, the project, paths and sizes are its identity; with the contents: the same key, the same portion.

        The contents are not looked at when the identity is known and somebody vouches for the files.
        """
        digest = blake2b(self._version, digest_size=20)
        digest.update(self._encoder.encode((self._setting.projects[item.project], item)))
        identity = digest.digest()
        known = self._setting.trust.keys.get(identity)
        if known and self._setting.trust.covers(item):
            return identity, known
        for slot in item.slots:
            if wants_content(slot.role, slot.path):
                digest.update(contents.hash(slot.path))
        return identity, digest.digest()


class _Contents:
    """Bytes of an object's files, each read once; a failure is kept and raised to whoever asks for that file."""

    # Contents of bigger objects are read again rather than kept: memory must not grow with the source.
    _KEPT_BYTES_MAX = 32 * 1024 * 1024

    def __init__(self, root: str, item: Unit) -> None:
        self._root = root
        self._kept: dict[str, bytes] = {}
        self._keeps = sum(slot.bytes for slot in item.slots) <= self._KEPT_BYTES_MAX
        self.has_failed = False

    def load(self, path: str) -> bytes:
        data = self._kept.pop(path, None)
        if data is not None:
            return data
        try:
            with open(os.path.join(self._root, path), "rb") as file:  # noqa: PTH118, PTH123  # ten thousand times
                return file.read()
        except OSError:
            self.has_failed = True
            raise

    def hash(self, path: str) -> bytes:
        try:
            data = self.load(path)
        except OSError as error:
            return f"failed:{error.errno}".encode()
        if self._keeps:
            self._kept[path] = data
        return blake2b(data, digest_size=20).digest()


def failed_portion(project: Project, item: Unit, reason: str) -> Portion:
    """Stands for an object whose process died: every file of it is accounted for."""
    problem = Problem("worker-died", item.slots[0].path, arguments={"reason": reason})
    files = tuple(ReadFile(slot.path, slot.role, slot.bytes, refused="worker-died") for slot in item.slots)
    return Portion(project.name, (), files, (problem,))
