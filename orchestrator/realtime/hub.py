"""Who follows a session in this process: its log is read once and encoded once, however many follow."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from uuid import UUID

from orchestrator.core.bus import Bus
from orchestrator.realtime.channel import Channel
from orchestrator.realtime.feed import Feed
from orchestrator.realtime.tail import Frame, Tail, frame_of
from schema.agents import EventPage
from schema.events import StoredEvent

# Of a log's older part: many who begin at its start must not hold it all in memory at once.
BACKLOG_EVENTS = 100
BACKLOGS_AT_ONCE = 8
BEAT = b":\n\n"
CLOSED = b"event: closed\ndata: {}\n\n"


class Hub:
    def __init__(self, feed: Feed, bus: Bus) -> None:
        self._feed = feed
        self._channels: dict[UUID, Channel] = {}
        self._opening: dict[UUID, asyncio.Task[Channel]] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._backlogs = asyncio.Semaphore(BACKLOGS_AT_ONCE)
        bus.watch(self._reached)

    def offer(self, session_id: UUID, events: Sequence[StoredEvent]) -> None:
        """What this process has just committed: nobody needs to read it again."""
        if channel := self._channels.get(session_id):
            channel.offer(events)

    def wake(self, session_id: UUID) -> None:
        """Whoever follows gets a heartbeat now."""
        if channel := self._channels.get(session_id):
            channel.wake()

    def end_all(self) -> None:
        """Ends every wait and stream: the process stops, and clients come back to another."""
        for channel in self._channels.values():
            channel.end()

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def wait(self, session_id: UUID, after: int, timeout_s: float) -> EventPage:
        """What follows `after`, as soon as there is something, or nothing when the time is over. Raises NotFound."""
        loop = asyncio.get_running_loop()
        deadline_s = loop.time() + timeout_s
        channel = await self._channel(session_id)
        with channel.followed():
            while True:
                frames = channel.tail.since(after)
                if frames is None:
                    return await self._feed.page(session_id, after)
                left_s = deadline_s - loop.time()
                if frames or channel.over or left_s <= 0:
                    return _page(channel.tail, frames)
                await channel.news(left_s)

    async def follow(
        self, session_id: UUID, after: int, beat_s: float
    ) -> AsyncGenerator[bytes, None]:
        """The log after `after` as server-sent events, with a heartbeat after so much silence and at each wake-up.

        Whoever is too slow for the tail reads the log. Ends with the class (then CLOSED is last) or with this process.
        Raises NotFound, DatabaseUnavailable."""
        channel = await self._channel(session_id)
        with channel.followed():
            while not channel.ended:
                frames = channel.tail.since(after)
                if frames is None:
                    frames = await self._older(session_id, after)
                if frames:
                    after = frames[-1].event.sequence
                    yield b"".join(frame.data for frame in frames)
                elif channel.tail.over:
                    yield CLOSED
                    return
                else:
                    await channel.news(beat_s)
                    if not channel.tail.since(after):
                        yield BEAT

    async def _older(self, session_id: UUID, after: int) -> list[Frame]:
        async with self._backlogs:
            page = await self._feed.page(session_id, after, limit=BACKLOG_EVENTS)
        return [frame_of(event) for event in page.items]

    async def _channel(self, session_id: UUID) -> Channel:
        if channel := self._channels.get(session_id):
            return channel
        opening = self._opening.get(session_id)
        if opening is None:
            opening = asyncio.create_task(self._open(session_id))
            self._opening[session_id] = opening
            opening.add_done_callback(lambda _: self._opening.pop(session_id))
        # One who leaves while it opens must not take it from the others.
        return await asyncio.shield(opening)

    async def _open(self, session_id: UUID) -> Channel:
        channel = Channel(self._feed, session_id, await self._feed.head(session_id))
        self._channels[session_id] = channel
        reader = asyncio.create_task(self._keep(session_id, channel))
        self._readers.add(reader)
        reader.add_done_callback(self._readers.discard)
        return channel

    async def _keep(self, session_id: UUID, channel: Channel) -> None:
        try:
            await channel.run()
        finally:
            del self._channels[session_id]
            channel.end()

    def _reached(self, session_id: UUID, sequence: int) -> None:
        if channel := self._channels.get(session_id):
            channel.reached(sequence)


def _page(tail: Tail, frames: list[Frame]) -> EventPage:
    items = [frame.event for frame in frames]
    return EventPage(items=items, last_sequence=tail.last, closed=tail.over)
