"""The hub on a real log: one reader for all, and nobody held up by anybody."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from uuid import UUID, uuid4

import pytest

from orchestrator.core.bus import Bus
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.realtime.feed import Feed
from orchestrator.realtime.hub import BEAT, CLOSED, Hub
from orchestrator.realtime.tail import KEPT_EVENTS
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.agents import EventPage
from schema.errors import NotFound
from schema.events import Event, SessionEnded, StoredEvent
from tests.orchestrator.core.test_eventlog import new_session, titled
from tests.support.school import School, found_school


class CountingFeed(Feed):
    """Counts how often the log is read."""

    looks = 0

    async def page(
        self, session_id: UUID, after: int, tenant_id: UUID | None = None, limit: int = 500
    ) -> EventPage:
        self.looks += 1
        return await super().page(session_id, after, tenant_id, limit)


class Class:
    """One session; `write` commits as this process does, `write_elsewhere` as another would."""

    def __init__(self, database: Database, school: School, session_id: UUID, bus: Bus) -> None:
        self.session_id = session_id
        self._database = database
        self._school = school
        self._log: EventLog[SessionState] = EventLog(SessionState(), evolve)
        self.feed = CountingFeed(database, self._log)
        self.hub = Hub(self.feed, bus)

    async def write(self, *events: Event) -> None:
        self.hub.offer(self.session_id, await self.write_elsewhere(*events))

    async def write_elsewhere(self, *events: Event) -> list[StoredEvent]:
        async with self._database.system_transaction() as tx:
            return await self._log.append(
                tx, self._school.tenant_id, self.session_id, str(uuid4()), lambda _: events
            )

    def follow(self, after: int = 0) -> AsyncGenerator[bytes, None]:
        return self.hub.follow(self.session_id, after, beat_s=30)


@pytest.fixture
async def lesson(database: Database, settings: Settings) -> AsyncIterator[Class]:
    school = await found_school(database)
    bus = Bus(settings.redis_url)
    held = Class(database, school, await new_session(database, school), bus)
    yield held
    await held.hub.close()
    await bus.close()


def ids(chunk: bytes) -> list[int]:
    return [int(line[4:]) for line in chunk.splitlines() if line.startswith(b"id: ")]


async def take(stream: AsyncIterator[bytes], count: int) -> list[int]:
    found: list[int] = []
    async with asyncio.timeout(10):
        while len(found) < count:
            found += ids(await anext(stream))
    return found


async def test_two_hundred_viewers_are_one_reader(lesson: Class) -> None:
    streams = [lesson.follow() for _ in range(200)]
    await lesson.write(titled("all follow from here"))
    assert await asyncio.gather(*[take(stream, 1) for stream in streams]) == [[1]] * 200
    before = lesson.feed.looks
    waiting = [asyncio.create_task(take(stream, 12)) for stream in streams]
    for number in range(12):
        await lesson.write(titled(str(number)))
    assert await asyncio.gather(*waiting) == [list(range(2, 14))] * 200
    assert lesson.feed.looks - before <= 1


async def test_an_event_overtaken_by_the_next_is_read_from_the_log(lesson: Class) -> None:
    async with aclosing(lesson.follow()) as stream:
        await lesson.write(titled("followed from here"))
        assert await take(stream, 1) == [1]
        await lesson.write_elsewhere(titled("not told"))
        await lesson.write(titled("told"))
        assert await take(stream, 2) == [2, 3]


async def test_a_slow_viewer_goes_on_from_the_log_and_holds_up_nobody(lesson: Class) -> None:
    async with aclosing(lesson.follow()) as slow, aclosing(lesson.follow()) as quick:
        await lesson.write(titled("first"))
        assert await take(slow, 1) == [1]
        assert await take(quick, 1) == [1]
        for _ in range(3):
            await lesson.write(*[titled("more")] * (KEPT_EVENTS // 2))
            assert len(await take(quick, KEPT_EVENTS // 2)) == KEPT_EVENTS // 2
        assert await take(slow, 768) == list(range(2, 770))


async def test_a_long_log_comes_in_parts_and_goes_over_to_what_is_new(lesson: Class) -> None:
    await lesson.write(*[titled("old")] * 250)
    async with aclosing(lesson.follow()) as stream:
        assert ids(await anext(stream)) == list(range(1, 101))
        await lesson.write(titled("new"))
        assert await take(stream, 151) == list(range(101, 252))


async def test_silence_has_a_heartbeat(lesson: Class) -> None:
    async with aclosing(lesson.hub.follow(lesson.session_id, 0, beat_s=0.05)) as stream:
        assert [await anext(stream), await anext(stream)] == [BEAT, BEAT]


async def test_the_end_of_the_process_ends_streams_and_waits(lesson: Class) -> None:
    stream = lesson.follow()
    await lesson.write(titled("followed from here"))
    assert await take(stream, 1) == [1]
    told = asyncio.create_task(anext(stream, b""))
    waiting = asyncio.create_task(lesson.hub.wait(lesson.session_id, 1, timeout_s=30))
    await asyncio.sleep(0)
    lesson.hub.end_all()
    async with asyncio.timeout(10):
        assert await told == BEAT
        assert await anext(stream, b"") == b""
        assert (await waiting).items == []


async def test_the_last_chunk_says_that_the_class_is_over(lesson: Class) -> None:
    await lesson.write(titled("a"), SessionEnded(reason="command"))
    async with aclosing(lesson.follow()) as stream:
        assert await take(stream, 2) == [1, 2]
        # No projection ran here: that it is over is known from the event itself, once somebody follows.
        await lesson.write(SessionEnded(reason="command"))
        assert await take(stream, 1) == [3]
        assert await anext(stream) == CLOSED
        assert await anext(stream, b"") == b""


async def test_nobody_follows_what_is_not_there(lesson: Class) -> None:
    with pytest.raises(NotFound):
        await anext(lesson.hub.follow(uuid4(), 0, beat_s=1))
    with pytest.raises(NotFound):
        await lesson.hub.wait(uuid4(), 0, timeout_s=1)
