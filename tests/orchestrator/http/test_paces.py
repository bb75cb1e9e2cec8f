"""How fast one person may do what costs everybody: generous for hands, and no faster."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.auth.oidc.api import STARTS_PER_ADDRESS
from orchestrator.core.guard.limits import CLICKING, DRAWING, UPLOADING, WRITING, Limit, Limiter
from orchestrator.settings import Settings
from tests.support.school import Caller, Member, School, bearer

QUESTION = "/api/questions/{question}"
BOARD = "/api/studio/whiteboards/{session}"
GONE = str(uuid4())
STROKE = {"id": str(uuid4()), "color": "#ff0000", "width": 20, "points": [1, 2]}
# Method, path, body, what is counted, and how often.
PACES: list[tuple[str, str, Any, str, Limit]] = [
    ("POST", "/api/chat", {"sessionId": "{session}", "content": "Hello"}, "writing", WRITING),
    ("POST", "/api/sessions/{session}/hand", None, "clicking", CLICKING),
    ("DELETE", "/api/sessions/{session}/hand", None, "clicking", CLICKING),
    ("POST", f"{QUESTION}/upvote", None, "clicking", CLICKING),
    ("DELETE", f"{QUESTION}/upvote", None, "clicking", CLICKING),
    (
        "POST",
        f"{BOARD}/strokes",
        {"sessionId": "{session}", "strokes": [STROKE]},
        "drawing",
        DRAWING,
    ),
    ("POST", f"{BOARD}/erase", {"sessionId": "{session}", "strokes": [GONE]}, "drawing", DRAWING),
    ("POST", f"{BOARD}/undo", {"sessionId": "{session}"}, "drawing", DRAWING),
]


@pytest.fixture
async def limiter(settings: Settings) -> AsyncIterator[Limiter]:
    """Counts as the application does: that many requests would outlast the window on a slow machine."""
    counting = Limiter(settings.redis_url)
    yield counting
    await counting.close()


async def exhaust(limiter: Limiter, what: str, who: str, limit: Limit) -> None:
    for _ in range(limit.count):
        await limiter.spend(what, who, limit)


@pytest.mark.parametrize(("method", "path", "body", "what", "limit"), PACES)
async def test_one_person_is_held_to_a_pace_and_nobody_else(
    method: str,
    path: str,
    body: Any,
    what: str,
    limit: Limit,
    caller: Caller,
    school: School,
    limiter: Limiter,
) -> None:
    session = await caller.new_session(school)
    names = {"session": str(session), "question": str(uuid4())}

    async def ask(who: Member) -> httpx.Response:
        headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
        given = None if body is None else filled(body, session)
        return await caller.http.request(method, path.format(**names), headers=headers, json=given)

    assert (await ask(school.student)).status_code != 429
    for _ in range(limit.count - 1):
        await limiter.spend(what, str(school.student.user_id), limit)
    refused = await ask(school.student)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(refused.headers["Retry-After"]) <= limit.window_s
    assert (await ask(school.assistant)).status_code != 429


async def test_a_flood_of_uploads_ends_before_the_files_are_read(
    caller: Caller, school: School, limiter: Limiter
) -> None:
    headers = bearer(school.teacher) | {"Idempotency-Key": str(uuid4())}
    form = {"sessionId": str(uuid4()), "type": "slide"}
    files = {"file": ("a.pdf", b"%PDF-", "application/pdf")}
    await exhaust(limiter, "upload", str(school.teacher.user_id), UPLOADING)
    refused = await caller.http.post("/api/studio/assets", headers=headers, data=form, files=files)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


async def test_a_flood_of_sign_ins_elsewhere_goes_back_to_the_login_page(
    caller: Caller, limiter: Limiter
) -> None:
    await exhaust(limiter, "oidc-start", "127.0.0.1", STARTS_PER_ADDRESS)
    refused = await caller.http.get("/api/auth/oidc/start")
    assert refused.headers["location"] == "/login?problem=too_many_attempts"


def filled(body: Any, session: UUID) -> Any:
    """With the session's id where it stands."""
    return {k: v.format(session=session) if isinstance(v, str) else v for k, v in body.items()}
