"""How a configuration is built: layers, hubs, cycles, subsystems, what nobody calls. Numbers with file and line."""

from potok_onec.architecture.cycles import cut, groups

__all__ = ["cut", "groups"]
