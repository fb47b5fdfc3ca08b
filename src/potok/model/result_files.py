"""Files that a result names: what is known of them once their task ended. Pure; touches no disk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

# In the JSON of a result: {"$files": {…}}, an object with this one key. Only a `Files` becomes one.
FILES_KEY = "$files"


class FilesRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A folder, or one file, as it was when its task ended.

    `path` is what the author wrote, made absolute; `real` is what it led to, which a link keeps showing when `path`
    is a symlink that goes elsewhere later. `mark` changes when the same place is written over.
    """

    path: str
    real: str
    index: str = ""
    title: str = ""
    count: int = 0
    size: int = 0
    is_folder: bool = True
    mark: str = ""

    @property
    def name(self) -> str:
        """What a link to it is called."""
        return self.title or self.path.rstrip("/").rpartition("/")[2] or self.path


def mark_of(modified_ns: int, size: int) -> str:
    """The mark of a file, or of a folder without an index."""
    return f"{modified_ns:x}.{size:x}"


class FilesState(StrEnum):
    """Whether a link to files still shows what its run made."""

    READY = "ready"
    GONE = "gone"
    CHANGED = "changed"
    REFUSED = "refused"


class ResultFiles(msgspec.Struct, frozen=True):
    """Files that the result of a task names, as a link. `open` needs a session and leads to `link`.

    `link` needs none: whoever has it sees the files until `link_until`. It is empty unless `state` is `ready`, and
    `problem` says why. `number` counts the files of one result from 0; `count` and `size` (bytes) are from the task's
    end.
    """

    task_id: str
    number: int
    title: str
    path: str
    is_folder: bool
    count: int
    size: int
    state: FilesState
    problem: str
    open: str
    link: str
    link_until: datetime | None
