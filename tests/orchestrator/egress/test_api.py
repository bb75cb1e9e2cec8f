"""Choosing a session's destinations over HTTP; without an egress worker, so that nothing gets past waiting."""

import asyncio
from uuid import UUID, uuid4

import sqlalchemy as sa

from orchestrator.auth.tables import user_roles
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.egress import selection
from orchestrator.sessions import projection as sessions_projection
from orchestrator.state.session import SessionState, evolve
from schema.events import DestinationChanged
from tests.support.school import Caller, Member, School
from tests.support.waiting import eventually


async def new_destination(caller: Caller, who: Member, name: str) -> str:
    body = {
        "type": "rtmp",
        "name": name,
        "url": "rtmp://127.0.0.1:19350/live",
        "streamKey": f"key-of-{name}",
    }
    made = await caller.post(who, "/api/destinations", body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def choose(caller: Caller, who: Member, session_id: UUID, ids: list[str]) -> list[str]:
    reply = await caller.post(
        who, f"/api/sessions/{session_id}/destinations", {"destinationIds": ids}
    )
    assert reply.status_code == 200, reply.text
    return [item["name"] for item in reply.json()]


async def test_the_set_is_replaced_and_told_in_the_log(caller: Caller, school: School) -> None:
    one, two = [await new_destination(caller, school.teacher, name) for name in ("one", "two")]
    session_id = await caller.new_session(school)
    assert await choose(caller, school.teacher, session_id, [one, two]) == ["one", "two"]
    assert await choose(caller, school.teacher, session_id, [two]) == ["two"]
    shown = await caller.get(school.admin, f"/api/sessions/{session_id}/destinations")
    assert shown.json() == [
        {
            "destinationId": two,
            "name": "two",
            "type": "rtmp",
            "status": "idle",
            "attempt": 0,
            "nextAttemptAt": None,
            "reason": None,
            "changedAt": None,
            "reconnects": 0,
            "stats": None,
            "platform": None,
            "readiness": [],
        }
    ]
    log = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()["items"]
    chosen = [e["payload"] for e in log if e["payload"]["type"] == "destinations.selected"]
    assert [payload["destinationIds"] for payload in chosen] == [[one, two], [two]]
    assert await choose(caller, school.teacher, session_id, []) == []


async def test_unknown_and_foreign_destinations_are_refused(
    caller: Caller, school: School, other_school: School
) -> None:
    session_id = await caller.new_session(school)
    foreign = await new_destination(caller, other_school.teacher, "foreign")
    for destination in (foreign, str(uuid4())):
        reply = await caller.post(
            school.teacher,
            f"/api/sessions/{session_id}/destinations",
            {"destinationIds": [destination]},
        )
        assert (reply.status_code, reply.json()["details"]) == (422, {"field": "destinationIds"})


async def test_another_tenants_session_is_not_there(
    caller: Caller, school: School, other_school: School
) -> None:
    path = f"/api/sessions/{await caller.new_session(school)}/destinations"
    assert (await caller.get(other_school.teacher, path)).status_code == 404
    body: dict[str, list[str]] = {"destinationIds": []}
    assert (await caller.post(other_school.teacher, path, body)).status_code == 404
    assert (await caller.get(school.student, path)).status_code == 403


async def test_a_teacher_of_another_course_has_no_say(
    caller: Caller, school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(user_roles)
            .where(user_roles.c.user_id == school.teacher.user_id)
            .values(scope="course", scope_id=uuid4())
        )
    path = f"/api/sessions/{session_id}/destinations"
    assert (await caller.get(school.teacher, path)).status_code == 403
    body: dict[str, list[str]] = {"destinationIds": []}
    assert (await caller.post(school.teacher, path, body)).status_code == 403
    assert (await caller.post(school.admin, path, body)).status_code == 200


async def test_when_the_class_is_over_nothing_can_be_chosen(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    body: dict[str, list[str]] = {"destinationIds": []}
    reply = await caller.post(school.teacher, f"/api/sessions/{session_id}/destinations", body)
    assert (reply.status_code, reply.json()["code"]) == (409, "session_over")


async def test_starting_does_not_wait_for_an_egress_worker_that_is_not_there(
    caller: Caller, school: School
) -> None:
    destination = await new_destination(caller, school.teacher, "one")
    session_id = await caller.new_session(school)
    await choose(caller, school.teacher, session_id, [destination])
    async with asyncio.timeout(5):
        started = await caller.command("start", school.teacher, session_id)
    assert started.status_code == 200

    async def waiting() -> bool:
        shown = await caller.get(school.teacher, f"/api/sessions/{session_id}/destinations")
        return [item["status"] for item in shown.json()] == ["connecting"]

    await eventually(waiting)


async def give_up(database: Database, tenant_id: UUID, session_id: UUID, name: str) -> None:
    """As the reconciler does after too many tries."""
    failed = DestinationChanged(
        destination_id=UUID(name), status="failed", attempt=20, reason="refused"
    )
    log: EventLog[SessionState] = EventLog(
        SessionState(), evolve, [selection.project, sessions_projection.project]
    )
    async with database.system_transaction() as tx:
        await log.append(tx, tenant_id, session_id, f"given up {name}", lambda _: [failed])


async def test_what_was_given_up_is_told_to_admins_and_tried_again_when_asked(
    caller: Caller, school: School, other_school: School, database: Database
) -> None:
    name = await new_destination(caller, school.teacher, "one")
    session_id = await caller.new_session(school)
    await choose(caller, school.teacher, session_id, [name])
    # Before the class begins: from then on the reconciler has its say too.
    await give_up(database, school.tenant_id, session_id, name)
    await caller.command("start", school.teacher, session_id)
    (told,) = (await caller.get(school.admin, "/api/destinations/failures")).json()["items"]
    assert (told["sessionId"], told["destinationId"], told["reason"]) == (
        str(session_id),
        name,
        "refused",
    )
    elsewhere = await caller.get(other_school.admin, "/api/destinations/failures")
    assert elsewhere.json()["items"] == []
    path = f"/api/sessions/{session_id}/destinations/{name}/retry"
    again = await caller.post(school.teacher, path, None)
    assert again.status_code == 200, again.text
    assert again.json()[0]["status"] != "failed"
    assert again.json()[0]["attempt"] == 0
    assert (await caller.get(school.admin, "/api/destinations/failures")).json()["items"] == []


async def test_only_what_the_class_streams_to_can_be_retried(
    caller: Caller, school: School
) -> None:
    name = await new_destination(caller, school.teacher, "one")
    session_id = await caller.new_session(school)
    path = f"/api/sessions/{session_id}/destinations/{name}/retry"
    assert (await caller.post(school.teacher, path, None)).status_code == 404
    await choose(caller, school.teacher, session_id, [name])
    assert (await caller.post(school.teacher, path, None)).status_code == 200
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    over = await caller.post(school.teacher, path, None)
    assert (over.status_code, over.json()["code"]) == (409, "session_over")
