"""What a class goes on with while Redis, LiveKit or the control plane is away."""

import asyncio
import time
from uuid import UUID

from msgspec.structs import replace

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.core.livekit.client import ROOM_DEADLINE_S
from orchestrator.settings import Secret, Settings
from tests.orchestrator.realtime.test_stream import live_session, path, say
from tests.orchestrator.sessions.test_crowd import enrol_many
from tests.support.proxy import proxied
from tests.support.school import Caller, School, bearer
from tests.support.served import serve
from tests.support.streams import streaming
from tests.support.waiting import eventually


async def log_length(caller: Caller, school: School, session_id: UUID) -> int:
    page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
    return int(page.json()["lastSequence"])


async def test_livekit_away_stops_nobody_from_talking(school: School, settings: Settings) -> None:
    async with proxied(settings.livekit_url) as (proxy, url):
        changed = replace(settings, port=free_port(), livekit_url=url)
        async with serve(changed) as caller:
            session_id = await live_session(caller, school)
            waiting = await caller.new_session(school)
            async with streaming(
                caller.http, path(session_id, 3), bearer(school.teacher)
            ) as stream:
                await proxy.stop()
                began_s = time.monotonic()
                for verb, who, one in (
                    ("start", school.teacher, waiting),
                    ("join", school.student, session_id),
                ):
                    refused = await caller.command(verb, who, one)
                    assert (refused.status_code, refused.json()["code"]) == (
                        503,
                        "livekit_unavailable",
                    )
                    assert refused.headers["Retry-After"]
                # At once: neither was held up for as long as a call to LiveKit may take.
                assert time.monotonic() - began_s < 2 * ROOM_DEADLINE_S
                assert await log_length(caller, school, waiting) == 1
                assert await log_length(caller, school, session_id) == 3
                await say(caller, school.teacher, session_id, "we go on")
                asked = await caller.post(
                    school.teacher,
                    "/api/questions",
                    {"sessionId": str(session_id), "content": "Do we?"},
                )
                assert asked.status_code == 201, asked.text
                await ask_and_answer(caller, school, session_id)
                told = await stream.payloads(6)
                await proxy.start()
    assert [event["payload"]["type"] for _, event in told] == [
        "chat.sent",
        "question.asked",
        "poll.created",
        "poll.opened",
        "poll.answered",
        "poll.closed",
    ]


async def ask_and_answer(caller: Caller, school: School, session_id: UUID) -> None:
    """A poll from its draft to its close."""
    draft = {"sessionId": str(session_id), "prompt": "Where?", "options": ["Bath", "Highbury"]}
    poll = (await caller.post(school.teacher, "/api/polls", draft)).json()["id"]
    for verb, body in (("open", None), ("responses", {"choices": [1]}), ("close", None)):
        reply = await caller.post(school.teacher, f"/api/polls/{poll}/{verb}", body)
        assert reply.status_code == 200, reply.text


async def test_livekit_hanging_holds_up_only_who_wants_to_enter(
    school: School, settings: Settings, database: Database
) -> None:
    # More than there are connections to the database.
    crowd = await enrol_many(database, school, 25)
    async with serve(replace(settings, port=free_port())) as caller:
        session_id = await live_session(caller, school)
    async with (
        proxied(settings.livekit_url) as (proxy, url),
        serve(replace(settings, port=free_port(), livekit_url=url)) as caller,
    ):
        proxy.hang()
        entering = asyncio.gather(*(caller.command("join", s, session_id) for s in crowd))
        await eventually(proxy.holds_something)
        await say(caller, school.teacher, session_id, "we go on")
        await say(caller, school.teacher, session_id, "as ever")
        proxy.go_on()
        replies = await entering
    # LiveKit's deadline would have refused them, had anybody's words waited for it.
    assert {reply.status_code for reply in replies} == {200}


async def test_redis_away_delays_nobody_in_this_process(school: School, settings: Settings) -> None:
    async with proxied(settings.redis_url.reveal()) as (proxy, url):
        changed = replace(settings, port=free_port(), redis_url=Secret(url))
        async with serve(changed) as caller:
            session_id = await live_session(caller, school)
            agent = {"Authorization": f"Bearer {settings.internal_token.reveal()}"}
            await proxy.stop()
            await say(caller, school.teacher, session_id, "committed")
            address = f"/api/internal/sessions/{session_id}/events?after=3&waitMs=5000"
            page = (await caller.http.get(address, headers=agent)).json()
            assert [item["sequence"] for item in page["items"]] == [4]
            await proxy.start()
            await say(caller, school.teacher, session_id, "caught up")
            page = (await caller.http.get(address, headers=agent)).json()
            assert [item["sequence"] for item in page["items"]] == [4, 5]


async def test_a_stream_resumes_at_a_control_plane_that_was_restarted(
    school: School, settings: Settings
) -> None:
    changed = replace(settings, port=free_port())
    async with serve(changed) as caller:
        session_id = await live_session(caller, school)
        async with streaming(caller.http, path(session_id), bearer(school.teacher)) as stream:
            seen = [number for number, _ in await stream.payloads(2)]
    async with serve(changed) as again:
        await say(again, school.teacher, session_id, "after the restart")
        headers = bearer(school.teacher) | {"Last-Event-ID": str(seen[-1])}
        async with streaming(again.http, path(session_id), headers) as stream:
            seen += [number for number, _ in await stream.payloads(2)]
    assert seen == [1, 2, 3, 4]
