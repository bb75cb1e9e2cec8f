"""Every refusal has one shape, and nobody is told more than they need."""

import inspect
from collections.abc import Iterator

import pytest
from litestar import Litestar, get
from litestar.datastructures import State

from orchestrator.http.problems import HANDLERS, STATUS
from orchestrator.settings import Settings
from schema import errors
from tests.support.school import Caller, School, bearer, calling


def every_error() -> Iterator[type[errors.DomainError]]:
    for _, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, errors.DomainError):
            yield found


def test_every_error_has_a_status_and_a_code_of_its_own() -> None:
    known = list(every_error())
    assert set(known) == set(STATUS)
    assert len({error.code for error in known}) == len(known)


def test_what_may_pass_by_itself_is_marked_so() -> None:
    for error in every_error():
        if STATUS[error] in {429, 503}:
            assert error.retryable, error


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"title": ', 400, "malformed_request"),
        (b"\xff\xfe", 400, "malformed_request"),
        (b"", 422, "invalid_field"),
        (b"[]", 422, "invalid_field"),
        (b'{"title": 7}', 422, "invalid_field"),
        (b'{"title": "Poems", "colour": "red"}', 422, "invalid_field"),
        (b'{"title": "' + b"x" * 1_000_001 + b'"}', 413, "body_too_large"),
    ],
    ids=["cut off", "not text", "empty", "a list", "a number", "unknown field", "oversized"],
)
async def test_a_bad_body(
    caller: Caller, school: School, content: bytes, status: int, code: str
) -> None:
    headers = bearer(school.teacher) | {"Idempotency-Key": "k1"}
    reply = await caller.http.post("/api/courses", content=content, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert set(reply.json()) <= {"code", "message", "details"}
    assert len((await caller.get(school.teacher, "/api/courses")).json()["items"]) == 1


async def test_a_number_written_with_a_point_is_refused_by_its_field(
    caller: Caller, school: School
) -> None:
    path = f"/api/courses/{school.course_id}/lessons"
    reply = await caller.post(school.teacher, path, {"title": "Odes", "order": -7.0})
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": "order"})


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing-here", 404, "not_found"),
        ("GET", "/api/sessions/not-an-id", 404, "not_found"),
        ("PUT", "/api/courses", 405, "method_not_allowed"),
        ("GET", "/assets/missing.js", 404, "not_found"),
        ("GET", "/api/sessions?limit=0", 422, "invalid_field"),
        ("GET", "/api/sessions?cursor=1", 422, "invalid_field"),
    ],
)
async def test_a_bad_address(
    caller: Caller, school: School, method: str, path: str, status: int, code: str
) -> None:
    reply = await caller.http.request(method, path, headers=bearer(school.teacher))
    assert (reply.status_code, reply.json()["code"]) == (status, code)


async def test_a_mistake_of_ours_says_nothing_of_itself() -> None:
    @get("/")
    async def broken() -> None:
        raise RuntimeError("postgresql://user:password@host")

    state = State({"settings": Settings()})
    app = Litestar([broken], exception_handlers=HANDLERS, logging_config=None, state=state)
    async with calling(app) as caller:
        reply = await caller.get(None, "/")
    assert reply.status_code == 500
    assert reply.json() == {
        "code": "internal_error",
        "message": "Something went wrong on our side.",
    }


async def test_every_answer_carries_the_security_headers(caller: Caller) -> None:
    for path in ("/", "/api/health/live", "/api/nothing-here"):
        headers = (await caller.http.get(path)).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
