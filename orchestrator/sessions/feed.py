"""Pages of a session's log, for clients that close a gap and for agents that wait for more."""

import asyncio
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.bus import Bus
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.sessions.service import reader
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.agents import EventPage
from schema.errors import NotFound

PAGE_EVENTS = 500
# How long a lost wake-up can delay an event: the log is looked at again this often.
POLL_S = 2.0
OVER = frozenset({"ended", "cancelled"})


class Feed:
    def __init__(self, database: Database, events: EventLog[SessionState], bus: Bus) -> None:
        self._database = database
        self._events = events
        self._bus = bus

    async def read(self, principal: Principal, session_id: UUID, after: int) -> EventPage:
        """For a person. Raises NotFound, also for who has no role in the session."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            return await self._page(tx, session_id, after)

    async def page(self, session_id: UUID, after: int) -> EventPage:
        """For Lectern's own programs. Raises NotFound."""
        async with self._database.system_transaction() as tx:
            return await self._page(tx, session_id, after)

    async def _page(self, tx: Transaction, session_id: UUID, after: int) -> EventPage:
        wanted = sa.select(sessions.c.status, sessions.c.last_sequence)
        head = (await tx.execute(wanted.where(sessions.c.id == session_id))).first()
        if head is None:
            raise NotFound("There is no such session.")
        items = await self._events.read(tx, session_id, after, PAGE_EVENTS)
        # The log may have grown between the two statements.
        last = max(head.last_sequence, items[-1].sequence if items else 0)
        reached = items[-1].sequence if items else after
        closed = head.status in OVER and reached >= last
        return EventPage(items=items, last_sequence=last, closed=closed)

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
