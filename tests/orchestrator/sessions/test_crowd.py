"""A whole class comes in at once, and somebody ends it meanwhile."""

import asyncio
from collections import Counter

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, enrol


async def enrol_many(database: Database, school: School, count: int) -> list[Member]:
    async with database.system_transaction() as tx:
        return [
            await enrol(tx, school.tenant_id, "student", school.course_id) for _ in range(count)
        ]


async def test_everybody_gets_in(caller: Caller, school: School, database: Database) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    students = await enrol_many(database, school, 40)
    replies = await asyncio.gather(*(caller.command("join", s, session_id) for s in students))
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.json()["participant"]["id"] for reply in replies}) == 40
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    assert [item["sequence"] for item in page["items"]] == list(range(1, 44))


async def test_nobody_enters_after_the_end(
    caller: Caller, school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    students = await enrol_many(database, school, 12)
    commands = [caller.command("join", student, session_id) for student in students]
    commands.insert(6, caller.command("end", school.teacher, session_id))
    replies = await asyncio.gather(*commands)
    refused = [reply.json()["code"] for reply in replies if reply.status_code != 200]
    assert set(refused) <= {"session_over"}
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    kinds = [item["payload"]["type"] for item in page["items"]]
    assert kinds[-1] == "session.ended"
    assert Counter(kinds)["participant.joined"] == 1 + len(students) - len(refused)
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []
