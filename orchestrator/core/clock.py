"""Time and identifiers as arguments, so that tests can hold them still; and what is done from time to time."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import Generic, Never, TypeVar
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from schema.errors import DomainError

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
T = TypeVar("T")


def utc_now() -> datetime:
    return datetime.now(UTC)


def unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def new_id() -> UUID:
    """UUIDv7: unique, and sorts by creation time. Never use one as a secret."""
    return uuid7()


async def wait_at_most(seconds: float | None, event: asyncio.Event) -> bool:
    """Whether it was set in this time."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False


async def every(seconds: float, work: Callable[[], Awaitable[object]], trouble: str) -> Never:
    """Until cancelled; a DomainError is logged as `trouble`, and the work done again at its next time."""
    while True:
        try:
            await work()
        except DomainError as error:
            log.warning(trouble, code=error.code)
        await asyncio.sleep(seconds)


class Sweep(Generic[T]):
    """What `find` says, every `every_s`, one by one: ninety looks at once held up the requests of a sixth of a second."""

    def __init__(
        self,
        every_s: float,
        find: Callable[[], Awaitable[Iterable[T]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._every_s = every_s
        self._find = find
        self._clock = clock
        self._left = deque[T]()
        self._due_s = clock()

    def wait_s(self) -> float:
        """Until there is one to look at."""
        return 0.0 if self._left else max(0.0, self._due_s - self._clock())

    async def one(self) -> T | None:
        """The next; None if none is due. Raises what `find` does, and is then due again only later."""
        if not self._left and self._clock() >= self._due_s:
            self._due_s = self._clock() + self._every_s
            self._left.extend(await self._find())
        return self._left.popleft() if self._left else None
