"""Destinations over HTTP: what is kept, what is shown, and to whom."""

import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.destinations.tables import destinations
from tests.support.school import Caller, School

GOOD = {
    "type": "rtmp",
    "url": "rtmp://127.0.0.1:19350/live",
    "streamKey": "canary-stream-key-0042",
}


async def test_a_destination_is_kept_sealed_and_shown_without_its_key(
    caller: Caller, school: School, database: Database
) -> None:
    made = await caller.post(school.teacher, "/api/destinations", GOOD)
    assert made.status_code == 201, made.text
    body = made.json()
    assert set(body) == {
        "id",
        "type",
        "name",
        "url",
        "keyHint",
        "status",
        "createdAt",
        "updatedAt",
    }
    assert (body["name"], body["keyHint"], body["status"]) == ("127.0.0.1", "0042", "connected")
    listed = await caller.get(school.admin, "/api/destinations")
    assert listed.json() == {"items": [body]}
    async with database.transaction() as tx:
        row = (await tx.execute(sa.select(destinations))).mappings().one()
    assert b"canary" not in row["stream_key"]
    assert "canary" not in made.text + listed.text + str({**row, "stream_key": None})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://127.0.0.1/live"}, "url"),
        ({"url": "rtmp://10.0.0.1/live"}, "url"),
        ({"url": "rtmp://[::ffff:169.254.169.254]/live"}, "url"),
        ({"streamKey": "two words"}, "streamKey"),
        ({"streamKey": "a|[f=flv]/tmp/x"}, "streamKey"),
        ({"streamKey": None}, "streamKey"),
        ({"type": "youtube"}, "type"),
        ({"oauthToken": "secret"}, "oauthToken"),
    ],
)
async def test_a_bad_destination_is_refused_and_nothing_is_kept(
    caller: Caller, school: School, changes: dict[str, str], field: str
) -> None:
    reply = await caller.post(school.teacher, "/api/destinations", {**GOOD, **changes})
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field")
    assert reply.json()["details"]["field"] == field
    assert (await caller.get(school.teacher, "/api/destinations")).json() == {"items": []}


async def test_an_unknown_type_or_field_is_refused(caller: Caller, school: School) -> None:
    for changes in ({"type": "srt"}, {"streamkey": "typo"}):
        reply = await caller.post(school.teacher, "/api/destinations", {**GOOD, **changes})
        assert reply.status_code == 422


async def test_only_staff_of_the_tenant_sees_destinations(
    caller: Caller, school: School, other_school: School
) -> None:
    made = await caller.post(school.teacher, "/api/destinations", GOOD)
    path = f"/api/destinations/{made.json()['id']}"
    assert (await caller.get(None, "/api/destinations")).status_code == 401
    for who in (school.student, school.assistant):
        assert (await caller.get(who, "/api/destinations")).status_code == 403
        assert (await caller.post(who, "/api/destinations", GOOD)).status_code == 403
    assert (await caller.get(other_school.teacher, "/api/destinations")).json() == {"items": []}
    foreign = await caller.http.delete(path, headers=key_and_token(other_school, "foreign"))
    assert foreign.status_code == 404
    assert len((await caller.get(school.teacher, "/api/destinations")).json()["items"]) == 1


async def test_deleting_forgets_the_key_for_good(
    caller: Caller, school: School, database: Database
) -> None:
    made = await caller.post(school.teacher, "/api/destinations", GOOD)
    path = f"/api/destinations/{made.json()['id']}"
    assert (await caller.http.delete(path, headers=key_and_token(school, "k"))).status_code == 204
    assert (await caller.http.delete(path, headers=key_and_token(school, "k"))).status_code == 204
    assert (await caller.http.delete(path, headers=key_and_token(school, "l"))).status_code == 404
    assert (await caller.get(school.teacher, "/api/destinations")).json() == {"items": []}
    async with database.transaction() as tx:
        assert await tx.scalar(sa.select(destinations.c.stream_key)) == b""


async def test_a_destination_on_air_cannot_be_deleted(caller: Caller, school: School) -> None:
    made = (await caller.post(school.teacher, "/api/destinations", GOOD)).json()
    session_id = await caller.new_session(school)
    chosen = {"destinationIds": [made["id"]]}
    await caller.post(school.teacher, f"/api/sessions/{session_id}/destinations", chosen)
    await caller.command("start", school.teacher, session_id)
    path = f"/api/destinations/{made['id']}"
    refused = await caller.http.delete(path, headers=key_and_token(school, "k"))
    assert (refused.status_code, refused.json()["code"]) == (409, "destination_in_use")
    await caller.command("end", school.teacher, session_id)
    assert (await caller.http.delete(path, headers=key_and_token(school, "k"))).status_code == 204


def key_and_token(school: School, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {school.teacher.token}", "Idempotency-Key": key}
