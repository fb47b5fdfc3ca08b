"""Where the source of a configuration lies on this machine."""

from pathlib import Path


def source_folder(path: str, ref: str) -> Path:
    """The folder to read. Raises FileNotFoundError with a sentence when there is none."""
    folder = Path(path).expanduser()
    if not folder.exists():
        raise FileNotFoundError(f"there is nothing at {folder.resolve()}: give the folder of a configuration's sources")
    return folder.resolve()
