"""LiveKit's webhooks over HTTP, signed as LiveKit signs them."""

import base64
import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa
from livekit import api

from orchestrator.core.database import Database
from orchestrator.settings import Settings
from orchestrator.webhooks.tables import inbox
from tests.support.school import Caller, School
from tests.support.waiting import eventually

PATH = "/api/webhooks/livekit"


def sign(settings: Settings, body: bytes, secret: str | None = None) -> str:
    key = secret or settings.livekit_api_secret.reveal()
    token = api.AccessToken(settings.livekit_api_key, key).with_ttl(timedelta(minutes=5))
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return token.with_sha256(digest).to_jwt()


def event(name: str, session_id: UUID, **fields: Any) -> bytes:
    room = {"name": f"session-{session_id}", "sid": "RM_1"}
    body = {"event": name, "id": f"EV_{uuid4().hex}", "createdAt": "1795263518", "room": room}
    return json.dumps({**body, **fields}).encode()


async def deliver(caller: Caller, body: bytes, signature: str) -> httpx.Response:
    headers = {"Authorization": signature, "Content-Type": "application/webhook+json"}
    return await caller.http.post(PATH, content=body, headers=headers)


async def rows(database: Database) -> list[sa.RowMapping]:
    async with database.system_transaction() as tx:
        return list((await tx.execute(sa.select(inbox))).mappings())


async def log_of(caller: Caller, school: School, session_id: UUID) -> list[dict[str, Any]]:
    page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
    return [item["payload"] for item in page.json()["items"]]


async def until_processed(database: Database, count: int) -> None:
    async def all_done() -> bool:
        return [r["processed_at"] is not None for r in await rows(database)] == [True] * count

    await eventually(all_done)


async def test_a_connection_is_told_once_however_often_it_is_delivered(
    caller: Caller, school: School, settings: Settings, database: Database
) -> None:
    session_id = await caller.new_session(school)
    seat = (await caller.command("start", school.teacher, session_id)).json()
    who = {"sid": "PA_1", "identity": seat["participant"]["id"], "kind": "STANDARD"}
    body = event("participant_joined", session_id, participant=who)
    for _ in range(3):
        reply = await deliver(caller, body, sign(settings, body))
        assert reply.status_code == 200
    await until_processed(database, 1)
    told = [p for p in await log_of(caller, school, session_id) if p.get("sid") == "PA_1"]
    assert [payload["type"] for payload in told][:1] == ["participant.connected"]


@pytest.mark.parametrize("fault", ["none", "secret", "body", "garbage", "token without hash"])
async def test_a_bad_signature_is_refused_and_nothing_is_stored(
    caller: Caller, school: School, settings: Settings, database: Database, fault: str
) -> None:
    body = event("room_finished", await caller.new_session(school))
    signatures = {
        "none": "",
        "secret": sign(settings, body, "x" * 40),
        "body": sign(settings, body + b" "),
        "garbage": "not.a.token",
        "token without hash": api.AccessToken(
            settings.livekit_api_key, settings.livekit_api_secret.reveal()
        ).to_jwt(),
    }
    reply = await deliver(caller, body, signatures[fault])
    assert (reply.status_code, reply.json()["code"]) == (401, "signature_invalid")
    assert await rows(database) == []


async def test_a_room_that_finished_while_nobody_listened_ends_the_class(
    caller: Caller, school: School, settings: Settings, database: Database
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    async with api.LiveKitAPI(
        settings.livekit_url, settings.livekit_api_key, settings.livekit_api_secret.reveal()
    ) as livekit:
        await livekit.room.delete_room(api.DeleteRoomRequest(room=f"session-{session_id}"))
    body = event("room_finished", session_id)
    assert (await deliver(caller, body, sign(settings, body))).status_code == 200
    await until_processed(database, 1)
    ended = [p for p in await log_of(caller, school, session_id) if p["type"] == "session.ended"]
    assert [payload["reason"] for payload in ended] == ["room_finished"]


async def test_an_event_of_a_strange_room_is_taken_and_ignored(
    caller: Caller, settings: Settings, database: Database
) -> None:
    body = json.dumps(
        {"event": "room_started", "id": "EV_x", "room": {"name": "elsewhere"}}
    ).encode()
    assert (await deliver(caller, body, sign(settings, body))).status_code == 200
    await until_processed(database, 1)
