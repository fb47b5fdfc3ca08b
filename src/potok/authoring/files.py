"""`Files`: the part of a result that is a folder, or a file, for people to open."""

from __future__ import annotations

import os

from potok.model.errors import InvalidError


class Files:
    """Files that a task made. In its result it stands for a link with a title, the number of files and their size.

    `path` is a folder or a file; a relative one counts from the folder that the task works in. `index` is the page
    that a click on the link opens; without it there is a list of the files. A task below gets it as it is: it goes
    wherever a path goes, as in `Path(site, "index.html")`.

    What the link shows are the files that `path` leads to when the task ends: a symlink may go elsewhere later.
    """

    __slots__ = ("index", "path", "title")

    def __init__(self, path: str | os.PathLike[str], index: str = "index.html", title: str = "") -> None:
        try:
            given = os.fspath(path)
        except TypeError:
            given = ""
        if not given or "\0" in given:
            raise InvalidError(f"Files takes the path of a folder or of a file, not {path!r}")
        for name, value in (("index", index), ("title", title)):
            if not isinstance(value, str):
                raise InvalidError(f"the {name} of Files is a text, not {value!r}")
        if index.startswith("/") or ".." in index.split("/"):
            raise InvalidError(f"the index of Files is a file inside of it, such as 'index.html', not {index!r}")
        self.path = os.path.abspath(given)  # noqa: PTH100 - a symlink stays one: where it leads is asked at the end
        self.index = index
        self.title = title

    def __fspath__(self) -> str:
        return self.path

    def __str__(self) -> str:
        return self.path

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Files) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        return f"Files({self.path!r}, index={self.index!r}, title={self.title!r})"

    def _parts(self) -> tuple[str, str, str]:
        return (self.path, self.index, self.title)
