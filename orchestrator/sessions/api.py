"""/api/sessions: create, start, join and end."""

from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.http.idempotency import Write
from orchestrator.sessions import service
from orchestrator.sessions.service import Sessions
from schema.base import Page
from schema.sessions import CreateSession, EndReply, JoinReply, Seat, Session, SessionCommand

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class SessionsController(Controller):
    path = "/api/sessions"
    tags = ("sessions",)

    @get()
    async def sessions(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        cursor: FromQuery[UUID | None] = None,
        limit: Limit = 50,
    ) -> Page[Session]:
        async with database.transaction() as tx:
            items = await service.list_newest(tx, principal.tenant_id, cursor, limit)
        return Page(items=items, next_cursor=str(items[-1].id) if len(items) == limit else None)

    @get("/{session_id:uuid}")
    async def session(
        self,
        session_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
    ) -> Session:
        async with database.transaction() as tx:
            return await service.get(tx, principal.tenant_id, session_id)

    @post()
    async def create(
        self,
        data: JSONBody[CreateSession],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        sessions: NamedDependency[Sessions],
    ) -> Session:
        return await write.once(
            data, lambda tx, key: sessions.create(tx, key, principal, data), Session
        )

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
