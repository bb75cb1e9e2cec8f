"""Nobody reaches another's things: made from the access table, for every route that names one, with nothing changed."""

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.auth.access import ACCESS
from orchestrator.core.database import metadata
from tests.orchestrator.walls.world import ABOUT, World, allowed
from tests.support.objects import FACTORIES

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Belongs to the whole tenant: a role in any course is enough, or none is.
OF_THE_TENANT = {"destination", "webhook_endpoint", "user"}
REFUSED = {403: "forbidden", 404: "not_found"}


def check(reply: httpx.Response, *statuses: int) -> None:
    assert reply.status_code in statuses, reply.text
    assert reply.json()["code"] == REFUSED[reply.status_code]


async def test_every_kind_of_thing_can_be_made() -> None:
    kinds = {
        kind
        for rule in ACCESS.values()
        if isinstance(rule.who, frozenset)
        for kind in (rule.scope, *rule.also.values())
    }
    assert kinds - {"none", "tenant"} <= set(FACTORIES)


@pytest.mark.parametrize("route", ABOUT)
async def test_another_tenants_things_are_not_there(world: World, route: str) -> None:
    rule = ACCESS[route]
    request = await world.things.request(route, rule)
    before = await world.contents()
    for member in world.ours.members.values():
        check(await world.send(member, request), 404 if member.role in rule.who else 403)
    reply = await world.send(None, request)
    assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in")
    assert await world.contents() == before


@pytest.mark.parametrize("route", ABOUT)
async def test_a_role_in_one_course_is_none_in_another(world: World, route: str) -> None:
    rule = ACCESS[route]
    request = await world.own.request(route, rule)
    before = await world.contents()
    if rule.scope not in OF_THE_TENANT:
        check(await world.send(world.other_teacher, request), 403, 404)
        check(await world.send(world.stranger, request), 403, 404)
        check(await world.send(world.guest, request), 403, 404)
    for role in set(world.ours.members) - set(rule.who):
        check(await world.send(world.ours.members[role], request), 403)
    assert await world.contents() == before


async def test_the_database_itself_shows_one_tenant(world: World) -> None:
    """Of everything that exists in both schools, a member's transaction sees its own school's rows."""
    for kind in FACTORIES:
        await world.own.id(kind)
        await world.things.id(kind)
    full = set()
    for table in metadata.sorted_tables:
        if "tenant_id" in table.c:
            owners = sa.select(table.c.tenant_id).distinct()
            async with world.database.transaction(world.ours.tenant_id) as tx:
                assert set((await tx.execute(owners)).scalars()) <= {world.ours.tenant_id}
            async with world.database.system_transaction() as tx:
                if world.theirs.tenant_id in set((await tx.execute(owners)).scalars()):
                    full.add(table.name)
    # Enough of them hold rows of both for this to say something.
    assert {"users", "sessions", "session_state_events", "chat_messages", "courses"} <= full


FURTHER = sorted((route, place) for route in ABOUT for place in ACCESS[route].also)


@pytest.mark.parametrize(("route", "place"), FURTHER)
async def test_further_ids_are_of_the_same_place(world: World, route: str, place: str) -> None:
    rule = ACCESS[route]
    kind = rule.also[place]
    ours, foreign = await world.own.id(kind), await world.things.id(kind)
    method, path, body = await world.own.request(route, rule)
    mixed = None if body is None else {**body, **({place: foreign} if place in body else {})}
    before = await world.contents()
    for member in allowed(rule, world.ours):
        reply = await world.send(member, (method, path.replace(ours, foreign), mixed))
        assert reply.status_code in {403, 404, 422}, reply.text
    assert await world.contents() == before


LISTS = sorted(
    route
    for route, rule in ACCESS.items()
    if route.startswith("GET /api")
    and not rule.at
    and "{" not in route
    and isinstance(rule.who, frozenset)
)


@pytest.mark.parametrize("route", LISTS)
async def test_lists_show_nothing_of_another_tenant(world: World, route: str) -> None:
    theirs = [await world.things.id(kind) for kind in FACTORIES]
    for member in allowed(ACCESS[route], world.ours):
        reply = await world.send(member, await world.own.request(route, ACCESS[route]))
        assert reply.status_code == 200, reply.text
        assert [known for known in theirs if known in reply.text] == []
        assert str(world.theirs.tenant_id) not in reply.text
