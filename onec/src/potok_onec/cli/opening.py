"""Opens a source for a command, and says what went wrong in one way."""

import sys
from pathlib import Path

from potok_onec.cli import main
from potok_onec.cli.texts import language, say
from potok_onec.configuration import Reading, Report, read


def complain(text: str) -> None:
    print(text, file=sys.stderr)


def open_source(path: Path, *, workers: int | None, cache: bool) -> Reading | None:
    """None when there is nothing at the path; that has been said then."""
    try:
        return read(path, workers=workers, cache=cache)
    except FileNotFoundError:
        complain(say("missing-path", path=path))
        return None
    except PermissionError as error:
        complain(f"{error.filename}: {error.strerror}")
        return None


def bring(source: str, ref: str = "") -> Path | None:
    """The folder of a path or an address, at a commit when one is named; None, and said why, when it cannot be had."""
    from potok_onec.configuration.cache import default_folder
    from potok_onec.repository import RepositoryError, is_address, source_at

    if not ref and not is_address(source) and not Path(source).exists():
        complain(say("missing-path", path=source))
        return None
    try:
        return source_at(source, ref, default_folder())
    except RepositoryError as error:
        complain(say(f"git-{error.code}", **error.blanks))
    except OSError as error:
        complain(say("cannot-write", path=error.filename, reason=error.strerror or str(error)))
    return None


def is_commit(folder: Path, ref: str) -> bool:
    """Whether a ref means a commit there, or none was given; said why when it does not."""
    from potok_onec.repository import RepositoryError, commit_of

    try:
        if ref:
            commit_of(folder, ref)
    except RepositoryError as error:
        complain(say(f"git-{error.code}", **error.blanks))
        return False
    return True


def verdict(report: Report) -> int:
    """The exit code of what was read."""
    if not report.projects:
        return main.NOTHING
    if any(problem.severity == "error" for problem in report.all_problems()):
        return main.IMPERFECT
    return main.OK


def tell_trouble(report: Report) -> None:
    if report.cache_trouble:
        complain(say("cache-trouble", reason=report.cache_trouble))
    if not report.is_complete:
        complain(say("incomplete", lost=report.files - report.accounted, files=report.files))
    if not report.projects:
        for problem in report.problems:
            complain(problem.shown(language()))
