"""Slows down guessing: so many failures per account and address in a window, then wait."""

from collections import OrderedDict
from datetime import datetime, timedelta

from orchestrator.core.clock import Clock, utc_now
from schema.errors import TooManyAttempts

MAX_FAILURES = 10
WINDOW = timedelta(minutes=5)
# The oldest are forgotten first, so that a flood of invented accounts cannot fill the memory.
MAX_TRACKED = 10_000


class Throttle:
    """In the memory of this process: with N replicas a guesser gets N times as many tries."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        self._failures: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()

    def check(self, account: str, address: str) -> None:
        """Raises TooManyAttempts."""
        now = self._clock()
        recent = [at for at in self._failures.get((account, address), []) if now - at < WINDOW]
        if len(recent) >= MAX_FAILURES:
            raise TooManyAttempts(max(1, int((recent[0] + WINDOW - now).total_seconds())))

    def failed(self, account: str, address: str) -> None:
        key = (account, address)
        self._failures[key] = [*self._failures.get(key, [])[1 - MAX_FAILURES :], self._clock()]
        self._failures.move_to_end(key)
        while len(self._failures) > MAX_TRACKED:
            self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        self._failures.pop((account, address), None)
