"""Looks that are taken again and again, beside those that somebody waits for."""

import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


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
