"""The job board in a person's hands, and the artifact engine's trigger; the test is the worker."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from orchestrator.artifacts.api import RETRIES
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.proof.verify import verify
from orchestrator.recordings.domain import job_id, kinds
from orchestrator.sessions.domain import participant_id
from orchestrator.settings import Settings
from schema.jobs import ALWAYS, ON_REQUEST, with_dependents
from schema.recordings import TranscriptSegment
from tests.orchestrator.recordings.reports import Agent, bring_on, caption, segment
from tests.support.school import Caller, School

KINDS = [kind for kind in kinds(translates=False) if kind not in ON_REQUEST]


@pytest.fixture
def agent(caller: Caller, settings: Settings) -> Agent:
    return Agent(caller, settings)


@pytest.fixture
async def over(caller: Caller, school: School, agent: Agent, database: Database) -> UUID:
    """An ended class with one speaker's recording, whose jobs may begin."""
    session_id, person = await start(caller, school)
    await agent.segments(session_id, segment(school.tenant_id, session_id, person, 0))
    await caller.command("end", school.teacher, session_id)
    await bring_on(database, session_id)
    return session_id


async def start(caller: Caller, school: School) -> tuple[UUID, str]:
    session_id = await caller.new_session(school)
    seat = (await caller.command("start", school.teacher, session_id)).json()
    await caller.command("join", school.student, session_id)
    return session_id, seat["participant"]["id"]


def pupil(session_id: UUID, school: School) -> UUID:
    return participant_id(session_id, school.student.user_id)


async def board(caller: Caller, school: School, session_id: UUID) -> dict[str, Any]:
    reply = await caller.get(school.student, f"/api/sessions/{session_id}/artifacts")
    assert reply.status_code == 200, reply.text
    return {item["kind"]: item for item in reply.json()["items"]}


async def steer(
    caller: Caller, who: Any, session_id: UUID, kind: str, verb: str, key: str | None = None
) -> httpx.Response:
    body: Any = {} if verb == "retry" else None
    return await caller.post(who, f"/api/sessions/{session_id}/artifacts/{kind}/{verb}", body, key)


async def claim(agent: Agent, session_id: UUID) -> dict[str, Any]:
    name = job_id(session_id, "transcript")
    claimed: dict[str, Any] = (await agent.post(f"/jobs/{name}/claim", {})).json()
    return claimed


async def report(agent: Agent, job: dict[str, Any], verb: str, **body: Any) -> int:
    reply = await agent.post(f"/jobs/{job['id']}/{verb}", {"leaseToken": job["leaseToken"], **body})
    return int(reply.status_code)


async def told(caller: Caller, school: School, session_id: UUID, kind: str) -> list[dict[str, Any]]:
    page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
    return [e["payload"] for e in page.json()["items"] if e["payload"]["type"] == kind]


async def differences(database: Database, session_id: UUID) -> list[str]:
    """At one moment, for the program measures recordings meanwhile."""
    async with database.system_transaction() as tx:
        await tx.execute(sa.text("set transaction isolation level repeatable read"))
        return await verify(tx, session_id)


def recording(school: School, session_id: UUID, person: UUID | str) -> str:
    return f"{school.tenant_id}/{session_id}/speakers/{person}/TR_1"


async def process(
    agent: Agent, settings: Settings, session_id: UUID, url: str, **more: Any
) -> httpx.Response:
    body = {"sessionId": str(session_id), "recordingUrl": url, "idempotencyKey": "p1"} | more
    headers = {"Authorization": f"Bearer {settings.internal_token.reveal()}"}
    reply: httpx.Response = await agent._http.post(
        "/api/artifacts/process", json=body, headers=headers
    )
    return reply


async def test_the_board_shows_how_far_each_job_is(
    caller: Caller, school: School, agent: Agent, over: UUID
) -> None:
    assert list(await board(caller, school, over)) == KINDS
    job = await claim(agent, over)
    assert await report(agent, job, "heartbeat", progressPercent=40) == 200
    assert await report(agent, job, "heartbeat") == 200
    line = (await board(caller, school, over))["transcript"]
    assert (line["state"], line["progress"], line["attempts"]) == ("running", 40, 1)
    assert await report(agent, job, "heartbeat", progressPercent=101) == 422
    await report(agent, job, "complete", key="t.json", provenance={})
    line = (await board(caller, school, over))["transcript"]
    assert (line["state"], line["progress"], line["error"]) == ("done", 100, None)


async def test_a_parked_job_is_made_again_and_the_log_says_who_wanted_it(
    caller: Caller, school: School, agent: Agent, over: UUID, database: Database
) -> None:
    job = await claim(agent, over)
    await report(agent, job, "fail", error="unreadable", cause="final")
    assert (await board(caller, school, over))["transcript"]["error"] == "unreadable"
    assert await differences(database, over) == []
    again = await steer(caller, school.teacher, over, "transcript", "retry", "r1")
    line = again.json()
    assert (line["state"], line["attempts"], line["error"]) == ("queued", 0, None)
    assert (await steer(caller, school.teacher, over, "transcript", "retry", "r1")).json() == line
    asked = await told(caller, school, over, "artifact.requeued")
    assert [event["kind"] for event in asked] == [
        kind for kind in with_dependents("transcript") if kind not in ON_REQUEST
    ]
    assert {event["requestedBy"] for event in asked} == {str(school.teacher.user_id)}
    assert await differences(database, over) == []


async def test_a_running_job_is_not_made_again_and_cancelling_takes_its_lease(
    caller: Caller, school: School, agent: Agent, over: UUID, database: Database
) -> None:
    job = await claim(agent, over)
    refused = await steer(caller, school.teacher, over, "transcript", "retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "job_running")
    line = (await steer(caller, school.teacher, over, "transcript", "cancel")).json()
    assert (line["state"], line["error"]) == ("parked", "Cancelled by Teacher.")
    assert await report(agent, job, "heartbeat") == 409
    assert await report(agent, job, "complete", key="late.json", provenance={}) == 409
    assert await told(caller, school, over, "artifact.completed") == []
    assert await differences(database, over) == []
    refused = await steer(caller, school.teacher, over, "transcript", "cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "job_not_open")


async def test_retry_and_claim_at_once_have_one_winner(
    caller: Caller, school: School, agent: Agent, over: UUID, database: Database
) -> None:
    retried, claimed = await asyncio.gather(
        steer(caller, school.teacher, over, "transcript", "retry"), claim(agent, over)
    )
    state = (await board(caller, school, over))["transcript"]["state"]
    if retried.status_code == 409:
        assert state == "running"
    else:
        # A claim that came first has lost its lease, one that came second holds the job.
        beat = await report(agent, claimed, "heartbeat") if "leaseToken" in claimed else 409
        assert (state == "running") == (beat == 200)
    assert await differences(database, over) == []


async def test_late_words_bring_a_cancelled_job_back(
    caller: Caller, school: School, agent: Agent, over: UUID, database: Database
) -> None:
    await steer(caller, school.admin, over, "chapters", "cancel")
    await agent.captions(over, caption(1, pupil(over, school), "One thing more."))
    assert (await board(caller, school, over))["chapters"]["state"] == "queued"
    assert await differences(database, over) == []


@pytest.mark.parametrize("verb", ["retry", "cancel"])
async def test_who_may_not_steer(
    caller: Caller, school: School, other_school: School, over: UUID, verb: str
) -> None:
    for who in (school.student, school.assistant):
        assert (await steer(caller, who, over, "replay", verb)).status_code == 403
    for path in (f"{over}/artifacts/summaries", f"{uuid4()}/artifacts/replay"):
        body: Any = {} if verb == "retry" else None
        reply = await caller.post(school.teacher, f"/api/sessions/{path}/{verb}", body)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert (await steer(caller, other_school.teacher, over, "replay", verb)).status_code == 404
    assert (await steer(caller, school.teacher, over, "replay", verb, "")).status_code == 400


async def test_a_class_that_is_not_over_has_no_jobs(caller: Caller, school: School) -> None:
    session_id, _ = await start(caller, school)
    assert await board(caller, school, session_id) == {}
    reply = await steer(caller, school.teacher, session_id, "transcript", "retry")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_the_engine_queues_everything_once_per_key(
    caller: Caller,
    school: School,
    agent: Agent,
    settings: Settings,
    over: UUID,
    database: Database,
) -> None:
    replay = (await caller.get(school.teacher, f"/api/replays/{over}")).json()
    url = replay["recordings"][0]["url"]
    job = await claim(agent, over)
    await report(agent, job, "complete", key="t.json", provenance={})
    replies = [await process(agent, settings, over, url) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [202] * 3
    assert {reply.text for reply in replies} == {replies[0].text}
    assert replies[0].json() == {
        "sessionId": str(over),
        "recordingId": replay["recordings"][0]["id"],
        "kinds": list(ALWAYS),
    }
    asked = await told(caller, school, over, "artifact.requeued")
    assert [event["kind"] for event in asked] == replies[0].json()["kinds"]
    assert {line["state"] for line in (await board(caller, school, over)).values()} == {"queued"}
    assert await differences(database, over) == []


async def test_what_the_engine_is_refused(
    caller: Caller, school: School, agent: Agent, settings: Settings, over: UUID
) -> None:
    live, person = await start(caller, school)
    await agent.segments(live, segment(school.tenant_id, live, person, 0))
    key = recording(school, live, person)
    for session_id, url, more, status, code in (
        (live, key, {}, 409, "replay_not_ready"),
        (uuid4(), key, {}, 404, "not_found"),
        (over, key, {}, 422, "invalid_field"),
        (over, "https://elsewhere.test/media/x.ogg", {}, 422, "invalid_field"),
        (over, "", {}, 422, "invalid_field"),
        (over, key, {"idempotencyKey": None}, 400, "idempotency_key_missing"),
        (over, key, {"idempotencyKey": "x" * 256}, 422, "invalid_field"),
    ):
        reply = await process(agent, settings, session_id, url, **more)
        assert (reply.status_code, reply.json()["code"]) == (status, code), (url, more)


async def test_a_key_of_the_engine_stands_for_one_recording(
    caller: Caller, school: School, agent: Agent, settings: Settings, over: UUID
) -> None:
    other = segment(school.tenant_id, over, pupil(over, school), 0)
    await agent.segments(over, other)
    replay = (await caller.get(school.teacher, f"/api/replays/{over}")).json()
    first, second = (r["url"] for r in replay["recordings"])
    assert (await process(agent, settings, over, first)).status_code == 202
    reply = await process(agent, settings, over, second)
    assert (reply.status_code, reply.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_recording_is_heard_again_with_a_model_of_the_installation(
    caller: Caller, school: School, agent: Agent, over: UUID
) -> None:
    path = f"/api/sessions/{over}/artifacts/speech/retry"
    refused = await caller.post(school.teacher, path, {"model": "huge"})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_field")
    line = (await caller.post(school.teacher, path, {"model": "tiny.en"})).json()
    assert (line["model"], line["models"]) == ("tiny.en", ["tiny.en"])
    name = job_id(over, "speech")
    job = (await agent.post(f"/jobs/{name}/claim", {})).json()
    assert job["parameters"] == {"model": "tiny.en"}
    elsewhere = f"/api/sessions/{over}/artifacts/chapters/retry"
    refused = await caller.post(school.teacher, elsewhere, {"model": "tiny.en"})
    assert refused.status_code == 422


async def test_a_tenant_may_not_have_everything_made_again_without_end(
    caller: Caller, school: School, over: UUID
) -> None:
    replies = [
        await steer(caller, school.teacher, over, "statistics", "retry")
        for _ in range(RETRIES.count + 1)
    ]
    assert [reply.status_code for reply in replies] == [200] * RETRIES.count + [429]
    assert int(replies[-1].headers["retry-after"]) > 0


async def test_an_answer_that_is_asked_for_again_costs_nothing(
    caller: Caller, school: School, over: UUID
) -> None:
    first = await steer(caller, school.teacher, over, "statistics", "retry", "same key")
    again = [
        await steer(caller, school.teacher, over, "statistics", "retry", "same key")
        for _ in range(RETRIES.count)
    ]
    assert {reply.text for reply in again} == {first.text}
    assert (await steer(caller, school.teacher, over, "quiz", "retry")).status_code == 200


async def test_a_job_that_cannot_begin_says_what_it_waits_for(
    caller: Caller, school: School, agent: Agent, over: UUID
) -> None:
    line = (await board(caller, school, over))["document"]
    assert (line["waitsFor"], line["blockedBy"]) == (["transcript", "chapters", "summary"], [])
    await steer(caller, school.teacher, over, "chapters", "cancel")
    jobs = await board(caller, school, over)
    assert jobs["quiz"]["waitsFor"] == ["transcript", "summary"]
    assert jobs["quiz"]["blockedBy"] == ["chapters"], "through the summary"
    assert jobs["chapters"]["waitsFor"] == jobs["speech"]["waitsFor"] == []


async def test_the_board_says_when_a_job_is_tried_again(
    caller: Caller, school: School, agent: Agent, over: UUID
) -> None:
    assert (await board(caller, school, over))["transcript"]["nextAttemptAt"] is None
    job = await claim(agent, over)
    await report(agent, job, "fail", error="The object store is away.", cause="away")
    line = (await board(caller, school, over))["transcript"]
    assert (line["state"], line["error"]) == ("queued", "The object store is away.")
    assert line["nextAttemptAt"] > line["updatedAt"]


async def test_every_version_is_kept_and_compared(
    caller: Caller, school: School, agent: Agent, settings: Settings, over: UUID
) -> None:
    storage = Storage.from_settings(settings)
    for number, text in enumerate(("The sell wall.", "The cell wall."), start=1):
        said = TranscriptSegment(
            id="SG_1",
            participant_id=school.teacher.user_id,
            speaker="Teacher",
            start_ms=2_000,
            end_ms=4_000,
            text=text,
            words=[],
        )
        await storage.put(f"v{number}.json", msgspec.json.encode([said]))
        job = await claim(agent, over)
        await report(agent, job, "complete", key=f"v{number}.json", provenance={"run": number})
        await steer(caller, school.teacher, over, "transcript", "retry")
    path = f"/api/sessions/{over}/artifacts/transcript"
    listed = (await caller.get(school.teacher, f"{path}/versions")).json()["items"]
    assert [(v["version"], v["provenance"]) for v in listed] == [(2, {"run": 2}), (1, {"run": 1})]
    compared = (await caller.get(school.teacher, f"{path}/changes?from=1&to=2")).json()
    assert compared["lines"] == [
        {"op": "removed", "text": "0:00:02 Teacher: The sell wall."},
        {"op": "added", "text": "0:00:02 Teacher: The cell wall."},
    ]
    assert (await caller.get(school.teacher, f"{path}/changes?from=1&to=3")).status_code == 404
    assert (await caller.get(school.student, f"{path}/versions")).status_code == 403
