"""Pages of a session's log."""

from contextlib import AbstractAsyncContextManager
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.agents import EventPage
from schema.errors import NotFound

PAGE_EVENTS = 500
OVER = {"ended", "cancelled"}


class Feed:
    def __init__(self, database: Database, events: EventLog[SessionState]) -> None:
        self._database = database
        self._events = events

    async def head(self, session_id: UUID) -> EventPage:
        """An empty page at the end of the log. Raises NotFound."""
        async with self._database.system_transaction() as tx:
            last, over = await _head(tx, session_id)
        return EventPage(items=[], last_sequence=last, closed=over)

    async def page(
        self, session_id: UUID, after: int, tenant_id: UUID | None = None, limit: int = PAGE_EVENTS
    ) -> EventPage:
        """`tenant_id` limits it to that tenant's sessions. Raises NotFound."""
        async with self._open(tenant_id) as tx:
            last, over = await _head(tx, session_id, tenant_id)
            items = await self._events.told(tx, session_id, after, limit)
        reached = items[-1].sequence if items else after
        # The log may have grown between the two statements.
        last = max(last, reached if items else 0)
        return EventPage(items=items, last_sequence=last, closed=over and reached >= last)

    def _open(self, tenant_id: UUID | None) -> AbstractAsyncContextManager[Transaction]:
        if tenant_id is None:
            return self._database.system_transaction()
        return self._database.transaction(tenant_id)


async def _head(
    tx: Transaction, session_id: UUID, tenant_id: UUID | None = None
) -> tuple[int, bool]:
    wanted = sa.select(sessions.c.status, sessions.c.last_sequence).where(
        sessions.c.id == session_id
    )
    if tenant_id is not None:
        wanted = wanted.where(sessions.c.tenant_id == tenant_id)
    head = (await tx.execute(wanted)).first()
    if head is None:
        raise NotFound("There is no such session.")
    return head.last_sequence, head.status in OVER
