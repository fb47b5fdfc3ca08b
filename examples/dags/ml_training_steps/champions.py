"""Which model serves each data set: one small file, replaced whole. Never decides who deserves it."""

from ml_training_steps.layout import DataRoot
from ml_training_steps.records import Champion, Dataset


def read_champion(root: DataRoot, dataset: Dataset) -> Champion | None:
    """None when there never was one. Raise DamagedFileError when its record is unreadable."""
    path = root.champion_file(dataset)
    return root.read_record(path, Champion) if path.exists() else None


def replace_champion(root: DataRoot, champion: Champion, *, run_id: str) -> None:
    root.write_record(root.champion_file(champion.dataset), champion, run_id=run_id)
