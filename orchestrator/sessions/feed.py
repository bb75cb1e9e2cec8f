"""Pages of a session's log, for clients that close a gap and for agents that wait for more."""

import asyncio
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.bus import Bus
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.agents import EventPage
from schema.errors import NotFound

PAGE_EVENTS = 500
# How long a lost wake-up can delay an event: the log is looked at again this often.
POLL_S = 2.0


class Feed:
    def __init__(self, database: Database, events: EventLog[SessionState], bus: Bus) -> None:
        self._database = database
        self._events = events
        self._bus = bus

    async def page(self, session_id: UUID, after: int, tenant_id: UUID | None = None) -> EventPage:
        """`tenant_id` limits it to that tenant's sessions. Raises NotFound."""
        wanted = sa.select(sessions.c.status, sessions.c.last_sequence).where(
            sessions.c.id == session_id
        )
        if tenant_id is not None:
            wanted = wanted.where(sessions.c.tenant_id == tenant_id)
        async with self._open(tenant_id) as tx:
            head = (await tx.execute(wanted)).first()
            if head is None:
                raise NotFound("There is no such session.")
            items = await self._events.told(tx, session_id, after, PAGE_EVENTS)
        # The log may have grown between the two statements.
        last = max(head.last_sequence, items[-1].sequence if items else 0)
        reached = items[-1].sequence if items else after
        closed = head.status == "ended" and reached >= last
        return EventPage(items=items, last_sequence=last, closed=closed)

    def _open(self, tenant_id: UUID | None) -> AbstractAsyncContextManager[Transaction]:
        if tenant_id is None:
            return self._database.system_transaction()
        return self._database.transaction(tenant_id)

    async def wait(self, session_id: UUID, after: int, timeout_s: float) -> EventPage:
        """As `page`, but waits for something to tell, or for the time to run out."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        with self._bus.listening(session_id) as woken:
            while True:
                woken.clear()
                page = await self.page(session_id, after)
                left = deadline - loop.time()
                if page.items or page.closed or left <= 0:
                    return page
                await _until(woken, min(left, POLL_S))


async def _until(woken: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await woken.wait()
    except TimeoutError:
        return
