"""Destinations over HTTP: what is kept, what is shown, and to whom."""

from uuid import uuid4

import httpx
import sqlalchemy as sa

from orchestrator.cli.probe.receivers import ClosedPort
from orchestrator.core.database import Database
from orchestrator.destinations.presets import PRESETS
from orchestrator.destinations.tables import destinations
from orchestrator.egress import selection
from orchestrator.sessions.tables import sessions
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
    async with database.system_transaction() as tx:
        row = (await tx.execute(sa.select(destinations))).mappings().one()
    assert b"canary" not in row["stream_key"]
    assert "canary" not in made.text + listed.text + str({**row, "stream_key": None})


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
    async with database.system_transaction() as tx:
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


async def patch(
    caller: Caller, school: School, destination: str, body: dict[str, str], key: str = ""
) -> httpx.Response:
    headers = key_and_token(school, key or str(uuid4()))
    return await caller.http.patch(f"/api/destinations/{destination}", json=body, headers=headers)


async def test_an_update_changes_what_it_names_and_no_more(
    caller: Caller, school: School, database: Database
) -> None:
    made = (await caller.post(school.teacher, "/api/destinations", GOOD)).json()
    renamed = await patch(caller, school, made["id"], {"name": " Hall "}, "k1")
    assert renamed.status_code == 200, renamed.text
    expected = {**made, "name": "Hall", "updatedAt": renamed.json()["updatedAt"]}
    assert renamed.json() == expected
    moved = await patch(
        caller,
        school,
        made["id"],
        {"url": "rtmp://127.0.0.1:19351/app", "streamKey": "canary-second-key-7777"},
    )
    assert (moved.json()["url"], moved.json()["keyHint"]) == ("rtmp://127.0.0.1:19351/app", "7777")
    assert "canary" not in moved.text
    again = await patch(caller, school, made["id"], {"name": " Hall "}, "k1")
    assert again.json() == renamed.json()
    assert (await caller.get(school.teacher, "/api/destinations")).json() == {
        "items": [moved.json()]
    }
    async with database.system_transaction() as tx:
        sealed = await tx.scalar(sa.select(destinations.c.stream_key))
    assert sealed is not None
    assert b"canary" not in sealed


async def test_another_tenants_destination_cannot_be_updated_or_tested(
    caller: Caller, school: School, other_school: School
) -> None:
    made = (await caller.post(school.teacher, "/api/destinations", GOOD)).json()
    assert (await patch(caller, other_school, made["id"], {"name": "Mine"})).status_code == 404
    test = f"/api/destinations/{made['id']}/test"
    assert (await caller.post(other_school.teacher, test, None, key="")).status_code == 404


async def test_on_air_a_destination_can_be_renamed_but_not_moved_or_tested(
    caller: Caller, school: School
) -> None:
    made = (await caller.post(school.teacher, "/api/destinations", GOOD)).json()
    session_id = await caller.new_session(school)
    chosen = {"destinationIds": [made["id"]]}
    await caller.post(school.teacher, f"/api/sessions/{session_id}/destinations", chosen)
    await caller.command("start", school.teacher, session_id)
    for moving in ({"url": "rtmp://127.0.0.1:19351/app"}, {"streamKey": "another-key"}):
        refused = await patch(caller, school, made["id"], moving)
        assert (refused.status_code, refused.json()["code"]) == (409, "destination_in_use")
    test = f"/api/destinations/{made['id']}/test"
    refused = await caller.post(school.teacher, test, None, key="")
    assert (refused.status_code, refused.json()["code"]) == (409, "destination_in_use")
    same = {"name": "Hall", "url": GOOD["url"]}
    assert (await patch(caller, school, made["id"], same)).status_code == 200
    await caller.command("end", school.teacher, session_id)
    assert (await patch(caller, school, made["id"], {"streamKey": "another-key"})).is_success


async def test_a_deselected_destination_stays_put_until_its_stream_has_ended(
    caller: Caller, school: School, database: Database
) -> None:
    made = (await caller.post(school.teacher, "/api/destinations", GOOD)).json()
    session_id = await caller.new_session(school)
    path = f"/api/sessions/{session_id}/destinations"
    await caller.post(school.teacher, path, {"destinationIds": [made["id"]]})
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(sessions).values(status="live"))
        await tx.execute(sa.update(selection.table).values(selected=False, status="live"))
    moving = {"streamKey": "another-key"}
    assert (await patch(caller, school, made["id"], moving)).status_code == 409
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(selection.table).values(status="ended"))
    assert (await patch(caller, school, made["id"], moving)).status_code == 200


async def test_a_test_tells_what_happened_and_never_the_key(caller: Caller, school: School) -> None:
    with ClosedPort() as url:
        body = {**GOOD, "url": url}
        made = (await caller.post(school.teacher, "/api/destinations", body)).json()
        reply = await caller.post(
            school.teacher, f"/api/destinations/{made['id']}/test", None, key=""
        )
    assert reply.status_code == 200, reply.text
    result = reply.json()
    assert set(result) == {"ok", "stage", "message", "durationMs"}
    assert (result["ok"], result["stage"]) == (False, "connect")
    assert "canary" not in reply.text


async def test_presets_are_listed_for_staff_only(caller: Caller, school: School) -> None:
    path = "/api/destinations/presets"
    listed = (await caller.get(school.teacher, path)).json()["items"]
    assert [item["id"] for item in listed] == [preset.id for preset in PRESETS]
    assert (await caller.get(school.student, path)).status_code == 403


async def test_a_preset_is_kept_and_its_rules_hold_for_updates(
    caller: Caller, school: School, database: Database
) -> None:
    url = "rtmps://127.0.0.1:19443/app"
    kick = {**GOOD, "preset": "kick", "url": url}
    made = (await caller.post(school.teacher, "/api/destinations", kick)).json()
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.select(destinations.c.preset)) == "kick"
    refused = await patch(caller, school, made["id"], {"url": "rtmp://127.0.0.1:19350/app"})
    assert refused.status_code == 422
    assert "rtmps://" in refused.json()["message"]
    assert (await caller.get(school.teacher, "/api/destinations")).json() == {"items": [made]}


def key_and_token(school: School, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {school.teacher.token}", "Idempotency-Key": key}
