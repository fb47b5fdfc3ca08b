"""One method as a row of the data set; docs/dataset.md explains every column."""

from typing import Final, Literal

from msgspec import Struct

Split = Literal["train", "valid", "test", "none"]
SPLITS: Final[tuple[Split, ...]] = ("train", "valid", "test")


class Row(Struct):
    """`group` and what follows from it are known when all methods have been seen."""

    project: str
    object: str
    owner: str
    module: str
    file: str
    line: int
    end_line: int
    name: str
    kind: str
    is_exported: bool
    is_async: bool
    parameters: tuple[str, ...]
    directives: tuple[str, ...]
    region: str
    layer: str
    context: str
    lines: int
    statements: int
    tokens: int
    cyclomatic: int
    cognitive: int
    nesting: int
    description: str
    code: str
    body_length: int
    calls: tuple[str, ...]
    tables: tuple[str, ...]
    scrubbed: tuple[str, ...]
    body_digest: str
    source: str
    commit: str
    licence: str
    group: str = ""
    group_size: int = 1
    is_duplicate: bool = False
    is_near_duplicate: bool = False
    split: str = "none"
