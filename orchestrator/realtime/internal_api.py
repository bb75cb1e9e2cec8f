"""What room agents ask of sessions: which session a room is, and what happens in it."""

from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from orchestrator.core.database import Database
from orchestrator.realtime.hub import Hub
from orchestrator.realtime.relay.presence import Presence
from orchestrator.sessions.domain import session_of_room
from orchestrator.sessions.tables import sessions
from schema.agents import EventPage, RoomInfo
from schema.errors import NotFound

MAX_WAIT_MS = 25_000


class InternalFeedController(Controller):
    path = "/api/internal"
    include_in_schema = False

    @get("/rooms/{room:str}")
    async def room(self, room: FromPath[str], database: NamedDependency[Database]) -> RoomInfo:
        async with database.system_transaction() as tx:
            found = await tx.execute(
                sa.select(sessions).where(sessions.c.id == session_of_room(room))
            )
            row = found.mappings().first()
        if row is None:
            raise NotFound("This room belongs to no session.")
        return RoomInfo(
            session_id=row["id"], tenant_id=row["tenant_id"], last_sequence=row["last_sequence"]
        )

    @get("/sessions/{session_id:uuid}/events")
    async def events(
        self,
        session_id: FromPath[UUID],
        hub: NamedDependency[Hub],
        presence: NamedDependency[Presence],
        after: Annotated[int, QueryParameter(ge=0)] = 0,
        wait_ms: Annotated[int, QueryParameter(name="waitMs", ge=0, le=MAX_WAIT_MS)] = 0,
        relays: FromQuery[bool] = True,
    ) -> EventPage:
        """A long poll: answers at once when there are events after `after`, else waits up to `waitMs`.

        Who asks is taken for the room's agent, which tells the room what it hears; `relays=false` only looks on.
        """
        if relays:
            await presence.polled(session_id, after)
        return await hub.wait(session_id, after, wait_ms / 1000)
