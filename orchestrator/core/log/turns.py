"""Writers of one session take turns in this process: who comes next decides on what the last one committed.

Without it each of them decides too early, waits for the lock and has to decide again while it holds it.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID
from weakref import WeakValueDictionary

# The database's own lock is what keeps the log right, and sees a deadlock; a turn that does not come is done without.
WAIT_S = 1.0


class Turns:
    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        # A lock is there as long as somebody has it or waits for it.
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def take(self, session_id: UUID) -> Callable[[], None] | None:
        """What gives the turn on, to be called once; None when it did not come in time."""
        lock = self._locks.get(session_id)
        if lock is None:
            lock = self._locks[session_id] = asyncio.Lock()
        if not lock.locked():
            await lock.acquire()
            return lock.release
        try:
            async with asyncio.timeout(self._wait_s):
                await lock.acquire()
        except TimeoutError:
            return None
        return lock.release
