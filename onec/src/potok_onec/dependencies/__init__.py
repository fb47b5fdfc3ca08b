"""Who depends on whom in a configuration: typed edges with file and line, resolved over what a project may see."""

from potok_onec.dependencies.edge import Edge, EdgeKind, Loose
from potok_onec.dependencies.graph import Graph
from potok_onec.dependencies.resolving import Resolution, resolve

__all__ = ["Edge", "EdgeKind", "Graph", "Loose", "Resolution", "resolve"]
