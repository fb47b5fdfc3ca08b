"""When a failed attempt is tried again, and after how long."""

from __future__ import annotations

import msgspec


class Retry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A retry policy. All lengths are seconds.

    `retries`: attempts after the first one. `delay_s * backoff ** (n - 1)` is waited before retry n, never more than
    `max_delay_s`, then spread by ± `jitter` (a share, 0 to 1). `on` and `never` are exception names (`ValueError`,
    `requests.exceptions.Timeout`); a subclass matches too; `never` wins; an empty `on` means any.
    """

    retries: int = 0
    delay_s: float = 0.0
    backoff: float = 1.0
    max_delay_s: float = 86_400.0
    jitter: float = 0.0
    on: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def wait_s(self, retry_number: int, spread: float) -> float:
        """Seconds before retry `retry_number` (from 1); `spread` in [0, 1) is the caller's randomness."""
        try:
            base_s = min(self.delay_s * self.backoff ** (retry_number - 1), self.max_delay_s)
        except OverflowError:
            base_s = self.max_delay_s if self.delay_s else 0.0
        return max(0.0, base_s * (1.0 + self.jitter * (2.0 * spread - 1.0)))

    def covers(self, error_names: tuple[str, ...]) -> bool:
        """Whether an error whose class and base classes have these names (short and qualified) is tried again."""
        names = set(error_names)
        if names.intersection(self.never):
            return False
        return not self.on or bool(names.intersection(self.on))
