"""The access table is complete, and says what really happens."""

from uuid import UUID

import pytest
from litestar import Litestar

from orchestrator.auth.access import ACCESS, INTERNAL, KEYLESS, PUBLIC
from orchestrator.settings import Settings
from schema.auth import RoleName
from tests.orchestrator.auth.routes import concrete, routes
from tests.support.samples import SAMPLES
from tests.support.school import ROLES, Caller, School, bearer

WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def test_the_table_names_every_route_and_no_other(app: Litestar) -> None:
    assert {name for name, _ in routes(app)} == set(ACCESS)


def test_every_write_has_a_key_or_a_reason(app: Litestar) -> None:
    keyless = {
        name
        for name, handler in routes(app)
        if name.split()[0] in WRITES and "write" not in handler.parsed_fn_signature.parameters
    }
    assert keyless == set(KEYLESS)


def test_every_write_with_a_body_has_a_sample(app: Litestar) -> None:
    """From which the tests of keys and of bad bodies are made."""
    bodied = {
        name
        for name, handler in routes(app)
        if "data" in handler.parsed_fn_signature.parameters
        and not isinstance(ACCESS[name].who, str)
        and name not in KEYLESS
    }
    given = {
        route
        for route, sample in SAMPLES.items()
        if sample.body is not None or sample.form is not None
    }
    assert bodied - given == set()


def test_what_students_write_in_class_is_limited(app: Litestar) -> None:
    """Each is an event that everybody in the class is told, for good."""
    unlimited = {
        name
        for name, handler in routes(app)
        if name.split()[0] in WRITES
        and not isinstance(ACCESS[name].who, str)
        and "student" in ACCESS[name].who
        and ACCESS[name].scope not in {"none", "api_key"}
        and "limiter" not in handler.parsed_fn_signature.parameters
    }
    # Neither says anything a second time.
    assert unlimited == {"POST /api/sessions/join", "DELETE /api/chat/{message_id}"}


def test_samples_are_of_routes() -> None:
    assert set(SAMPLES) <= set(ACCESS)


async def test_nobody_gets_in_unasked(caller: Caller) -> None:
    for route in sorted(name for name, rule in ACCESS.items() if rule.who != PUBLIC):
        method, path = concrete(route)
        for headers in ({}, {"Authorization": "Bearer unknown"}, {"Authorization": "Basic eDp5"}):
            reply = await caller.http.request(method, path, headers=headers)
            assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in"), route
            assert reply.headers["WWW-Authenticate"] == "Bearer"


async def test_people_and_programs_do_not_pass_for_each_other(
    caller: Caller, school: School, settings: Settings
) -> None:
    program = {"Authorization": f"Bearer {settings.internal_token.reveal()}"}
    for route, rule in ACCESS.items():
        if rule.who != PUBLIC:
            method, path = concrete(route)
            wrong = bearer(school.admin) if rule.who == INTERNAL else program
            reply = await caller.http.request(method, path, headers=wrong)
            assert reply.status_code == 401, route


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_is_refused_what_the_table_does_not_give(
    caller: Caller, school: School, role: RoleName
) -> None:
    headers = bearer(school.members[role]) | {"Idempotency-Key": "k1"}
    for route, rule in ACCESS.items():
        if not isinstance(rule.who, str) and role not in rule.who:
            method, path = concrete(route)
            reply = await caller.http.request(method, path, headers=headers, json={})
            assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), route


BY_SESSION = sorted(
    name
    for name, rule in ACCESS.items()
    if "{session_id}" in name and not isinstance(rule.who, str) and name.startswith("GET")
)


@pytest.mark.parametrize("route", BY_SESSION)
async def test_another_tenants_session_is_not_found(
    caller: Caller, school: School, other_school: School, route: str
) -> None:
    foreign = await caller.new_session(other_school)
    path = route.split()[1].replace("{session_id}", str(foreign))
    reply = await caller.get(school.admin, path)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_another_tenants_course_and_lesson_are_not_found(
    caller: Caller, school: School, other_school: School
) -> None:
    lessons = f"/api/courses/{other_school.course_id}/lessons"
    assert (await caller.get(school.teacher, lessons)).status_code == 404
    assert (await caller.post(school.teacher, lessons, {"title": "x"})).status_code == 404
    body = {
        "lessonId": str(other_school.lesson_id),
        "scheduledStart": "2026-11-21T10:00:00Z",
        "scheduledEnd": "2026-11-21T11:00:00Z",
    }
    assert (await caller.post(school.teacher, "/api/sessions", body)).status_code == 404
    seen = (await caller.get(school.teacher, "/api/lessons")).json()["items"]
    assert {UUID(item["id"]) for item in seen} == {school.lesson_id}
