"""Chat and questions over HTTP: what is written is there for all of the class, and nobody else writes."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, bearer


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    """A live class with a teacher and a student in it; assistant and admin stay outside."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    return session_id


async def send(
    caller: Caller, who: Member, session_id: UUID, content: str = "Hello", key: str | None = None
) -> httpx.Response:
    return await caller.post(
        who, "/api/chat", {"sessionId": str(session_id), "content": content}, key
    )


async def ask(caller: Caller, who: Member, session_id: UUID) -> str:
    body = {"sessionId": str(session_id), "content": "Why Bath?"}
    reply = await caller.post(who, "/api/questions", body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def change(
    caller: Caller, method: str, who: Member, path: str, body: Any = None, key: str | None = None
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": key or str(uuid4())}
    return await caller.http.request(method, path, headers=headers, json=body)


async def listed(caller: Caller, who: Member, session_id: UUID, what: str) -> list[dict[str, Any]]:
    reply = await caller.get(who, f"/api/sessions/{session_id}/{what}")
    assert reply.status_code == 200, reply.text
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


async def test_who_comes_late_reads_what_was_said(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    sent = await send(caller, school.student, session_id, "  Good morning \n")
    assert sent.status_code == 201
    question = await ask(caller, school.student, session_id)
    await caller.command("join", school.assistant, session_id)
    (message,) = await listed(caller, school.assistant, session_id, "chat")
    assert message == sent.json()
    assert (message["content"], message["name"]) == ("Good morning", "Student")
    assert [q["id"] for q in await listed(caller, school.assistant, session_id, "questions")] == [
        question
    ]
    page = (await caller.get(school.assistant, f"/api/sessions/{session_id}/events")).json()
    told = [item["payload"] for item in page["items"] if item["payload"]["type"] == "chat.sent"]
    assert [event["content"] for event in told] == ["Good morning"]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_chat_is_paged_by_sequence(caller: Caller, school: School, session_id: UUID) -> None:
    for text in ("one", "two", "three"):
        await send(caller, school.teacher, session_id, text)
    path = f"/api/sessions/{session_id}/chat?limit=2"
    first = (await caller.get(school.student, path)).json()
    rest = (await caller.get(school.student, f"{path}&after={first['nextCursor']}")).json()
    texts = [item["content"] for item in first["items"] + rest["items"]]
    assert texts == ["one", "two", "three"]
    assert "nextCursor" not in rest
    assert (await caller.get(school.student, f"{path}&after=99999999999")).status_code == 422


async def test_who_comes_late_reads_the_newest_first(
    caller: Caller, school: School, session_id: UUID
) -> None:
    for text in ("one", "two", "three"):
        await send(caller, school.teacher, session_id, text)
    path = f"/api/sessions/{session_id}/chat?limit=2"
    events = (await caller.get(school.student, f"/api/sessions/{session_id}/events")).json()
    newest = (await caller.get(school.student, f"{path}&before={2**31 - 1}")).json()
    older = (await caller.get(school.student, f"{path}&before={newest['nextCursor']}")).json()
    assert [item["content"] for item in newest["items"]] == ["two", "three"]
    assert [item["content"] for item in older["items"]] == ["one"]
    assert "nextCursor" not in older
    assert newest["sequence"] == events["lastSequence"]


async def test_what_is_pinned_is_found_however_old_it_is(
    caller: Caller, school: School, session_id: UUID
) -> None:
    old, _ = [(await send(caller, school.student, session_id, text)).json() for text in "ab"]
    await change(caller, "POST", school.teacher, f"/api/chat/{old['id']}/pin")
    page = (await caller.get(school.student, f"/api/sessions/{session_id}/chat?pinned=true")).json()
    assert [item["id"] for item in page["items"]] == [old["id"]]
    joined = (await caller.get(school.student, f"/api/sessions/{session_id}/state")).json()
    names = {one["id"]: one["name"] for one in joined["participants"]}
    assert names[page["items"][0]["participantId"]] == "Student"


async def test_authors_edit_and_delete_their_own(
    caller: Caller, school: School, session_id: UUID
) -> None:
    message = (await send(caller, school.student, session_id)).json()
    path = f"/api/chat/{message['id']}"
    edited = await change(caller, "PATCH", school.student, path, {"content": "Hello all"})
    assert (edited.status_code, edited.json()["content"]) == (200, "Hello all")
    assert edited.json()["editedAt"] is not None
    others = await change(caller, "PATCH", school.teacher, path, {"content": "Nothing"})
    assert refusal(others) == (403, "forbidden")
    assert (await change(caller, "DELETE", school.student, path)).status_code == 204
    assert await listed(caller, school.student, session_id, "chat") == []
    again = await change(caller, "PATCH", school.student, path, {"content": "Back"})
    assert refusal(again) == (404, "not_found")


async def test_staff_delete_what_students_must_not(
    caller: Caller, school: School, session_id: UUID
) -> None:
    message = (await send(caller, school.teacher, session_id)).json()
    path = f"/api/chat/{message['id']}"
    assert refusal(await change(caller, "DELETE", school.student, path)) == (403, "forbidden")
    await caller.command("join", school.admin, session_id)
    assert (await change(caller, "DELETE", school.admin, path)).status_code == 204


async def test_votes_are_counted_once_and_can_be_taken_back(
    caller: Caller, school: School, session_id: UUID
) -> None:
    path = f"/api/questions/{await ask(caller, school.student, session_id)}/upvote"
    for _ in range(2):
        voted = (await change(caller, "POST", school.teacher, path)).json()
        assert (voted["upvotes"], voted["upvoted"]) == (1, True)
    (seen,) = await listed(caller, school.student, session_id, "questions")
    assert (seen["upvotes"], seen["upvoted"]) == (1, False)
    for _ in range(2):
        taken = (await change(caller, "DELETE", school.teacher, path)).json()
        assert (taken["upvotes"], taken["upvoted"]) == (0, False)


@pytest.mark.parametrize(
    ("verb", "body", "status", "answer"),
    [
        ("answer", {"answer": " For the waters. "}, "answered", "For the waters."),
        ("answer", {}, "answered", None),
        ("dismiss", None, "dismissed", None),
    ],
)
async def test_a_closed_question_is_closed_for_all(
    caller: Caller,
    school: School,
    session_id: UUID,
    verb: str,
    body: Any,
    status: str,
    answer: str | None,
) -> None:
    path = f"/api/questions/{await ask(caller, school.student, session_id)}"
    assert (await change(caller, "POST", school.student, f"{path}/{verb}", body)).status_code == 403
    closed = await change(caller, "POST", school.teacher, f"{path}/{verb}", body)
    assert closed.status_code == 200
    assert (closed.json()["status"], closed.json()["answer"]) == (status, answer)
    for late in ("upvote", verb):
        reply = await change(caller, "POST", school.teacher, f"{path}/{late}", body)
        assert refusal(reply) == (409, "question_closed")


async def test_a_repeated_key_writes_once(caller: Caller, school: School, session_id: UUID) -> None:
    replies = [await send(caller, school.student, session_id, key="k1") for _ in range(2)]
    assert replies[0].json() == replies[1].json()
    assert len(await listed(caller, school.student, session_id, "chat")) == 1
    other = await send(caller, school.student, session_id, "Something else", key="k1")
    assert refusal(other) == (422, "idempotency_key_reused")
    missing = await send(caller, school.student, session_id, key="")
    assert refusal(missing) == (400, "idempotency_key_missing")
    path = f"/api/chat/{replies[0].json()['id']}"
    for _ in range(2):
        assert (await change(caller, "DELETE", school.student, path, key="k2")).status_code == 204


async def test_only_who_joined_writes_and_only_in_class(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    early = await send(caller, school.teacher, session_id)
    assert refusal(early) == (409, "session_not_live")
    await caller.command("start", school.teacher, session_id)
    outside = await send(caller, school.student, session_id)
    assert refusal(outside) == (403, "forbidden")
    message = (await send(caller, school.teacher, session_id)).json()["id"]
    question = await ask(caller, school.teacher, session_id)
    vote = f"/api/questions/{question}/upvote"
    assert refusal(await change(caller, "POST", school.student, vote)) == (403, "forbidden")
    await caller.command("end", school.teacher, session_id)
    late = [
        await send(caller, school.teacher, session_id),
        await change(caller, "PATCH", school.teacher, f"/api/chat/{message}", {"content": "x"}),
        await change(caller, "PUT", school.teacher, f"/api/chat/{message}/reactions/heart"),
        await change(caller, "POST", school.teacher, vote),
        await change(caller, "POST", school.teacher, f"/api/questions/{question}/answer", {}),
    ]
    assert {refusal(reply) for reply in late} == {(409, "session_over")}
    assert len(await listed(caller, school.student, session_id, "chat")) == 1


@pytest.mark.parametrize("content", ["", "  \n", "x" * 2001, "nul \0", 7, None])
async def test_a_text_that_cannot_be_kept_is_refused(
    caller: Caller, school: School, session_id: UUID, content: Any
) -> None:
    body = {"sessionId": str(session_id), "content": content}
    for path in ("/api/chat", "/api/questions"):
        reply = await caller.post(school.student, path, body)
        assert refusal(reply) == (422, "invalid_field")
        assert reply.json()["details"] == {"field": "content"}
    assert await listed(caller, school.student, session_id, "chat") == []


async def test_the_longest_text_passes_and_a_flood_does_not(
    caller: Caller, school: School, session_id: UUID
) -> None:
    longest = await send(caller, school.student, session_id, " " + "é" * 2000 + " ")
    assert longest.status_code == 201
    flood = await send(caller, school.student, session_id, "x" * 10_000_000)
    assert refusal(flood) == (413, "body_too_large")


async def test_another_tenants_are_not_found(
    caller: Caller, school: School, other_school: School, session_id: UUID
) -> None:
    message = (await send(caller, school.student, session_id)).json()["id"]
    question = await ask(caller, school.student, session_id)
    them = other_school.teacher
    tried = [
        await send(caller, them, session_id),
        await caller.post(them, "/api/questions", {"sessionId": str(session_id), "content": "x"}),
        await change(caller, "PATCH", them, f"/api/chat/{message}", {"content": "x"}),
        await change(caller, "DELETE", them, f"/api/chat/{message}"),
        await change(caller, "POST", them, f"/api/questions/{question}/upvote"),
        await change(caller, "DELETE", them, f"/api/questions/{question}/upvote"),
        await change(caller, "POST", them, f"/api/questions/{question}/answer", {}),
        await change(caller, "POST", them, f"/api/questions/{question}/dismiss"),
    ]
    assert {refusal(reply) for reply in tried} == {(404, "not_found")}


async def test_everybody_talks_at_once(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    people = (school.student, school.teacher)
    replies = await asyncio.gather(
        *(send(caller, people[n % 2], session_id, f"line {n}") for n in range(30))
    )
    assert {reply.status_code for reply in replies} == {201}
    texts = [item["content"] for item in await listed(caller, school.teacher, session_id, "chat")]
    assert sorted(texts) == sorted(f"line {n}" for n in range(30))
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []
