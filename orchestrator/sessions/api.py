"""/api/sessions: start, join, end, and the log."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.http.idempotency import Write
from orchestrator.sessions.feed import Feed
from orchestrator.sessions.service import Sessions
from schema.agents import EventPage
from schema.sessions import EndReply, JoinReply, Seat, Session, SessionCommand

After = Annotated[int, QueryParameter(ge=0, description="The last sequence already seen.")]


class SessionsController(Controller):
    path = "/api/sessions"
    tags = ("sessions",)

    @get("/{session_id:uuid}/events")
    async def events(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        feed: NamedDependency[Feed],
        after: After = 0,
    ) -> EventPage:
        return await feed.read(principal, session_id, after)

    @post("/start", status_code=200)
    async def start(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> JoinReply:
        seat = await write.once(
            data, lambda tx, key: sessions.start(tx, key, principal, data.session_id), Seat
        )
        return sessions.admit(seat)

    @post("/join", status_code=200)
    async def join(
        self,
        data: JSONBody[SessionCommand],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> JoinReply:
        seat = await write.once(
            data, lambda tx, key: sessions.join(tx, key, principal, data.session_id), Seat
        )
        return sessions.admit(seat)

    @post("/end", status_code=200)
    async def end(
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
