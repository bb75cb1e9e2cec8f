"""What is drawn in class, as the programme's recorder hears of it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import numpy as np
import pytest
from PIL import Image

from agents.egress.scene.boards import DrawnBoards, Place
from agents.egress.scene.ink import Ink
from orchestrator.core.control_client import ControlClient
from orchestrator.core.database import Database
from orchestrator.realtime.relay.presence import Presence
from orchestrator.settings import Settings
from tests.orchestrator.studio.test_boards import Pen, stroke
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.studio import Desk, pdf
from tests.support.waiting import eventually

GROUND = Image.new("RGB", (160, 90), "white")


class Page:
    """A page as it was told last."""

    def __init__(self) -> None:
        self.told = 0
        self.pixels = np.asarray(GROUND)

    async def take(self, ink: Ink) -> None:
        self.told += 1
        self.pixels = np.asarray(ink.on(GROUND)).copy()

    async def until_drawn(self, *, drawn: bool = True) -> None:
        """In the middle, where every stroke of these tests goes through."""

        async def looks_so() -> bool:
            return self.told > 0 and bool(self.pixels[45, 80, 2] < 128) == drawn

        await eventually(looks_so)


@pytest.fixture
async def caller(at_port: Settings, database: Database) -> AsyncIterator[Caller]:
    async with serve(at_port) as caller:
        yield caller


async def live_class(caller: Caller, school: School) -> Desk:
    desk = Desk(caller, school.teacher, await caller.new_session(school))
    await caller.command("start", school.teacher, desk.session_id)
    return desk


async def test_a_recorder_sees_what_was_drawn_and_what_comes(
    caller: Caller, school: School, at_port: Settings
) -> None:
    desk = await live_class(caller, school)
    pen, page, name = Pen(desk), Page(), str(uuid4())
    await pen.draw(stroke(name, width=900))
    async with ControlClient(at_port) as control:
        following = asyncio.create_task(
            DrawnBoards(control, desk.session_id).follow(Place(None, 1), page.take)
        )
        await page.until_drawn()
        await pen.act("erase", strokes=[name])
        await page.until_drawn(drawn=False)
        await pen.draw(stroke(width=900))
        await page.until_drawn()
        await pen.act("clear")
        await page.until_drawn(drawn=False)
        assert await relaying(at_port, desk.session_id) is None, "a recorder is no room's agent"
        await caller.command("end", school.teacher, desk.session_id)
        async with asyncio.timeout(30):
            await following


async def test_each_page_of_slides_has_its_own_drawing(
    caller: Caller, school: School, at_port: Settings
) -> None:
    desk = await live_class(caller, school)
    asset = UUID((await desk.asset(pdf(2)))["id"])
    pen, first, second = Pen(desk, asset), Page(), Page()
    async with ControlClient(at_port) as control, asyncio.TaskGroup() as group:
        boards = DrawnBoards(control, desk.session_id)
        following = [
            group.create_task(boards.follow(Place(asset, number), page.take))
            for number, page in ((1, first), (2, second))
        ]
        await pen.draw(stroke(width=900), page=2)
        await second.until_drawn()
        await first.until_drawn(drawn=False)
        for task in following:
            task.cancel()


async def relaying(settings: Settings, session_id: UUID) -> int | None:
    presence = Presence(settings.redis_url)
    try:
        return await presence.reached(session_id)
    finally:
        await presence.close()
