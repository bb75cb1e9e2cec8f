"""A guest is in the class like everybody: what happens reaches them too, and of no other class."""

from uuid import UUID

import pytest

from tests.orchestrator.realtime.test_stream import live_session, path, say
from tests.support.school import Caller, Member, School, bearer
from tests.support.streams import streaming


@pytest.fixture
async def session_id(served: Caller, school: School) -> UUID:
    return await live_session(served, school)


@pytest.fixture
async def guest(served: Caller, school: School, session_id: UUID) -> Member:
    invited = await served.post(school.teacher, f"/api/sessions/{session_id}/invitations", {})
    token = invited.json()["url"].split("#")[1]
    reply = await served.post(None, "/api/invitations/accept", {"token": token, "name": "Cy"})
    served.http.cookies.clear()
    accepted = reply.json()
    return Member(school.tenant_id, UUID(accepted["user"]["id"]), "student", accepted["token"])


async def test_a_guest_follows_the_class(
    served: Caller, school: School, session_id: UUID, guest: Member
) -> None:
    assert (await served.command("join", guest, session_id)).status_code == 200
    state = (await served.get(guest, f"/api/sessions/{session_id}/state")).json()
    address = path(session_id, state["sequence"])
    async with streaming(served.http, address, bearer(guest)) as stream:
        await say(served, school.teacher, session_id, "welcome")
        ((number, event),) = await stream.payloads(1)
    assert (number, event["payload"]["content"]) == (state["sequence"] + 1, "welcome")


@pytest.mark.parametrize(
    "what", ["", "/events", "/state", "/chat", "/questions", "/polls", "/captions", "/assets"]
)
async def test_a_guest_reads_their_class_and_no_other(
    served: Caller, school: School, session_id: UUID, guest: Member, what: str
) -> None:
    other = await served.new_session(school)
    assert (await served.get(guest, f"/api/sessions/{session_id}{what}")).status_code == 200
    assert (await served.get(guest, f"/api/sessions/{other}{what}")).status_code == 404
