"""The simulator: the real scheduler core and a real store under a virtual clock, with faults drawn from a seed."""
