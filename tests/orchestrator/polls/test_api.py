"""Polls over HTTP: who may ask, answer and see what, and when."""

import asyncio
import csv
import io
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.http.tables import idempotency_keys as replies
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, bearer

OPTIONS = ["Bath", "Highbury", "London"]


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    """A live class with a teacher and a student in it; assistant and admin stay outside."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    return session_id


def poll_of(session_id: UUID, **changes: Any) -> dict[str, Any]:
    return {"sessionId": str(session_id), "prompt": "Where?", "options": OPTIONS} | changes


async def create(caller: Caller, school: School, session_id: UUID, **changes: Any) -> str:
    reply = await caller.post(school.teacher, "/api/polls", poll_of(session_id, **changes))
    assert reply.status_code == 201, reply.text
    return str(reply.json()["id"])


async def opened(caller: Caller, school: School, session_id: UUID, **changes: Any) -> str:
    poll = await create(caller, school, session_id, **changes)
    reply = await caller.post(school.teacher, f"/api/polls/{poll}/open", None)
    assert reply.status_code == 200, reply.text
    return poll


async def answer(caller: Caller, who: Member, poll: str, *choices: int) -> httpx.Response:
    return await caller.post(who, f"/api/polls/{poll}/responses", {"choices": list(choices)})


async def seen(caller: Caller, who: Member, poll: str) -> dict[str, Any]:
    reply = await caller.get(who, f"/api/polls/{poll}")
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


async def close(caller: Caller, who: Member, poll: str) -> httpx.Response:
    return await caller.post(who, f"/api/polls/{poll}/close", None)


async def change(
    caller: Caller, method: str, who: Member, poll: str, body: Any = None
) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
    return await caller.http.request(method, f"/api/polls/{poll}", headers=headers, json=body)


async def log_of(caller: Caller, who: Member, session_id: UUID) -> str:
    return (await caller.get(who, f"/api/sessions/{session_id}/events")).text


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


async def test_a_poll_from_draft_to_result(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    poll = await opened(caller, school, session_id)
    first = await answer(caller, school.student, poll, 0)
    assert (first.json()["tally"], first.json()["mine"]) == ([1, 0, 0], [0])
    second = await answer(caller, school.student, poll, 2)
    assert (second.json()["tally"], second.json()["responses"]) == ([0, 0, 1], 1)
    await answer(caller, school.teacher, poll, 2)
    assert (await seen(caller, school.student, poll))["tally"] == [0, 0, 2]
    closed = (await close(caller, school.teacher, poll)).json()
    assert (closed["status"], closed["tally"], closed["responses"]) == ("closed", [0, 0, 2], 2)
    assert refusal(await answer(caller, school.student, poll, 1)) == (409, "poll_closed")
    assert (await seen(caller, school.student, poll))["tally"] == [0, 0, 2]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_a_draft_is_prepared_before_class_and_seen_by_staff_only(
    caller: Caller, school: School
) -> None:
    session_id = await caller.new_session(school)
    poll = await create(caller, school, session_id, prompt="Who is Mr Elton?")
    for path in (f"/api/polls/{poll}", f"/api/polls/{poll}/export"):
        assert (await caller.get(school.student, path)).status_code in {403, 404}
    lists = {
        who.role: (await caller.get(who, f"/api/sessions/{session_id}/polls")).json()["items"]
        for who in (school.assistant, school.student)
    }
    assert ([one["id"] for one in lists["assistant"]], lists["student"]) == ([poll], [])
    assert "Elton" not in await log_of(caller, school.student, session_id)
    early = await caller.post(school.teacher, f"/api/polls/{poll}/open", None)
    assert refusal(early) == (409, "session_not_live")
    await caller.command("start", school.teacher, session_id)
    await caller.command("join", school.student, session_id)
    assert refusal(await answer(caller, school.student, poll, 0)) == (409, "poll_not_open")
    assert refusal(await close(caller, school.teacher, poll)) == (409, "poll_not_open")


async def test_drafts_are_edited_and_deleted_but_nothing_that_was_asked(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    poll = await create(caller, school, session_id)
    edited = await change(
        caller, "PATCH", school.assistant, poll, {"prompt": " When? ", "multiple": True}
    )
    assert edited.status_code == 200, edited.text
    assert {name: edited.json()[name] for name in ("prompt", "multiple", "options")} == {
        "prompt": "When?",
        "multiple": True,
        "options": OPTIONS,
    }
    gone = await create(caller, school, session_id)
    assert (await change(caller, "DELETE", school.teacher, gone)).status_code == 204
    assert (await caller.get(school.teacher, f"/api/polls/{gone}")).status_code == 404
    await caller.post(school.teacher, f"/api/polls/{poll}/open", None)
    for method, body in (("PATCH", {"prompt": "Why?"}), ("DELETE", None)):
        late = await change(caller, method, school.teacher, poll, body)
        assert refusal(late) == (409, "poll_already_opened")
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_a_quiz_keeps_its_solution_and_secret_results_until_it_closes(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    quiz = {"kind": "quiz", "correct": [1], "results": "after_close"}
    poll = await opened(caller, school, session_id, **quiz)
    mine = (await answer(caller, school.student, poll, 1)).json()
    assert (mine["tally"], mine["correct"], mine["mine"], mine["responses"]) == (None, None, [1], 1)
    await answer(caller, school.teacher, poll, 0)
    staff = await seen(caller, school.assistant, poll)
    assert (staff["tally"], staff["correct"]) == ([1, 1, 0], [1])
    page = (await caller.get(school.student, f"/api/sessions/{session_id}/events")).json()
    told = [item["payload"] for item in page["items"] if item["payload"]["type"] == "poll.answered"]
    assert [event["choices"] for event in told] == [None, None]
    assert all(event["sealed"] for event in told)
    await close(caller, school.teacher, poll)
    after = await seen(caller, school.student, poll)
    assert (after["tally"], after["correct"], after["mine"]) == ([1, 1, 0], [1], [1])
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_the_log_tells_nobody_who_answered(
    caller: Caller, school: School, session_id: UUID
) -> None:
    polls = [await opened(caller, school, session_id, anonymous=True) for _ in range(2)]
    for poll in polls:
        await answer(caller, school.student, poll, 0)
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    told = [item["payload"] for item in page["items"] if item["payload"]["type"] == "poll.answered"]
    joined = next(
        item["payload"]
        for item in page["items"]
        if item["payload"].get("userId") == str(school.student.user_id)
    )
    assert len({event["respondent"] for event in told}) == 2
    for event in told:
        assert joined["userId"] not in str(event)
        assert joined["participantId"] not in str(event)


@pytest.mark.parametrize("results", ["live", "after_close"])
async def test_no_row_says_how_somebody_answered(
    results: str, caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    poll = await opened(caller, school, session_id, anonymous=True, results=results)
    path, key = f"/api/polls/{poll}/responses", str(uuid4())
    first = await caller.post(school.student, path, {"choices": [2]}, key)
    again = await caller.post(school.student, path, {"choices": [2]}, key)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await caller.post(school.student, path, {"choices": [1]}, key)
    assert refusal(other) == (422, "idempotency_key_reused")
    assert (await seen(caller, school.student, poll))["mine"] == [2]
    async with database.system_transaction() as tx:
        mine = replies.c.principal_id == school.student.user_id
        routes = await tx.execute(sa.select(replies.c.route).where(mine))
        assert set(routes.scalars()) == {"POST /api/sessions/join"}


async def test_the_export_names_people_only_where_they_were_told_so(
    caller: Caller, school: School, session_id: UUID
) -> None:
    options = ["=HYPERLINK(0)", "+1", "no"]
    lines = {}
    for anonymous in (True, False):
        poll = await opened(
            caller,
            school,
            session_id,
            options=options,
            anonymous=anonymous,
            multiple=True,
            kind="quiz",
            correct=[0, 1],
        )
        await answer(caller, school.student, poll, 1, 0)
        reply = await caller.get(school.assistant, f"/api/polls/{poll}/export")
        assert reply.headers["content-type"].startswith("text/csv")
        assert "attachment" in reply.headers["content-disposition"]
        lines[anonymous] = list(csv.reader(io.StringIO(reply.text)))
        assert (await caller.get(school.student, f"/api/polls/{poll}/export")).status_code == 403
    assert lines[True] == [["Answer", "Correct"], ["'=HYPERLINK(0); +1", "yes"]]
    assert lines[False][0] == ["Name", "Answered at", "Answer", "Correct"]
    assert (lines[False][1][0], lines[False][1][2:]) == (
        "Student",
        ["'=HYPERLINK(0); +1", "yes"],
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 501}, "prompt"),
        ({"options": ["one"]}, "options"),
        ({"options": [str(n) for n in range(11)]}, "options"),
        ({"options": ["same", " same"]}, "options"),
        ({"options": ["a", "b\0"]}, "options"),
        ({"correct": [0]}, "correct"),
        ({"kind": "quiz"}, "correct"),
        ({"kind": "quiz", "correct": [3]}, "correct"),
        ({"kind": "quiz", "correct": [-1]}, "correct"),
        ({"kind": "quiz", "correct": [0, 1]}, "correct"),
        ({"kind": "riddle"}, "kind"),
    ],
)
async def test_a_poll_that_cannot_be_asked_is_refused(
    caller: Caller, school: School, session_id: UUID, changes: dict[str, Any], field: str
) -> None:
    reply = await caller.post(school.teacher, "/api/polls", poll_of(session_id, **changes))
    assert refusal(reply) == (422, "invalid_field")
    assert reply.json()["details"] == {"field": field}


async def test_only_options_of_the_poll_are_chosen(
    caller: Caller, school: School, session_id: UUID
) -> None:
    poll = await opened(caller, school, session_id)
    for choices in ([], [3], [-1], [0, 1], [2**40]):
        refused = await answer(caller, school.student, poll, *choices)
        assert refusal(refused) == (422, "invalid_field")
    several = await opened(caller, school, session_id, multiple=True)
    assert (await answer(caller, school.student, several, 2, 0, 0)).json()["mine"] == [0, 2]
    assert refusal(await answer(caller, school.student, several)) == (422, "invalid_field")


async def test_who_is_not_in_class_neither_asks_nor_answers(
    caller: Caller, school: School, other_school: School, session_id: UUID
) -> None:
    poll = await opened(caller, school, session_id)
    assert refusal(await answer(caller, school.assistant, poll, 0)) == (403, "forbidden")
    student = school.student
    tried = [
        await caller.post(student, "/api/polls", poll_of(session_id)),
        await caller.post(student, f"/api/polls/{poll}/open", None),
        await close(caller, student, poll),
        await change(caller, "PATCH", student, poll, {"prompt": "x"}),
        await change(caller, "DELETE", student, poll),
    ]
    assert {refusal(reply) for reply in tried} == {(403, "forbidden")}
    foreign = [
        await caller.post(other_school.teacher, "/api/polls", poll_of(session_id)),
        await caller.get(other_school.teacher, f"/api/polls/{poll}"),
        await caller.get(other_school.teacher, f"/api/sessions/{session_id}/polls"),
        await caller.get(other_school.teacher, f"/api/polls/{poll}/export"),
        await close(caller, other_school.teacher, poll),
        await answer(caller, other_school.student, poll, 0),
    ]
    assert {refusal(reply) for reply in foreign} == {(404, "not_found")}


async def test_after_class_a_poll_is_closed_but_not_answered(
    caller: Caller, school: School, session_id: UUID
) -> None:
    poll = await opened(caller, school, session_id, results="after_close")
    await answer(caller, school.student, poll, 1)
    await caller.command("end", school.teacher, session_id)
    assert refusal(await answer(caller, school.student, poll, 0)) == (409, "session_over")
    assert (await close(caller, school.teacher, poll)).json()["tally"] == [0, 1, 0]
    new = await caller.post(school.teacher, "/api/polls", poll_of(session_id))
    assert refusal(new) == (409, "session_over")


async def test_opening_and_closing_again_changes_nothing(
    caller: Caller, school: School, session_id: UUID
) -> None:
    poll = await opened(caller, school, session_id)
    again = await caller.post(school.teacher, f"/api/polls/{poll}/open", None)
    assert again.status_code == 200
    for _ in range(2):
        assert (await close(caller, school.teacher, poll)).status_code == 200
    reopened = await caller.post(school.teacher, f"/api/polls/{poll}/open", None)
    assert refusal(reopened) == (409, "poll_closed")
    log = await log_of(caller, school.student, session_id)
    assert (log.count("poll.opened"), log.count("poll.closed")) == (1, 1)


async def test_the_whole_class_answers_at_once(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    poll = await opened(caller, school, session_id)
    people = (school.student, school.teacher)
    await asyncio.gather(*(answer(caller, people[n % 2], poll, n % 3) for n in range(20)))
    assert sum((await seen(caller, school.student, poll))["tally"]) == 2
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_who_comes_late_sees_what_is_open(
    caller: Caller, school: School, session_id: UUID
) -> None:
    await create(caller, school, session_id, prompt="Not yet")
    poll = await opened(caller, school, session_id)
    await answer(caller, school.student, poll, 0)
    state = (await caller.get(school.assistant, f"/api/sessions/{session_id}/state")).json()
    (shown,) = state["polls"]
    assert (shown["id"], shown["tally"], shown["responses"]) == (poll, [1, 0, 0], 1)
    assert shown["question"]["options"] == OPTIONS


async def test_polls_are_paged_by_sequence(
    caller: Caller, school: School, session_id: UUID
) -> None:
    polls = [await create(caller, school, session_id) for _ in range(3)]
    path = f"/api/sessions/{session_id}/polls?limit=2"
    first = (await caller.get(school.teacher, path)).json()
    rest = (await caller.get(school.teacher, f"{path}&after={first['nextCursor']}")).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == polls
    assert "nextCursor" not in rest
