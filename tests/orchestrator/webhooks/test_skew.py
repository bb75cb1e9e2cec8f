"""LiveKit's clock is not ours, and its news comes in any order."""

import base64
import hashlib
import time
from uuid import UUID

import jwt
import pytest

from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.orchestrator.webhooks.test_inbox import (
    deliver,
    event,
    log_of,
    rows,
    sign,
    until_processed,
)
from tests.support.school import Caller, School

VALID_S = 300


def sign_with_clock(settings: Settings, body: bytes, ahead_s: float) -> str:
    """As a LiveKit whose clock is that much ahead of ours."""
    now_s = time.time() + ahead_s
    claims = {
        "iss": settings.livekit_api_key,
        "nbf": int(now_s),
        "exp": int(now_s + VALID_S),
        "sha256": base64.b64encode(hashlib.sha256(body).digest()).decode(),
    }
    return jwt.encode(claims, settings.livekit_api_secret.reveal(), algorithm="HS256")


@pytest.mark.parametrize("ahead_s", [30, -30, 30 - VALID_S])
async def test_a_clock_that_is_somewhat_off_loses_no_event(
    caller: Caller, school: School, settings: Settings, database: Database, ahead_s: float
) -> None:
    body = event("room_started", await caller.new_session(school))
    reply = await deliver(caller, body, sign_with_clock(settings, body, ahead_s))
    assert reply.status_code == 200
    assert len(await rows(database)) == 1


@pytest.mark.parametrize("ahead_s", [3600, -3600])
async def test_an_old_signature_is_no_signature(
    caller: Caller, school: School, settings: Settings, database: Database, ahead_s: float
) -> None:
    body = event("room_finished", await caller.new_session(school))
    reply = await deliver(caller, body, sign_with_clock(settings, body, ahead_s))
    assert (reply.status_code, reply.json()["code"]) == (401, "signature_invalid")
    assert await rows(database) == []


async def test_who_left_before_they_came_is_gone_whatever_the_clocks_say(
    caller: Caller, school: School, settings: Settings, database: Database
) -> None:
    session_id = await caller.new_session(school)
    seat = (await caller.command("start", school.teacher, session_id)).json()
    who = {"sid": "PA_1", "identity": seat["participant"]["id"], "kind": "STANDARD"}
    await tell(caller, settings, session_id, "participant_left", who, "4102444800")
    await until_processed(database, 1)
    await tell(caller, settings, session_id, "participant_joined", who, "978307200")
    await until_processed(database, 2)
    told = [p["type"] for p in await log_of(caller, school, session_id) if p.get("sid") == "PA_1"]
    assert told == ["participant.connected", "participant.left"]


async def tell(
    caller: Caller,
    settings: Settings,
    session_id: UUID,
    name: str,
    who: dict[str, str],
    created_at: str,
) -> None:
    body = event(name, session_id, participant=who, createdAt=created_at)
    assert (await deliver(caller, body, sign(settings, body))).status_code == 200
