"""For tests of the reader and of those who use it: generated configurations, the same content in every layout."""

from potok_onec.testing.content import Expected
from potok_onec.testing.generate import LAYOUTS, generate
from potok_onec.testing.oddities import ODDITIES, plant

__all__ = ["LAYOUTS", "ODDITIES", "Expected", "generate", "plant"]
