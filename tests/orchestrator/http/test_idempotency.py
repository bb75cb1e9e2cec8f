"""One key, one effect: whatever is repeated, doubled or mixed up."""

import asyncio
from uuid import uuid4

import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.courses.tables import courses
from orchestrator.http.idempotency import Write, forget_expired
from orchestrator.http.tables import idempotency_keys
from schema.courses import Course, CreateCourse
from schema.errors import RequestInFlight, SessionOver
from tests.support.school import Caller, School, bearer

COURSE = {"title": "Poems"}


async def course_count(database: Database, school: School) -> int:
    async with database.system_transaction() as tx:
        counted = sa.select(sa.func.count()).where(courses.c.tenant_id == school.tenant_id)
        return int(await tx.scalar(counted))


async def test_a_write_without_a_key_is_refused_and_changes_nothing(
    caller: Caller, school: School, database: Database
) -> None:
    before = await course_count(database, school)
    reply = await caller.post(school.teacher, "/api/courses", COURSE, key="")
    assert (reply.status_code, reply.json()["code"]) == (400, "idempotency_key_missing")
    assert await course_count(database, school) == before


async def test_the_same_request_gets_the_same_reply_once(
    caller: Caller, school: School, database: Database
) -> None:
    before = await course_count(database, school)
    first = await caller.post(school.teacher, "/api/courses", COURSE, "k1")
    again = await caller.post(school.teacher, "/api/courses", COURSE, "k1")
    in_body = await caller.post(
        school.teacher, "/api/courses", {**COURSE, "idempotencyKey": "k1"}, key=""
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert in_body.json() == first.json()
    assert await course_count(database, school) == before + 1


async def test_another_body_or_path_under_the_same_key_is_refused(
    caller: Caller, school: School
) -> None:
    await caller.post(school.teacher, "/api/courses", COURSE, "k1")
    other_body = await caller.post(school.teacher, "/api/courses", {"title": "Plays"}, "k1")
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key_reused")
    made = (await caller.post(school.teacher, "/api/courses", COURSE, "k2")).json()["id"]
    lesson = {"title": "One"}
    here = f"/api/courses/{school.course_id}/lessons"
    assert (await caller.post(school.teacher, here, lesson, "k3")).status_code == 201
    there = await caller.post(school.teacher, f"/api/courses/{made}/lessons", lesson, "k3")
    assert there.json()["code"] == "idempotency_key_reused"


async def test_two_different_keys_in_one_request_are_refused(
    caller: Caller, school: School
) -> None:
    body = {**COURSE, "idempotencyKey": "in-the-body"}
    reply = await caller.post(school.teacher, "/api/courses", body, "in-the-header")
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": "idempotencyKey"})


@pytest.mark.parametrize("key", ["x" * 256, "tab\tinside"])
async def test_an_unusable_key_is_refused(caller: Caller, school: School, key: str) -> None:
    body = {**COURSE, "idempotencyKey": key}
    reply = await caller.post(school.teacher, "/api/courses", body, "")
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": "idempotencyKey"})


async def test_two_people_with_the_same_key_do_not_meet(
    caller: Caller, school: School, other_school: School
) -> None:
    people = (school.teacher, school.admin, other_school.teacher)
    replies = [await caller.post(who, "/api/courses", COURSE, "k1") for who in people]
    assert len({reply.json()["id"] for reply in replies}) == 3


async def test_a_refusal_is_not_kept(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    early = await caller.command("join", school.student, session_id, "k1")
    assert early.status_code == 409
    await caller.command("start", school.teacher, session_id)
    assert (await caller.command("join", school.student, session_id, "k1")).status_code == 200


async def test_no_token_is_kept_and_each_reply_has_its_own(
    caller: Caller, school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    first = (await caller.command("start", school.teacher, session_id, "k1")).json()
    async with database.system_transaction() as tx:
        kept = [str(row.reply) for row in await tx.execute(sa.select(idempotency_keys.c.reply))]
    assert first["livekit"]["token"] not in "".join(kept)
    assert "token" not in "".join(kept)
    again = (await caller.command("start", school.teacher, session_id, "k1")).json()
    assert (again["session"], again["participant"]) == (first["session"], first["participant"])
    assert again["livekit"]["token"].count(".") == 2


async def test_while_the_first_is_running_the_second_is_told_to_wait(
    school: School, database: Database
) -> None:
    running, release = asyncio.Event(), asyncio.Event()
    write = Write(database, school.teacher, "POST /x", "/x", "k1")
    course = Course(
        id=uuid4(), title="Poems", description="", archived=False, version=1, enrols_everybody=False
    )

    async def slow(*_: object) -> Course:
        running.set()
        await release.wait()
        return course

    command = CreateCourse(title="Poems")
    first = asyncio.create_task(write.once(command, slow, Course))
    await running.wait()
    with pytest.raises(RequestInFlight):
        await write.once(command, slow, Course)
    release.set()
    assert await first == course
    assert await write.once(command, slow, Course) == course


async def test_what_dies_halfway_leaves_no_lock_and_no_reply(
    school: School, database: Database
) -> None:
    write = Write(database, school.teacher, "POST /x", "/x", "k1")
    course = Course(
        id=uuid4(), title="Poems", description="", archived=False, version=1, enrols_everybody=False
    )

    async def refuse(*_: object) -> Course:
        raise SessionOver("over")

    async def work(*_: object) -> Course:
        return course

    with pytest.raises(SessionOver):
        await write.once(CreateCourse(title="Poems"), refuse, Course)
    assert await write.once(CreateCourse(title="Poems"), work, Course) == course


async def test_twenty_at_once_do_it_once(
    caller: Caller, school: School, database: Database
) -> None:
    before = await course_count(database, school)
    replies = await asyncio.gather(
        *(caller.post(school.teacher, "/api/courses", COURSE, "k1") for _ in range(20))
    )
    statuses = {reply.status_code for reply in replies}
    assert statuses <= {201, 409}
    assert len({reply.json()["id"] for reply in replies if reply.status_code == 201}) == 1
    waiting = [reply for reply in replies if reply.status_code == 409]
    assert all(reply.headers["Retry-After"] for reply in waiting)
    assert await course_count(database, school) == before + 1


async def test_kept_replies_expire(caller: Caller, school: School, database: Database) -> None:
    await caller.post(school.teacher, "/api/courses", COURSE, "k1")
    async with database.system_transaction() as tx:
        expires_at = await tx.scalar(sa.select(idempotency_keys.c.expires_at))
        created_at = await tx.scalar(sa.select(idempotency_keys.c.created_at))
        assert (expires_at - created_at).days == 7
        assert await forget_expired(tx, expires_at) == 0
        assert await forget_expired(tx, expires_at.replace(year=expires_at.year + 1)) == 1


async def test_the_header_is_read_whatever_its_case(caller: Caller, school: School) -> None:
    headers = bearer(school.teacher) | {"idempotency-KEY": "k9"}
    reply = await caller.http.post("/api/courses", json=COURSE, headers=headers)
    assert reply.status_code == 201
