"""The simulator: the real scheduler and a real store under a virtual clock, with faults drawn from a seed."""

from potok.testing.simulation.faults import Faults, ViolationError
from potok.testing.simulation.world import Result, World

__all__ = ["Faults", "Result", "ViolationError", "World", "simulate"]


def simulate(seed: int) -> Result:
    """Play one seed to its end; raises ViolationError when a promise is broken."""
    return World(seed).run()
