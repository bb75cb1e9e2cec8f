"""A whole class comes in while its teacher speaks: faster than fifty in a minute, for nobody waits between two."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from orchestrator.core.database import Database
from tests.live.realtime.conftest import Stage, agent_heard, seated
from tests.live.room.conftest import supervised_recogniser
from tests.support.rooms import Person, speech
from tests.support.school import Member, enrol
from tests.support.waiting import eventually
from tests.support.words import plain, spoken_text

pytestmark = pytest.mark.timeout(240)

CLIP = "sense_0930"
EVERYBODY = 50
# As many as a small machine can take in at once without letting one of them wait for longer than a client does.
AT_ONCE = 4
WITHIN_S = 60


async def enrolled(stage: Stage, database: Database, count: int) -> list[Member]:
    async with database.system_transaction() as tx:
        school = stage.school
        return [
            await enrol(tx, school.tenant_id, "student", school.course_id) for _ in range(count)
        ]


async def come_in(
    stage: Stage, session_id: UUID, crowd: list[Member], room: AsyncExitStack
) -> list[Person]:
    """Each by the API and then into the room, as a browser does."""
    door = asyncio.Semaphore(AT_ONCE)

    async def one(student: Member) -> Person:
        async with door:
            reply = await stage.caller.command("join", student, session_id)
            assert reply.status_code == 200, reply.text
            return await room.enter_async_context(seated(reply.json(), hears=False))

    return await asyncio.gather(*map(one, crowd))


async def speaking_until(teacher: Person, done: asyncio.Event) -> None:
    """The same sentence again and again, once more after it is done."""
    last = False
    while not last:
        last = done.is_set()
        await teacher.speak(speech(CLIP, pause_s=1.0))


async def has_sentence(person: Person) -> bool:
    """Half of the words that are hard to mishear, within one final: whole, for the rest is a matter of the recogniser."""
    wanted = {word for word in plain(spoken_text(CLIP)) if len(word) > 3}
    return any(
        2 * len(wanted & set(plain(caption.text))) >= len(wanted) for caption in person.finals()
    )


async def everybody(stage: Stage, session_id: UUID) -> list[dict[str, Any]]:
    """Who is in the room as the control plane counts them; empty until the last has arrived there."""
    reply = await stage.caller.get(stage.school.teacher, f"/api/sessions/{session_id}/attendance")
    here = [one for one in reply.json()["items"] if one["here"]]
    return here if len(here) >= EVERYBODY else []


async def captioned(stage: Stage, session_id: UUID) -> set[str]:
    """Whose words the log has."""
    reply = await stage.caller.get(
        stage.school.teacher, f"/api/sessions/{session_id}/captions?limit=500"
    )
    return {cue["participantId"] for cue in reply.json()["items"]}


async def recorded(stage: Stage) -> set[str]:
    """Whose voice the object store has."""
    return {folder.name for folder in stage.folder.glob("objects/*/*/speakers/*")}


async def test_fifty_who_come_in_while_somebody_speaks_disturb_nothing(
    stage: Stage, database: Database
) -> None:
    session_id, seat = await stage.begin()
    crowd = await enrolled(stage, database, EVERYBODY - 1)
    async with (
        supervised_recogniser(stage.environment, stage.folder),
        stage.agent() as program,
        seated(seat) as teacher,
        AsyncExitStack() as room,
    ):
        await agent_heard(teacher)
        jobs, done = {job.pid for job in program.jobs}, asyncio.Event()
        await teacher.open_microphone()
        speaking = asyncio.create_task(speaking_until(teacher, done))
        students = await come_in(stage, session_id, crowd, room)
        done.set()
        await speaking
        for student in students:
            await eventually(partial(has_sentence, student), WITHIN_S)
        here = await eventually(lambda: everybody(stage, session_id), WITHIN_S)
        assert len(here) == EVERYBODY
        assert jobs <= {job.pid for job in program.jobs}
        own = teacher.room.local_participant.identity
        for person in (teacher, *students):
            assert {caption.identity for caption in person.shown} == {own}
        assert await eventually(lambda: captioned(stage, session_id)) == {own}
        assert await eventually(lambda: recorded(stage)) == {own}
    assert await recorded(stage) == {own}
