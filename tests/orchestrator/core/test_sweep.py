"""What is looked at again and again comes one by one, and again only after its time."""

import pytest

from orchestrator.core.clock import Sweep
from schema.errors import LiveKitUnavailable

EVERY_S = 10.0


class Rooms:
    def __init__(self) -> None:
        self.now_s = 100.0
        self.there: list[str] = []
        self.asked = 0
        self.away = False
        self.sweep = Sweep(EVERY_S, self._find, lambda: self.now_s)

    async def _find(self) -> list[str]:
        self.asked += 1
        if self.away:
            raise LiveKitUnavailable("away")
        return self.there


async def test_each_is_looked_at_once_and_nobody_waits_in_between() -> None:
    rooms = Rooms()
    rooms.there = ["one", "two", "three"]
    seen = list[str | None]()
    for _ in rooms.there:
        assert rooms.sweep.wait_s() == 0
        seen.append(await rooms.sweep.one())
        rooms.now_s += 1
    assert seen == rooms.there
    assert (rooms.sweep.wait_s(), await rooms.sweep.one(), rooms.asked) == (7, None, 1)


async def test_one_that_takes_longer_than_its_time_is_ended_first() -> None:
    rooms = Rooms()
    rooms.there = ["one", "two"]
    assert await rooms.sweep.one() == "one"
    rooms.now_s += 2 * EVERY_S
    rooms.there = ["three"]
    assert [await rooms.sweep.one() for _ in range(3)] == ["two", "three", None]


async def test_where_nobody_can_say_what_is_there_it_is_asked_again_in_its_time() -> None:
    rooms = Rooms()
    rooms.away = True
    with pytest.raises(LiveKitUnavailable):
        await rooms.sweep.one()
    assert rooms.sweep.wait_s() == EVERY_S
    rooms.away, rooms.there = False, ["one"]
    rooms.now_s += EVERY_S
    assert await rooms.sweep.one() == "one"
