"""Every write, once per key: made from the access table, for each route that changes something."""

from typing import Any
from uuid import uuid4

import pytest

from orchestrator.auth.access import ACCESS, KEYLESS
from orchestrator.http.idempotency import Write
from tests.orchestrator.walls.world import World, allowed
from tests.support.objects import Objects, Request
from tests.support.samples import SAMPLES
from tests.support.school import Member, School, found_school

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITES = sorted(
    route
    for route, rule in ACCESS.items()
    if not route.startswith("GET ") and route not in KEYLESS and isinstance(rule.who, frozenset)
)
# Minted for each reply, and never stored.
MINTED = {"token", "secret", "link"}
# What minting anew leaves behind, where it does: a link that works once has its hash in a table, and a line in the log.
MINT_MARKS = {"POST /api/users": {"password_links", "audit_log"}}


def callers(route: str, school: School) -> list[Member]:
    """Who may, the author of everything first."""
    return sorted(allowed(ACCESS[route], school), key=lambda who: who.role != "teacher")


def without_tokens(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_tokens(inner) for key, inner in value.items() if key not in MINTED}
    return value


def changed(route: str, request: Request) -> Request | None:
    """The same route with another valid body; None where there is nothing to change."""
    method, path, body = request
    if not body:
        return None
    name = next(iter(body))
    more = SAMPLES[route].other if route in SAMPLES else {}
    return method, path, type(body)({**body, **(more or {name: other(body[name])})})


def other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, list):
        return []
    if isinstance(value, str) and value.count("-") == 4:
        return str(uuid4())
    return f"{value} more" if isinstance(value, str) else {}


@pytest.mark.parametrize("route", WRITES)
async def test_nothing_happens_without_a_key_or_while_the_first_is_running(
    world: World, route: str
) -> None:
    who, key = callers(route, world.ours)[0], str(uuid4())
    request = await world.own.request(route, ACCESS[route])
    before = await world.contents()
    reply = await world.send(who, request, key="")
    assert (reply.status_code, reply.json()["code"]) == (400, "idempotency_key_missing")
    async with world.database.system_transaction() as tx:
        first = Write(world.database, who, route, request[1], key)
        await first._claim(tx, key)
        reply = await world.send(who, request, key)
    assert (reply.status_code, reply.json()["code"]) == (409, "request_in_flight")
    assert int(reply.headers["Retry-After"]) > 0
    assert await world.contents() == before


@pytest.mark.parametrize("route", WRITES)
async def test_the_same_request_has_the_same_reply_and_no_second_effect(
    world: World, route: str
) -> None:
    school, key = await found_school(world.database), str(uuid4())
    request = await Objects(world.caller, school).request(route, ACCESS[route])
    who, *others = callers(route, school)
    first = await world.send(who, request, key)
    assert first.is_success, first.text
    after = await world.contents()
    again = await world.send(who, request, key)
    assert again.status_code == first.status_code, again.text
    if first.content:
        assert without_tokens(again.json()) == without_tokens(first.json())
    different = changed(route, request)
    if different is not None:
        reply = await world.send(who, different, key)
        assert (reply.status_code, reply.json()["code"]) == (422, "idempotency_key_reused")
    now = await world.contents()
    assert {name for name in now if now[name] != after[name]} <= MINT_MARKS.get(route, set())
    for stranger in (*others, *callers(route, world.theirs)):
        reply = await world.send(stranger, different or request, key)
        assert "idempotency_key_reused" not in reply.text
