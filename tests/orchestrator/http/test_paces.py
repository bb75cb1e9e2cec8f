"""How fast one person may do what costs everybody: generous for hands, and no faster."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.auth.oidc.api import STARTS_PER_ADDRESS
from orchestrator.core.guard.limits import CLICKING, DRAWING, UPLOADING, WRITING, Limit
from tests.support.school import Caller, Member, School, bearer

QUESTION = "/api/questions/{question}"
BOARD = "/api/studio/whiteboards/{session}"
STROKE = {"id": str(uuid4()), "color": "#ff0000", "width": 20, "points": [1, 2]}
# Whoever is refused is refused before anything else is looked at, so that most of these need not even be right.
PACES: list[tuple[str, str, Any, Limit]] = [
    ("POST", "/api/chat", {"sessionId": "{session}", "content": ""}, WRITING),
    ("POST", "/api/sessions/{session}/hand", None, CLICKING),
    ("DELETE", "/api/sessions/{session}/hand", None, CLICKING),
    ("POST", f"{QUESTION}/upvote", None, CLICKING),
    ("DELETE", f"{QUESTION}/upvote", None, CLICKING),
    ("POST", f"{BOARD}/strokes", {"sessionId": "{session}", "strokes": [STROKE]}, DRAWING),
    ("POST", f"{BOARD}/erase", {"sessionId": "{session}", "strokes": [str(uuid4())]}, DRAWING),
    ("POST", f"{BOARD}/undo", {"sessionId": "{session}"}, DRAWING),
]


@pytest.mark.parametrize(("method", "path", "body", "limit"), PACES)
async def test_one_person_is_held_to_a_pace_and_nobody_else(
    method: str, path: str, body: Any, limit: Limit, caller: Caller, school: School
) -> None:
    session = await caller.new_session(school)
    names = {"session": str(session), "question": str(uuid4())}

    async def ask(who: Member) -> httpx.Response:
        headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
        given = None if body is None else filled(body, session)
        return await caller.http.request(method, path.format(**names), headers=headers, json=given)

    for _ in range(limit.count):
        assert (await ask(school.student)).status_code != 429
    refused = await ask(school.student)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= limit.window_s
    assert (await ask(school.assistant)).status_code != 429


async def test_a_flood_of_uploads_ends_before_the_files_are_read(
    caller: Caller, school: School
) -> None:
    async def upload() -> httpx.Response:
        headers = bearer(school.teacher) | {"Idempotency-Key": str(uuid4())}
        form = {"sessionId": str(uuid4()), "type": "slide"}
        files = {"file": ("a.pdf", b"%PDF-", "application/pdf")}
        return await caller.http.post("/api/studio/assets", headers=headers, data=form, files=files)

    statuses = [(await upload()).status_code for _ in range(UPLOADING.count)]
    assert 429 not in statuses
    assert (await upload()).status_code == 429


async def test_a_flood_of_sign_ins_elsewhere_goes_back_to_the_login_page(caller: Caller) -> None:
    for _ in range(STARTS_PER_ADDRESS.count):
        await caller.http.get("/api/auth/oidc/start")
    refused = await caller.http.get("/api/auth/oidc/start")
    assert refused.headers["location"] == "/login?problem=too_many_attempts"


def filled(body: Any, session: UUID) -> Any:
    """With the session's id where it stands."""
    return {k: v.format(session=session) if isinstance(v, str) else v for k, v in body.items()}
