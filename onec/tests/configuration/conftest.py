"""Sources to read: one generated configuration in each layout, made once."""

from pathlib import Path

import pytest

from potok_onec.testing import LAYOUTS, Expected, generate


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folder by layout; nobody may change what is in them."""
    folders = {layout: tmp_path_factory.mktemp(layout) for layout in LAYOUTS}
    for layout, folder in folders.items():
        generate(folder, layout=layout)
    return folders


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    return generate(tmp_path_factory.mktemp("expected"))
