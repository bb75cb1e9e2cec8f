"""The stream of a session's log, over real HTTP."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from orchestrator.auth.tables import user_roles
from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Secret, Settings
from tests.support.proxy import proxied
from tests.support.school import Caller, Member, School, bearer
from tests.support.served import serve
from tests.support.streams import streaming


def path(session_id: UUID, after: int | None = None) -> str:
    query = "" if after is None else f"?after={after}"
    return f"/api/sessions/{session_id}/events/stream{query}"


async def say(caller: Caller, who: Member, session_id: UUID, content: str) -> None:
    reply = await caller.post(who, "/api/chat", {"sessionId": str(session_id), "content": content})
    assert reply.status_code == 201, reply.text


async def live_session(caller: Caller, school: School) -> UUID:
    """Its log has three events."""
    session_id = await caller.new_session(school)
    assert (await caller.command("start", school.teacher, session_id)).status_code == 200
    return session_id


async def test_it_gives_what_was_and_what_comes_and_ends_with_the_class(
    served: Caller, school: School
) -> None:
    session_id = await live_session(served, school)
    async with streaming(served.http, path(session_id), bearer(school.teacher)) as stream:
        older = await stream.payloads(3)
        await say(served, school.teacher, session_id, "hello\nworld")
        (newer,) = await stream.payloads(1)
        await served.command("end", school.teacher, session_id)
        (ended,) = await stream.payloads(1)
        closed, nothing = await stream.next(), await stream.next()
    page = (await served.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    assert [event for _, event in [*older, newer, ended]] == page["items"]
    assert [number for number, _ in [*older, newer, ended]] == [1, 2, 3, 4, 5]
    assert closed == {"event": "closed", "data": "{}"}
    assert nothing is None


async def test_it_resumes_after_what_was_seen(served: Caller, school: School) -> None:
    session_id = await live_session(served, school)
    async with streaming(served.http, path(session_id, 2), bearer(school.teacher)) as stream:
        assert [number for number, _ in await stream.payloads(1)] == [3]
    # A browser repeats the address of its first connection.
    headers = bearer(school.teacher) | {"Last-Event-ID": "1"}
    async with streaming(served.http, path(session_id, 0), headers) as stream:
        assert [number for number, _ in await stream.payloads(2)] == [2, 3]


async def test_a_class_that_is_over_is_told_whole_and_closed(
    served: Caller, school: School
) -> None:
    session_id = await live_session(served, school)
    await served.command("end", school.teacher, session_id)
    async with streaming(served.http, path(session_id, 3), bearer(school.teacher)) as stream:
        assert [number for number, _ in await stream.payloads(1)] == [4]
        assert (await stream.next() or {}).get("event") == "closed"


async def test_nothing_on_the_way_may_hold_it_back(served: Caller, school: School) -> None:
    session_id = await live_session(served, school)
    headers = bearer(school.teacher) | {"Accept-Encoding": "gzip"}
    async with streaming(served.http, path(session_id), headers) as stream:
        found = stream.reply.headers
    assert found["content-type"].startswith("text/event-stream")
    assert found["cache-control"] == "no-store"
    assert found["x-accel-buffering"] == "no"
    assert "content-encoding" not in found
    assert "content-length" not in found


async def test_it_is_refused_as_the_log_is(
    served: Caller, school: School, other_school: School
) -> None:
    session_id = await live_session(served, school)

    async def status(who: Member | None, address: str, **headers: str) -> int:
        return (await served.http.get(address, headers=bearer(who) | headers)).status_code

    assert await status(None, path(session_id)) == 401
    assert await status(other_school.teacher, path(session_id)) == 404
    assert await status(school.teacher, path(uuid4())) == 404
    assert await status(school.teacher, path(session_id, -1)) == 422
    assert await status(school.teacher, path(session_id), **{"Last-Event-ID": "x"}) == 422


async def test_a_sign_out_ends_it(served: Caller, school: School) -> None:
    session_id = await live_session(served, school)
    async with (
        streaming(served.http, path(session_id, 3), bearer(school.student)) as ended,
        streaming(served.http, path(session_id, 3), bearer(school.teacher)) as kept,
    ):
        await served.http.post("/api/auth/logout", headers=bearer(school.student))
        assert await ended.next(within_s=12) is None
        await say(served, school.teacher, session_id, "still here")
        assert [number for number, _ in await kept.payloads(1)] == [4]


async def test_a_role_that_is_withdrawn_ends_it(
    served: Caller, school: School, database: Database
) -> None:
    session_id = await live_session(served, school)
    async with streaming(served.http, path(session_id, 3), bearer(school.student)) as stream:
        async with database.system_transaction() as tx:
            mine = user_roles.c.user_id == school.student.user_id
            await tx.execute(sa.delete(user_roles).where(mine))
        assert await stream.next(within_s=12) is None


async def test_a_removal_from_the_class_ends_it(served: Caller, school: School) -> None:
    session_id = await live_session(served, school)
    await served.command("join", school.student, session_id)
    pupil = participant_id(session_id, school.student.user_id)
    async with (
        streaming(served.http, path(session_id, 4), bearer(school.student)) as ended,
        streaming(served.http, path(session_id, 5), bearer(school.teacher)) as kept,
    ):
        await served.delete(school.teacher, f"/api/sessions/{session_id}/participants/{pupil}")
        while (word := await ended.next(within_s=12)) is not None:
            # What was told before the look found the removal.
            assert "data" in word
        await say(served, school.teacher, session_id, "still here")
        assert [number for number, _ in await kept.payloads(1)] == [6]


async def test_what_another_process_writes_arrives(
    served: Caller, school: School, settings: Settings
) -> None:
    session_id = await live_session(served, school)
    async with (
        serve(replace(settings, port=free_port())) as elsewhere,
        streaming(served.http, path(session_id, 3), bearer(school.teacher)) as stream,
    ):
        for content in ("one", "two"):
            await say(elsewhere, school.teacher, session_id, content)
        assert [number for number, _ in await stream.payloads(2)] == [4, 5]


async def test_redis_away_costs_a_moment_and_no_event(school: School, settings: Settings) -> None:
    async with proxied(settings.redis_url.reveal()) as (proxy, url):
        without = replace(settings, port=free_port(), redis_url=Secret(url))
        async with (
            serve(without) as reader,
            serve(replace(settings, port=free_port())) as writer,
        ):
            session_id = await live_session(writer, school)
            async with streaming(
                reader.http, path(session_id, 3), bearer(school.teacher)
            ) as stream:
                await proxy.stop()
                await say(writer, school.teacher, session_id, "elsewhere")
                await say(reader, school.teacher, session_id, "here")
                assert [number for number, _ in await stream.payloads(2)] == [4, 5]


@pytest.mark.parametrize("ahead", [10, 10**9])
async def test_who_is_ahead_of_the_log_just_waits(
    served: Caller, school: School, ahead: int
) -> None:
    session_id = await live_session(served, school)
    async with streaming(served.http, path(session_id, ahead), bearer(school.teacher)) as stream:
        with pytest.raises(TimeoutError):
            await stream.next(within_s=0.5)
