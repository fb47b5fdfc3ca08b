"""Pages of objects and modules into a folder: made, or taken from the site before where nothing in them can differ."""

import os
import shutil
from hashlib import blake2b
from pathlib import Path
from typing import Final

from msgspec import Struct, msgpack

from potok_onec.configuration import Portion
from potok_onec.pipeline.parts import Parts
from potok_onec.pipeline.questions import Question
from potok_onec.site.checking import Looked, look
from potok_onec.site.html import Html
from potok_onec.site.model import Site
from potok_onec.site.module_page import module_page
from potok_onec.site.object_page import object_page
from potok_onec.site.places import ObjectPlace
from potok_onec.site.watching import Watcher

_DIGEST_BYTES: Final = 16


class _Page(Struct, frozen=True, array_like=True):
    path: str
    digest: bytes
    looked: Looked


class _Batch(Struct, frozen=True, array_like=True):
    """The pages of one portion, and what they asked of the site with the digest of the answers."""

    questions: list[Question]
    answers: bytes
    pages: list[_Page]


class Writer:
    """`before` is the folder of the site before, if there is one. `reread` are modules whose page was made anew."""

    def __init__(self, site: Site, parts: Parts, before: Path | None, folder: Path) -> None:
        self._site = site
        self._watcher = Watcher(site)
        self._parts = parts
        self._before = before
        self._folder = folder
        given = [list(site.projects), site.relations is None, site.surveyed is None, list(site.outputs)]
        self._given = msgpack.encode(given)
        self._portions = msgpack.Decoder(Portion)
        self._batches = msgpack.Decoder(_Batch)
        self.reread = 0
        self.looked: list[Looked] = []

    def take(self, frame: bytes, places: list[ObjectPlace]) -> None:
        """The pages of one portion, whose objects have these places."""
        key = self._parts.key("pages", frame, self._given, msgpack.encode([place.path for place in places]))
        body = self._parts.find(key)
        batch = self._batches.decode(body) if body is not None else None
        if body is None or batch is None or not self._is_taken(batch):
            batch = self._made(self._portions.decode(frame), places)
            self.reread += sum(place.modules for place in places)
            body = msgpack.encode(batch)
        self._parts.keep(key, body)
        self.looked.extend(page.looked for page in batch.pages)

    def _is_taken(self, batch: _Batch) -> bool:
        if self._before is None or self._watcher.questions.answers(batch.questions) != batch.answers:
            return False
        return all(self._linked(self._before, page) for page in batch.pages)

    def _linked(self, before: Path, page: _Page) -> bool:
        """The same file under both names; one that somebody has changed since is not taken."""
        try:
            if _digest((before / page.path).read_bytes()) != page.digest:
                return False
            try:
                os.link(before / page.path, self._folder / page.path)
            except OSError:
                shutil.copyfile(before / page.path, self._folder / page.path)
        except OSError:
            return False
        return True

    def _made(self, portion: Portion, places: list[ObjectPlace]) -> _Batch:
        watched, pages = self._watcher.site, []
        for item, here in zip(portion.objects, places, strict=True):
            pages.append(self._written(here.path, object_page(watched, item, here)))
            for module in item.modules:
                path = self._site.places.modules[module.file].path
                pages.append(self._written(path, module_page(watched, item, here, module)))
        questions = self._watcher.questions.asked()
        return _Batch(questions, self._watcher.questions.answers(questions), pages)

    def _written(self, path: str, page: Html) -> _Page:
        """What stands in the file is looked at, not what was meant to stand there."""
        file = self._folder / path
        file.unlink(missing_ok=True)
        file.write_text(page, encoding="utf-8", newline="\n")
        written = file.read_bytes()
        return _Page(path, _digest(written), look(path, written.decode()))


def _digest(body: bytes) -> bytes:
    return blake2b(body, digest_size=_DIGEST_BYTES).digest()
