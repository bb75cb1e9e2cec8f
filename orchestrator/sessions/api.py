"""/api/sessions: start, join and end."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.http.idempotency import Write
from orchestrator.sessions.history.states import States
from orchestrator.sessions.service import Sessions
from schema.sessions import EndReply, JoinReply, Seat, Session, SessionCommand
from schema.state import SessionView

At = Annotated[
    str | None,
    QueryParameter(
        description="A sequence, Unix milliseconds, or an ISO 8601 time with its zone; default: now."
        " A time before the first event gives the empty state, one in the future the newest;"
        " a sequence that the log has not reached is refused (422).",
    ),
]


class SessionsController(Controller):
    path = "/api/sessions"
    tags = ("sessions",)

    @get("/{session_id:uuid}/state")
    async def session_state(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        states: NamedDependency[States],
        at: At = None,
    ) -> SessionView:
        """What the members of the class may see, now or at any place of its log. It is the fold of `/events`, so that who
        has it needs only the events after its `sequence`."""
        return await states.view(principal, session_id, at)

    @post("/start", status_code=200)
    async def start_session(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> JoinReply:
        seat = await sessions.in_room(
            data.session_id,
            lambda: write.once(
                data, lambda tx, key: sessions.start(tx, key, principal, data.session_id), Seat
            ),
        )
        return await sessions.admit(principal, seat, replayed=write.replayed)

    @post("/join", status_code=200)
    async def join_session(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> JoinReply:
        seat = await sessions.in_room(
            data.session_id,
            lambda: write.once(
                data, lambda tx, key: sessions.join(tx, key, principal, data.session_id), Seat
            ),
        )
        return await sessions.admit(principal, seat, replayed=write.replayed)

    @post("/end", status_code=200)
    async def end_session(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> EndReply:
        session = await write.once(
            data, lambda tx, key: sessions.end(tx, key, principal, data.session_id), Session
        )
        return EndReply(session=session)
