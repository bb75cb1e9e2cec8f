"""What is known of LiveKit's rooms, how long, and who waits for it."""

import asyncio

import pytest

from orchestrator.core.livekit.rooms import KNOWN_S, STALE_S, KnownRooms, stale_after_s
from schema.errors import LiveKitUnavailable

AWAY = LiveKitUnavailable("away")


class LiveKit:
    """Answers when it is told to; `calls` are the rooms it was asked for."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.calls: list[str] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self.refusal: Exception | None = None
        self.rooms = KnownRooms(self._create, lambda: self.now_s)

    async def _create(self, name: str) -> None:
        self.calls.append(name)
        await self.answers.wait()
        if self.refusal:
            raise self.refusal


async def answered() -> None:
    """Whoever has been asked, and answers at once, is done by then."""
    for _ in range(3):
        await asyncio.sleep(0)


async def test_a_room_is_known_for_a_moment() -> None:
    livekit = LiveKit()
    assert not livekit.rooms.has("one")
    await livekit.rooms.ensure("one")
    assert (livekit.rooms.has("one"), livekit.rooms.has("two")) == (True, False)
    livekit.now_s += KNOWN_S
    assert not livekit.rooms.has("one")
    assert livekit.calls == ["one"]


async def test_while_people_keep_coming_nobody_waits_for_it_again() -> None:
    livekit = LiveKit()
    await livekit.rooms.ensure("one")
    for _ in range(20):
        livekit.now_s += STALE_S / 2
        assert livekit.rooms.has("one")
        await answered()
    assert 2 < len(livekit.calls) <= 1 + 20 / 2


async def test_rooms_that_were_made_together_are_not_asked_for_together() -> None:
    livekit = LiveKit()
    names = [f"room-{number}" for number in range(100)]
    for name in names:
        await livekit.rooms.ensure(name)
    for _ in range(40):
        before, livekit.now_s = len(livekit.calls), livekit.now_s + 0.1
        assert all(livekit.rooms.has(name) for name in names)
        await answered()
        assert len(livekit.calls) - before <= 15
    assert set(livekit.calls[100:]) == set(names)


async def test_all_who_wait_share_one_call() -> None:
    livekit = LiveKit()
    livekit.answers.clear()
    waiting = [asyncio.create_task(livekit.rooms.ensure("one")) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    livekit.answers.set()
    await asyncio.gather(*waiting[1:])
    assert livekit.calls == ["one"]


async def test_who_waits_is_told_that_livekit_is_away() -> None:
    livekit = LiveKit()
    livekit.refusal = AWAY
    with pytest.raises(LiveKitUnavailable):
        await livekit.rooms.ensure("one")
    assert not livekit.rooms.has("one")


async def test_a_room_that_could_not_be_asked_for_again_is_soon_unknown() -> None:
    livekit = LiveKit()
    await livekit.rooms.ensure("one")
    livekit.refusal = AWAY
    livekit.now_s += stale_after_s("one") + 0.1
    assert livekit.rooms.has("one")
    await answered()
    livekit.now_s += KNOWN_S - stale_after_s("one")
    assert not livekit.rooms.has("one")


async def test_what_is_under_way_does_not_come_after_a_room_is_forgotten() -> None:
    livekit = LiveKit()
    livekit.answers.clear()
    asking = asyncio.create_task(livekit.rooms.ensure("one"))
    await asyncio.sleep(0)
    forgetting = asyncio.create_task(livekit.rooms.forget("one"))
    await asyncio.sleep(0)
    assert not forgetting.done()
    livekit.answers.set()
    await asyncio.gather(asking, forgetting)
    assert not livekit.rooms.has("one")


async def test_at_the_end_nobody_waits_for_a_livekit_that_does_not_answer() -> None:
    livekit = LiveKit()
    livekit.answers.clear()
    asking = asyncio.create_task(livekit.rooms.ensure("one"))
    await asyncio.sleep(0)
    await livekit.rooms.close()
    with pytest.raises(asyncio.CancelledError):
        await asking
