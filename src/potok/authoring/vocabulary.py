"""Values of the model that authors use by their own name."""

from potok.model.dag import Concurrency
from potok.model.errors import DagError, PotokError
from potok.model.schedule import Overlap
from potok.model.trigger_rule import TriggerRule

__all__ = ["Concurrency", "DagError", "Overlap", "PotokError", "TriggerRule"]
