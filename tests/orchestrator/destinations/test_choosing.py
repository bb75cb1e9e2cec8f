"""Which destinations a session may have, and with which it begins."""

from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.egress.selection import table as held
from tests.support.school import Caller, School

ONCE = {"type": "rtmp", "preset": "linkedin", "url": "rtmp://127.0.0.1:19350/live"}
PREFERENCES = "/api/users/me/preferences"


async def made(caller: Caller, school: School, **fields: Any) -> str:
    body = {**ONCE, "streamKey": f"key-{uuid4()}", **fields}
    reply = await caller.post(school.teacher, "/api/destinations", body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def choose(caller: Caller, school: School, session: Any, *ids: str) -> httpx.Response:
    path = f"/api/sessions/{session}/destinations"
    return await caller.post(school.teacher, path, {"destinationIds": list(ids)})


async def prefer(caller: Caller, school: School, value: str) -> None:
    reply = await caller.patch(school.teacher, PREFERENCES, {"destinationsDefault": value})
    assert (reply.status_code, reply.json()) == (200, {"destinationsDefault": value})


async def begins_with(caller: Caller, school: School) -> set[str]:
    session = await caller.new_session(school)
    reply = await caller.get(school.teacher, f"/api/sessions/{session}/destinations")
    return {item["destinationId"] for item in reply.json()}


async def test_a_single_use_key_belongs_to_one_session(caller: Caller, school: School) -> None:
    key = await made(caller, school)
    first, second = await caller.new_session(school), await caller.new_session(school)
    assert (await choose(caller, school, first, key)).status_code == 200
    assert (await choose(caller, school, first, key)).status_code == 200
    refused = await choose(caller, school, second, key)
    assert (refused.status_code, refused.json()["code"]) == (409, "single_use_key_taken")
    assert refused.json()["details"] == {"destinationId": key, "sessionId": str(first)}
    shown = await caller.get(school.teacher, f"/api/sessions/{second}/destinations")
    assert shown.json() == []
    assert (await choose(caller, school, first)).status_code == 200
    assert (await choose(caller, school, second, key)).status_code == 200


async def test_a_used_key_is_free_again_when_it_was_changed(
    caller: Caller, school: School, database: Database
) -> None:
    key = await made(caller, school)
    first, second = await caller.new_session(school), await caller.new_session(school)
    await choose(caller, school, first, key)
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(held).values(lives=1, changed_at=sa.text("now()")))
    await choose(caller, school, first)
    assert (await choose(caller, school, second, key)).status_code == 409
    fresh = {"streamKey": f"key-{uuid4()}"}
    await caller.patch(school.teacher, f"/api/destinations/{key}", fresh)
    assert (await choose(caller, school, second, key)).status_code == 200


async def test_a_lasting_key_may_serve_many_sessions(caller: Caller, school: School) -> None:
    key = await made(caller, school, preset="custom")
    for _ in range(2):
        session = await caller.new_session(school)
        assert (await choose(caller, school, session, key)).status_code == 200


async def test_the_same_address_and_key_twice_is_refused(caller: Caller, school: School) -> None:
    await made(caller, school, streamKey="one-key")
    body = {**ONCE, "streamKey": "one-key", "name": "Again"}
    again = await caller.post(school.teacher, "/api/destinations", body)
    assert (again.status_code, again.json()["code"]) == (409, "destination_exists")
    other = await made(caller, school, streamKey="another-key")
    moved = await caller.patch(
        school.teacher, f"/api/destinations/{other}", {"streamKey": "one-key"}
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "destination_exists")
    assert len((await caller.get(school.teacher, "/api/destinations")).json()["items"]) == 2


async def test_new_sessions_begin_as_their_author_prefers(caller: Caller, school: School) -> None:
    lasting = {await made(caller, school, preset="custom") for _ in range(2)}
    once = await made(caller, school)
    got = await caller.get(school.teacher, PREFERENCES)
    assert got.json() == {"destinationsDefault": "all_off"}
    assert await begins_with(caller, school) == set()
    await prefer(caller, school, "all_on")
    # Which class gets a single-use key is for people to say.
    assert await begins_with(caller, school) == lasting
    default = await caller.get(school.teacher, "/api/destinations/default")
    assert set(default.json()["destinationIds"]) == lasting
    assert once not in default.text
    assert (await caller.get(school.admin, PREFERENCES)).json() == {
        "destinationsDefault": "all_off"
    }
    await prefer(caller, school, "all_off")
    assert await begins_with(caller, school) == set()


async def test_a_session_may_differ_from_the_preference(caller: Caller, school: School) -> None:
    await made(caller, school, preset="custom")
    await prefer(caller, school, "all_on")
    session = await caller.new_session(school)
    assert (await choose(caller, school, session)).json() == []


async def test_an_unknown_preference_is_refused(caller: Caller, school: School) -> None:
    reply = await caller.patch(school.teacher, PREFERENCES, {"destinationsDefault": "some"})
    assert reply.status_code == 422


async def test_the_session_tells_what_stands_in_the_way(caller: Caller, school: School) -> None:
    upright = await made(caller, school, preset="instagram", url="rtmps://127.0.0.1:19350/live")
    session = await caller.new_session(school)
    (chosen,) = (await choose(caller, school, session, upright)).json()
    assert [note["code"] for note in chosen["readiness"]] == ["upright_wanted"]
