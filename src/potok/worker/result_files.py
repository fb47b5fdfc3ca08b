"""Files that a result names: looked at when the task ends, and given to tasks below. Imported when one is there."""

from __future__ import annotations

import os
import stat

import msgspec

from potok.authoring.files import Files
from potok.model.result_files import FILES_KEY, FilesRecord, mark_of
from potok.worker.failure import TaskError

# Counting this many takes about a second; a folder of more is a mistake, such as the root of the machine.
_COUNT_MAX = 200_000


def record_of(files: Files) -> FilesRecord:
    """What `files` leads to now. Raises TaskError when there is nothing, or too much."""
    real = os.path.realpath(files.path)
    try:
        found = os.stat(real)
        if not stat.S_ISDIR(found.st_mode):
            if not stat.S_ISREG(found.st_mode):
                raise TaskError("FilesNotKept", f"the result names {files.path}, which is no file and no folder")
            mark = mark_of(found.st_mtime_ns, found.st_size)
            return FilesRecord(files.path, real, "", files.title, 1, found.st_size, False, mark)
        count, size = _counted(real, files.path)
        marked = _index_stat(real, files.index) or found
    except OSError as error:
        raise TaskError(
            "FilesNotKept", f"the result names files at {files.path}, which cannot be read: {error.strerror}"
        ) from None
    mark = mark_of(marked.st_mtime_ns, marked.st_size)
    return FilesRecord(files.path, real, files.index, files.title, count, size, True, mark)


def revived(value: object) -> object:
    """A decoded result with each {"$files": …} as the `Files` that it was."""
    if isinstance(value, list):
        return [revived(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {FILES_KEY}:
        record = msgspec.convert(value[FILES_KEY], FilesRecord)
        return Files(record.path, record.index, record.title)
    return {key: revived(item) for key, item in value.items()}


def _index_stat(folder: str, index: str) -> os.stat_result | None:
    try:
        return os.stat(f"{folder}/{index}") if index else None
    except OSError:
        return None


def _counted(folder: str, shown: str) -> tuple[int, int]:
    """How many regular files are below the folder, and their bytes. Symlinks are not followed."""
    count = size = 0
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    count += 1
                    size += entry.stat(follow_symlinks=False).st_size
        if count > _COUNT_MAX:
            raise TaskError(
                "FilesNotKept",
                f"the result names {shown}, which has more than {_COUNT_MAX:,} files: name a smaller part",
            )
    return count, size
