"""/api/webhook-endpoints as an admin sees it, and nobody else."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.http.tables import idempotency_keys
from orchestrator.outbound.tables import endpoints
from tests.orchestrator.outbound.receiver import Receiver, receiving
from tests.support.school import Caller, School

PATH = "/api/webhook-endpoints"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


async def made(caller: Caller, school: School, url: str, **fields: Any) -> dict[str, Any]:
    reply = await caller.post(school.admin, PATH, {"url": url, **fields})
    assert reply.status_code == 201, reply.text
    body: dict[str, Any] = reply.json()
    return body


async def test_the_secret_is_shown_once_made_and_again_to_the_same_request(
    caller: Caller, school: School, database: Database
) -> None:
    body = {"url": "http://127.0.0.1:9/hook", "description": "CRM"}
    first = await caller.post(school.admin, PATH, body, "key-1")
    again = await caller.post(school.admin, PATH, body, "key-1")
    assert (first.status_code, first.json()) == (201, again.json())
    secret = first.json()["secret"]
    assert secret.startswith("whsec_")
    listed = await caller.get(school.admin, PATH)
    assert secret not in listed.text
    assert [item["description"] for item in listed.json()["items"]] == ["CRM"]
    async with database.system_transaction() as tx:
        assert secret not in str((await tx.execute(sa.select(idempotency_keys.c.reply))).all())
        assert secret.encode() not in bytes(await tx.scalar(sa.select(endpoints.c.secret)))


async def test_a_rotation_gives_another_secret(caller: Caller, school: School) -> None:
    first = await made(caller, school, "http://127.0.0.1:9/hook")
    path = f"{PATH}/{first['endpoint']['id']}/rotate-secret"
    rotated = await caller.post(school.admin, path, {})
    assert rotated.status_code == 200
    assert rotated.json()["secret"] != first["secret"]
    assert rotated.json()["endpoint"] == first["endpoint"]


@pytest.mark.parametrize("role", ["teacher", "assistant", "student"])
async def test_only_admins(caller: Caller, school: School, role: str) -> None:
    who = getattr(school, role)
    assert (await caller.get(who, PATH)).status_code == 403
    body = {"url": "http://127.0.0.1:9/hook"}
    assert (await caller.post(who, PATH, body)).status_code == 403


async def test_another_tenants_endpoint_is_not_there(
    caller: Caller, school: School, other_school: School
) -> None:
    path = f"{PATH}/{(await made(caller, school, 'http://127.0.0.1:9/'))['endpoint']['id']}"
    for verb in ("rotate-secret", "replay", "test"):
        body = {"sessionId": str(uuid4())} if verb == "replay" else {}
        reply = await caller.post(other_school.admin, f"{path}/{verb}", body)
        assert (verb, reply.status_code) == (verb, 404)
    assert (await caller.get(other_school.admin, f"{path}/attempts")).status_code == 404
    assert (await caller.get(other_school.admin, PATH)).json() == {"items": []}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"url": "https://169.254.169.254/"}, "url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ({"url": "rtmp://example.org/"}, "url"),
        ({"url": "http://127.0.0.1:9/", "eventTypes": ["session.exploded"]}, "eventTypes"),
        ({"url": "http://127.0.0.1:9/", "description": "x" * 201}, "description"),
        ({"url": "http://127.0.0.1:9/", "secret": "mine"}, "secret"),
    ],
)
async def test_what_cannot_be_is_refused(
    caller: Caller, school: School, body: dict[str, Any], field: str
) -> None:
    reply = await caller.post(school.admin, PATH, body)
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": field})


async def test_there_is_a_most(caller: Caller, school: School) -> None:
    for _ in range(20):
        await made(caller, school, "http://127.0.0.1:9/")
    reply = await caller.post(school.admin, PATH, {"url": "http://127.0.0.1:9/"})
    assert (reply.status_code, reply.json()["code"]) == (409, "too_many_endpoints")


async def test_a_test_says_what_came_back(
    caller: Caller, school: School, receiver: Receiver
) -> None:
    endpoint = await made(caller, school, receiver.url)
    receiver.secret, receiver.answers = endpoint["secret"], [204, 418]
    path = f"{PATH}/{endpoint['endpoint']['id']}/test"
    good = (await caller.post(school.admin, path, {})).json()
    bad = (await caller.post(school.admin, path, {})).json()
    assert (good["delivered"], good["status"], good["error"]) == (True, 204, None)
    assert (bad["delivered"], bad["status"], bad["error"]) == (False, 418, "It answered 418.")
    assert receiver.got[0]["type"] == "ping"


async def test_change_and_delete(caller: Caller, school: School) -> None:
    endpoint = (await made(caller, school, "http://127.0.0.1:9/"))["endpoint"]
    path = f"{PATH}/{endpoint['id']}"
    headers = {"Authorization": f"Bearer {school.admin.token}", "Idempotency-Key": "change"}
    body = {"enabled": False, "eventTypes": ["session.ended"]}
    changed = await caller.http.patch(path, json=body, headers=headers)
    assert changed.json() == endpoint | {"status": "disabled", "eventTypes": ["session.ended"]}
    headers["Idempotency-Key"] = "delete"
    assert (await caller.http.delete(path, headers=headers)).status_code == 204
    assert (await caller.get(school.admin, PATH)).json() == {"items": []}


async def test_a_replay_of_no_session_is_refused(
    caller: Caller, school: School, other_school: School
) -> None:
    endpoint = (await made(caller, school, "http://127.0.0.1:9/"))["endpoint"]
    foreign = await caller.new_session(other_school)
    path = f"{PATH}/{endpoint['id']}/replay"
    reply = await caller.post(school.admin, path, {"sessionId": str(foreign)})
    assert reply.status_code == 404


async def test_the_event_types_are_those_of_the_log(caller: Caller, school: School) -> None:
    names = (await caller.get(school.admin, f"{PATH}/event-types")).json()["items"]
    assert {"session.ended", "chat.sent"} <= set(names)
    await made(caller, school, "http://127.0.0.1:9/", eventTypes=names)
