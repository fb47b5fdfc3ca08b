"""Spoils a generated configuration in one way at a time, and says which problem the reader must report for it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

_BOMB: Final = (
    b'<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">\n]>\n'
    b"<MetaDataObject>&b;</MetaDataObject>\n"
)
_EXTERNAL_DTD: Final = b'<?xml version="1.0"?>\n<!DOCTYPE x SYSTEM "http://example.com/x.dtd">\n<MetaDataObject/>\n'
_PROTECTED: Final = b"\xff\xff\xff\x7f\x00\x02\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00" + bytes(range(256))


class Planted(NamedTuple):
    """`code` of the problem that must appear, and a part of the path it must name."""

    code: str
    path: str


def plant(folder: Path, oddity: str) -> Planted:
    """Raises KeyError for an oddity that is not in ODDITIES."""
    return ODDITIES[oddity](folder)


def _catalog(folder: Path) -> Path:
    """The description of some catalog, in whatever layout the folder is."""
    for pattern in ("src/Catalogs/*/*.mdo", "Catalogs/*.xml", "Catalog.*.xml"):
        found = sorted(path for path in folder.glob(pattern) if path.name.count(".") <= 2)
        if found:
            return found[0]
    raise FileNotFoundError(f"no catalog below {folder}")


def _module(folder: Path) -> Path:
    return sorted(folder.rglob("*Module.bsl"))[0]


def _named(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _truncated(folder: Path) -> Planted:
    file = _catalog(folder)
    file.write_bytes(file.read_bytes()[:400])
    return Planted("bad-xml", _named(file, folder))


def _empty(folder: Path) -> Planted:
    file = _catalog(folder)
    file.write_bytes(b"")
    return Planted("bad-xml", _named(file, folder))


def _bomb(folder: Path) -> Planted:
    file = _catalog(folder)
    file.write_bytes(_BOMB)
    return Planted("bad-xml", _named(file, folder))


def _external_dtd(folder: Path) -> Planted:
    file = _catalog(folder)
    file.write_bytes(_EXTERNAL_DTD)
    return Planted("bad-xml", _named(file, folder))


def _misplaced(folder: Path) -> Planted:
    file = _catalog(folder)
    file.write_bytes(b"<html><body/></html>")
    return Planted("wrong-root", _named(file, folder))


def _half_checkout(folder: Path) -> Planted:
    file = _catalog(folder)
    file.unlink()
    return Planted("missing-description", file.stem.removeprefix("Catalog."))


def _removed_object(folder: Path) -> Planted:
    file = _catalog(folder)
    stem = file.stem.removeprefix("Catalog.")
    beside = file.parent if file.suffix == ".mdo" else file.with_suffix("")
    shutil.rmtree(beside, ignore_errors=True)
    for other in folder.glob(f"Catalog.{stem}.*"):
        other.unlink()
    file.unlink(missing_ok=True)
    return Planted("missing-file", "Configuration")


def _cp1251(folder: Path) -> Planted:
    file = _module(folder)
    file.write_bytes(file.read_bytes().decode("utf-8").encode("cp1251"))
    return Planted("module-encoding", _named(file, folder))


def _protected(folder: Path) -> Planted:
    file = _module(folder)
    file.write_bytes(_PROTECTED)
    return Planted("module-refused", _named(file, folder))


def _broken_syntax(folder: Path) -> Planted:
    file = _module(folder)
    file.write_bytes(file.read_bytes() + "\nПроцедура Сломана(\n\tЕсли Тогда\n".encode())
    return Planted("syntax", _named(file, folder))


def _unreadable(folder: Path) -> Planted:
    """A link to itself: unlike a file without rights it cannot be read by root either."""
    file = _module(folder)
    file.unlink()
    file.symlink_to(file.name)
    return Planted("unreadable", _named(file, folder))


def _symlink_loop(folder: Path) -> Planted:
    link = _catalog(folder).parent / "Петля"
    link.symlink_to(folder, target_is_directory=True)
    return Planted("symlink", _named(link, folder))


def _socket(folder: Path) -> Planted:
    pipe = _catalog(folder).parent / "канал.bsl"
    os.mkfifo(pipe)
    return Planted("not-a-file", _named(pipe, folder))


def _unknown_kind(folder: Path) -> Planted:
    file = _catalog(folder)
    text = file.read_text(encoding="utf-8")
    for old, new in (("<Catalog ", "<Gadget "), ("</Catalog>", "</Gadget>"), ("mdclass:Catalog", "mdclass:Gadget")):
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return Planted("unknown-kind", _named(file, folder))


def _foreign_file(folder: Path) -> Planted:
    stem = _catalog(folder).stem.removeprefix("Catalog.")
    home = folder / ("src/Catalogs" if (folder / "src").is_dir() else "Catalogs") / stem
    if home.is_dir():
        file = home / "notes.docx"
    else:
        file = folder / f"Catalog.{stem}.notes.docx"
    file.write_bytes(b"PK")
    return Planted("unclassified", _named(file, folder))


def _shared_folder(folder: Path) -> Planted:
    """The other layout's root beside the one that is there."""
    if (folder / "src").is_dir():
        head = b'<MetaDataObject xmlns="http://v8.1c.ru/8.3/MDClasses" version="2.20">'
        body = b"<Configuration><Properties><Name>X</Name></Properties></Configuration></MetaDataObject>"
        (folder / "Configuration.xml").write_bytes(head + body)
    else:
        file = folder / "src" / "Configuration" / "Configuration.mdo"
        file.parent.mkdir(parents=True)
        head = b'<mdclass:Configuration xmlns:mdclass="http://g5.1c.ru/v8/dt/metadata/mdclass">'
        file.write_bytes(head + b"<name>X</name></mdclass:Configuration>")
    return Planted("shared-folder", ".")


ODDITIES: Final[dict[str, Callable[[Path], Planted]]] = {
    "truncated": _truncated,
    "empty": _empty,
    "entity-bomb": _bomb,
    "external-dtd": _external_dtd,
    "misplaced": _misplaced,
    "half-checkout": _half_checkout,
    "removed-object": _removed_object,
    "cp1251": _cp1251,
    "protected": _protected,
    "broken-syntax": _broken_syntax,
    "unreadable": _unreadable,
    "symlink-loop": _symlink_loop,
    "socket": _socket,
    "unknown-kind": _unknown_kind,
    "foreign-file": _foreign_file,
    "shared-folder": _shared_folder,
}
