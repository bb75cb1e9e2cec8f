"""Every documented operation, as each role, with what the document allows: no crash, and only answers that it names."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from orchestrator.app import create_app
from orchestrator.auth.access import ACCESS, Rule
from orchestrator.settings import Secret, Settings
from schema.errors import ErrorBody
from tests.orchestrator.walls.world import World
from tests.support.objects import Objects
from tests.support.school import ROLES, Member, bearer, found_school

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = 3
CHECKS = [
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
# No media server, platform or issuer is there; PostgreSQL and Redis are, and nothing may say otherwise.
AWAY = {"livekit_unavailable", "platform_unavailable", "identity_unavailable"}
DOCUMENT = create_app(Settings(encryption_key=Secret("00" * 32))).openapi_schema.to_schema()
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
# After which a person is not who they were: each gets a school of its own.
SIGNS_OUT = ("/api/auth", "/api/users", "/api/api-keys")
# Endless by design.
STREAMS = {"GET /api/sessions/{session_id}/events/stream"}


def operations() -> Iterator[Any]:
    for found in SCHEMA.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        operation = found.ok()
        route = f"{operation.method.upper()} {operation.path}"
        if route not in STREAMS:
            yield pytest.param(operation, route, id=route)


def cases(operation: Any) -> list[Any]:
    """The same few at every run."""
    made: list[Any] = []

    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy())
    def collect(case: Any) -> None:
        made.append(case)

    collect()
    return made


async def aim(things: Objects, rule: Rule, case: Any) -> None:
    """At things that are there, so that more than a 404 is seen."""
    for place, kind in {rule.at: rule.scope, **rule.also}.items():
        for values in (case.path_parameters, case.body):
            if place and isinstance(values, dict) and place in values:
                values[place] = await things.id(kind)


def sent(value: Any) -> str | bytes:
    """A part of a form: httpx takes text and bytes, generated ones may be numbers."""
    return value if isinstance(value, str | bytes) else str(value)


async def send(world: World, who: Member | None, case: Any) -> httpx.Response:
    given = case.as_transport_kwargs(base_url="http://127.0.0.1:5000")
    given["headers"] = {**dict(given["headers"]), **bearer(who)}
    given.pop("cookies", None)
    if given.get("files"):
        given["files"] = [(name, (file, sent(value))) for name, (file, value) in given["files"]]
    return await world.caller.http.request(**given)


@pytest.mark.parametrize(("operation", "route"), list(operations()))
async def test_only_documented_answers(world: World, operation: Any, route: str) -> None:
    things = world.own
    if operation.path.startswith(SIGNS_OUT):
        things = Objects(world.caller, await found_school(world.database))
    people = [things.school.members[role] for role in ROLES]
    if things is world.own:
        people += [world.guest, world.machine]
    for number, case in enumerate(cases(operation)):
        if number:
            await aim(things, ACCESS[route], case)
        for who in (*people, None):
            reply = await send(world, who, case)
            await reply.request.aread()
            away = reply.status_code == 503 and reply.json()["code"] in AWAY
            case.validate_response(reply, checks=CHECKS if away else [not_a_server_error, *CHECKS])
            if reply.is_error:
                assert {"code", "message"} <= set(reply.json()), (ErrorBody, reply.text)
