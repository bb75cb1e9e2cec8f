"""One session in this process: its tail, and the task that reads what was committed elsewhere."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog

from orchestrator.core.clock import wait_at_most
from orchestrator.realtime.feed import Feed
from orchestrator.realtime.tail import Tail
from schema.agents import EventPage
from schema.errors import DomainError
from schema.events import StoredEvent

log = structlog.get_logger(__name__)

# How long a lost wake-up can delay an event: the log is looked at again this often.
POLL_S = 2.0
# An agent is away for a moment between two polls, a browser between two connections.
IDLE_LOOKS = 15


class Channel:
    """Take what the tail holds, then wait for `news`; nothing is awaited in between, so nothing is missed."""

    def __init__(self, feed: Feed, session_id: UUID, head: EventPage) -> None:
        self._feed = feed
        self._session_id = session_id
        self._news = asyncio.Event()
        self._behind = asyncio.Event()
        self._followers = 0
        self.ended = False
        self.tail = Tail(head.last_sequence, over=head.closed)

    def offer(self, events: Sequence[StoredEvent]) -> None:
        if not self.tail.extend(events):
            self._behind.set()
        self.wake()

    def reached(self, sequence: int) -> None:
        """The log is said to go up to here."""
        if sequence > self.tail.last:
            self._behind.set()

    def wake(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def end(self) -> None:
        """Nothing comes any more; whoever follows goes, and may come back to another channel."""
        self.ended = True
        self.wake()

    @property
    def over(self) -> bool:
        """There is nothing to wait for."""
        return self.ended or self.tail.over

    async def news(self, timeout_s: float) -> None:
        """Returns at a wake-up, or when the time is over."""
        await wait_at_most(timeout_s, self._news)

    @contextmanager
    def followed(self) -> Iterator[None]:
        self._followers += 1
        try:
            yield
        finally:
            self._followers -= 1

    async def run(self) -> None:
        """Returns when nobody has followed for a while."""
        idle = 0
        while idle < IDLE_LOOKS:
            self._behind.clear()
            await self._catch_up()
            await wait_at_most(POLL_S, self._behind)
            idle = 0 if self._followers else idle + 1

    async def _catch_up(self) -> None:
        try:
            while (page := await self._feed.page(self._session_id, self.tail.last)).items:
                self.offer(page.items)
        except DomainError as error:
            log.warning("log not read", session_id=str(self._session_id), code=error.code)
