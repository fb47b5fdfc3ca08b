"""The analysis as steps: what each needs and promises, where its output lies, and what was kept from before."""

from potok_onec.pipeline.artifact import Artifact, Manifest, Store
from potok_onec.pipeline.contract import BrokenContractError, Finding, at_least, equal, share
from potok_onec.pipeline.step import Inputs, Step

__all__ = [
    "Artifact",
    "BrokenContractError",
    "Finding",
    "Inputs",
    "Manifest",
    "Step",
    "Store",
    "at_least",
    "equal",
    "share",
]
