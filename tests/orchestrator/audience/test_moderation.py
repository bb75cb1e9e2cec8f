"""The chat is kept by its rules: what staff set holds for students, and what is taken away is told to nobody."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.audience import domain
from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from orchestrator.sessions.domain import Person, member, participant_id, start
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.audience import SetChatRules
from schema.errors import SlowMode
from schema.events import Event, StoredEvent
from tests.support.school import NOW, Caller, Member, School, bearer
from tests.support.waiting import eventually


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    """A live class with a teacher and a student in it; assistant and admin stay outside."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    return session_id


async def call(
    caller: Caller, method: str, who: Member, path: str, body: Any = None
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
    return await caller.http.request(method, path, headers=headers, json=body)


async def send(caller: Caller, who: Member, session_id: UUID, text: str = "Hello") -> str:
    body = {"sessionId": str(session_id), "content": text}
    reply = await caller.post(who, "/api/chat", body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def writing(caller: Caller, who: Member, session_id: UUID, text: str = "Hello") -> Any:
    """What becomes of a message and of a question of the same text: their statuses and codes."""
    body = {"sessionId": str(session_id), "content": text}
    replies = [await caller.post(who, path, body) for path in ("/api/chat", "/api/questions")]
    return [(reply.status_code, reply.json().get("code")) for reply in replies]


async def set_rules(caller: Caller, who: Member, session_id: UUID, **rules: Any) -> httpx.Response:
    return await call(caller, "PUT", who, f"/api/sessions/{session_id}/chat/rules", rules)


async def messages(caller: Caller, who: Member, session_id: UUID) -> list[dict[str, Any]]:
    reply = await caller.get(who, f"/api/sessions/{session_id}/chat")
    items: list[dict[str, Any]] = reply.json()["items"]
    return items


async def events(caller: Caller, who: Member, session_id: UUID) -> list[dict[str, Any]]:
    reply = await caller.get(who, f"/api/sessions/{session_id}/events")
    return [item["payload"] for item in reply.json()["items"]]


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


WROTE = (201, None)


async def test_reactions_are_counted_once_a_person(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    path = f"/api/chat/{await send(caller, school.student, session_id)}/reactions"
    for _ in range(2):
        await call(caller, "PUT", school.teacher, f"{path}/heart")
    mine = await call(caller, "PUT", school.student, f"{path}/heart")
    assert mine.json()["reactions"] == [{"emoji": "heart", "count": 2, "mine": True}]
    for _ in range(2):
        gone = await call(caller, "DELETE", school.student, f"{path}/heart")
        assert gone.json()["reactions"] == [{"emoji": "heart", "count": 1, "mine": False}]
    assert refusal(await call(caller, "PUT", school.assistant, f"{path}/heart")) == (
        403,
        "forbidden",
    )
    assert refusal(await call(caller, "PUT", school.student, f"{path}/skull")) == (
        422,
        "invalid_field",
    )
    told = [event["type"] for event in await events(caller, school.student, session_id)]
    assert told.count("chat.reacted") == 2
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_the_same_reaction_twice_at_once_is_in_the_log_once(
    method: str, caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    path = f"/api/chat/{await send(caller, school.student, session_id)}/reactions/heart"
    if method == "DELETE":
        await call(caller, "PUT", school.teacher, path)
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.select(sessions.c.id).where(sessions.c.id == session_id).with_for_update()
        )
        both = [asyncio.create_task(call(caller, method, school.teacher, path)) for _ in range(2)]
        await eventually(lambda: both_wait(database))
    assert [(await reply).status_code for reply in both] == [200, 200]
    told = [event["type"] for event in await events(caller, school.student, session_id)]
    once = "chat.reacted" if method == "PUT" else "chat.reaction_withdrawn"
    assert told.count(once) == 1


async def both_wait(database: Database) -> bool:
    """Two who want a lock that somebody else has; what one transaction sees of that stays as it first saw it."""
    waiting = "select count(*) from pg_locks where not granted"
    async with database.system_transaction() as tx:
        return bool(await tx.scalar(sa.text(waiting)) == 2)


async def test_three_messages_are_pinned_at_most(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    sent = [await send(caller, school.student, session_id, str(n)) for n in range(4)]
    student = await call(caller, "POST", school.student, f"/api/chat/{sent[0]}/pin")
    assert refusal(student) == (403, "forbidden")
    replies = [await call(caller, "POST", school.teacher, f"/api/chat/{key}/pin") for key in sent]
    assert [reply.status_code for reply in replies] == [200, 200, 200, 409]
    assert replies[3].json()["code"] == "too_many_pins"
    await call(caller, "DELETE", school.teacher, f"/api/chat/{sent[0]}/pin")
    await call(caller, "DELETE", school.student, f"/api/chat/{sent[1]}")
    assert (await call(caller, "POST", school.teacher, f"/api/chat/{sent[3]}/pin")).json()["pinned"]
    state = (await caller.get(school.assistant, f"/api/sessions/{session_id}/state")).json()
    assert state["chat"]["pins"] == sent[2:]
    shown = await messages(caller, school.student, session_id)
    assert [one["pinned"] for one in shown] == [False, True, True]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_who_is_muted_writes_nothing_until_let_again(
    caller: Caller, school: School, session_id: UUID
) -> None:
    mutes = f"/api/sessions/{session_id}/chat/mutes"
    student = str(participant_id(session_id, school.student.user_id))
    old = await send(caller, school.student, session_id)
    muted = await call(caller, "POST", school.teacher, mutes, {"participantId": student})
    assert (muted.status_code, muted.json()["muted"]) == (200, [student])
    assert await writing(caller, school.student, session_id) == [(403, "muted")] * 2
    edit = await call(caller, "PATCH", school.student, f"/api/chat/{old}", {"content": "x"})
    assert refusal(edit) == (403, "muted")
    state = (await caller.get(school.student, f"/api/sessions/{session_id}/state")).json()
    assert state["chat"]["muted"] == [student]
    assert (await call(caller, "DELETE", school.teacher, f"{mutes}/{student}")).json()[
        "muted"
    ] == []
    assert await writing(caller, school.student, session_id) == [WROTE] * 2


async def test_only_students_of_this_class_are_muted_and_only_by_staff(
    caller: Caller, school: School, session_id: UUID
) -> None:
    mutes = f"/api/sessions/{session_id}/chat/mutes"
    teacher = str(participant_id(session_id, school.teacher.user_id))
    tried = {
        who.role: refusal(await call(caller, "POST", who, mutes, {"participantId": teacher}))
        for who in (school.student, school.teacher, school.assistant)
    }
    assert set(tried.values()) == {(403, "forbidden")}
    nobody = await call(caller, "POST", school.teacher, mutes, {"participantId": str(uuid4())})
    assert refusal(nobody) == (404, "not_found")


async def test_a_closed_chat_is_open_to_staff_and_to_questions(
    caller: Caller, school: School, session_id: UUID
) -> None:
    await set_rules(caller, school.teacher, session_id, open=False)
    assert await writing(caller, school.student, session_id) == [(409, "chat_closed"), WROTE]
    assert await writing(caller, school.teacher, session_id) == [WROTE] * 2
    await set_rules(caller, school.teacher, session_id, open=True)
    assert await writing(caller, school.student, session_id) == [WROTE] * 2


async def test_slow_mode_asks_students_to_wait(
    caller: Caller, school: School, session_id: UUID
) -> None:
    await set_rules(caller, school.teacher, session_id, slowModeS=600)
    for who in (school.student, school.teacher, school.teacher):
        await send(caller, who, session_id)
    body = {"sessionId": str(session_id), "content": "again"}
    early = await caller.post(school.student, "/api/chat", body)
    assert refusal(early) == (429, "slow_mode")
    assert 590 < int(early.headers["Retry-After"]) <= 600
    assert early.json()["details"]["retryAfterS"] == int(early.headers["Retry-After"])
    await set_rules(caller, school.teacher, session_id)
    await send(caller, school.student, session_id)


async def test_filtered_words_are_refused_and_the_list_is_for_staff(
    caller: Caller, school: School, session_id: UUID
) -> None:
    old = await send(caller, school.student, session_id)
    set_to = await set_rules(caller, school.assistant, session_id, words=["Zounds", " Égad "])
    assert set_to.json()["words"] == ["Zounds", "Égad"]
    filtered = [(422, "message_filtered")] * 2
    assert await writing(caller, school.student, session_id, "EGAD, Sir!") == filtered
    assert await writing(caller, school.teacher, session_id, "No zounds") == [WROTE] * 2
    edit = await call(caller, "PATCH", school.student, f"/api/chat/{old}", {"content": "zounds"})
    assert refusal(edit) == (422, "message_filtered")
    rules = await caller.get(school.student, f"/api/sessions/{session_id}/chat/rules")
    assert rules.json()["words"] is None
    for path in ("events", "state", "chat/rules"):
        reply = await caller.get(school.student, f"/api/sessions/{session_id}/{path}")
        assert "Égad" not in reply.text


async def test_rules_are_set_before_class_by_staff_and_kept(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    rules = {"open": False, "slowModeS": 5, "words": ["zounds"]}
    assert refusal(await set_rules(caller, school.student, session_id, **rules)) == (
        403,
        "forbidden",
    )
    kept = await set_rules(caller, school.assistant, session_id, **rules)
    assert kept.json() == rules | {"muted": []}
    for wrong in ({"slowModeS": -1}, {"slowModeS": 601}, {"words": [" "]}):
        reply = await set_rules(caller, school.teacher, session_id, **wrong)
        assert refusal(reply) == (422, "invalid_field")
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    late = await set_rules(caller, school.teacher, session_id)
    assert refusal(late) == (409, "session_over")


async def test_staff_take_messages_away_from_outside_and_after_class(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    sent = [await send(caller, school.student, session_id, str(n)) for n in range(3)]
    during = await call(caller, "DELETE", school.admin, f"/api/chat/{sent[0]}")
    assert during.status_code == 204
    await caller.command("end", school.teacher, session_id)
    for who in (school.student, school.assistant):
        late = await call(caller, "DELETE", who, f"/api/chat/{sent[1]}")
        assert refusal(late) == (409, "session_over")
    for who, key in ((school.teacher, sent[1]), (school.admin, sent[2])):
        assert (await call(caller, "DELETE", who, f"/api/chat/{key}")).status_code == 204
    assert await messages(caller, school.student, session_id) == []
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_what_was_deleted_is_told_to_nobody_any_more(
    caller: Caller, school: School, session_id: UUID, settings: Settings
) -> None:
    kept = await send(caller, school.student, session_id, "stays")
    gone = await send(caller, school.student, session_id, "my secret")
    await call(caller, "PATCH", school.student, f"/api/chat/{gone}", {"content": "still secret"})
    assert "secret" in str(await events(caller, school.teacher, session_id))
    await call(caller, "DELETE", school.student, f"/api/chat/{gone}")
    told = await events(caller, school.teacher, session_id)
    texts = {event["messageId"]: event["content"] for event in told if "content" in event}
    assert texts == {kept: "stays", gone: ""}
    internal = {"Authorization": f"Bearer {settings.internal_token.reveal()}"}
    relay = await caller.http.get(
        f"/api/internal/sessions/{session_id}/events", headers=internal, params={"after": 0}
    )
    assert relay.status_code == 200
    assert "stays" in relay.text
    assert "secret" not in relay.text


async def test_nobody_writes_without_end(caller: Caller, school: School, session_id: UUID) -> None:
    body = {"sessionId": str(session_id), "content": "spam"}
    replies = [await caller.post(school.student, "/api/chat", body) for _ in range(21)]
    assert [reply.status_code for reply in replies] == [201] * 20 + [429]
    assert 1 <= int(replies[20].headers["Retry-After"]) <= 10
    await send(caller, school.teacher, session_id)


@pytest.mark.parametrize(("waited_s", "left_s"), [(0, 30), (1.5, 29), (29.99, 1), (30, 0), (99, 0)])
def test_slow_mode_counts_from_the_last_message(waited_s: float, left_s: int) -> None:
    session, student = uuid4(), Person(uuid4(), "Bo", "student")
    state = SessionState()

    def add(found: list[Event], at: datetime) -> None:
        nonlocal state
        for event in found:
            stored = StoredEvent(
                id=uuid4(), session_id=session, sequence=1, created_at=at, payload=event
            )
            state = evolve(state, stored)

    def send_at(at: datetime) -> None:
        who = member(state, session, student.user_id)
        add(domain.send(state, who, uuid4(), "a", at, lambda _sealed, _text: False), at)

    add(start(state, session, student), NOW)
    add(domain.set_rules(state, uuid4(), SetChatRules(slow_mode_s=30), ""), NOW)
    send_at(NOW)
    if left_s:
        with pytest.raises(SlowMode) as refused:
            send_at(NOW + timedelta(seconds=waited_s))
        assert refused.value.retry_after_s == left_s
    else:
        send_at(NOW + timedelta(seconds=waited_s))
