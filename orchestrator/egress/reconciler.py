"""The loop that never gives up: every live session is followed by one task, in one replica at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from orchestrator.core.bus import Bus
from orchestrator.core.clock import Clock, utc_now, wait_at_most
from orchestrator.core.database import Database
from orchestrator.core.livekit.client import LiveKit
from orchestrator.egress.converge import Converger
from orchestrator.egress.domain import Memory
from orchestrator.sessions.tables import sessions
from schema.errors import DatabaseUnavailable, DomainError

log = structlog.get_logger(__name__)

SWEEP_S = 15.0
AFTER_TROUBLE_S = 3.0
# A burst of events is one look; our own notes wake us too, until a look has nothing to note.
CALM_S = 0.3
LOOKS_AT_ONCE = 8
# LiveKit forgets an ended egress after a day.
RECENT = timedelta(hours=24)
LOCK_SPACE = 0x6C65


class Locks:
    """Advisory locks on one connection of their own; all are lost with it, and then another replica may go on."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connection: AsyncConnection | None = None
        self._mutex = asyncio.Lock()

    @asynccontextmanager
    async def hold(self, session_id: UUID) -> AsyncIterator[bool]:
        """Whether the session is ours for the length of the block."""
        number = session_id.int & 0x7FFFFFFF
        mine = await self._ask(sa.func.pg_try_advisory_lock(LOCK_SPACE, number))
        try:
            yield mine
        finally:
            if mine:
                await self._give_back(number)

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _give_back(self, number: int) -> None:
        """Never raises: a lock goes with its connection, and an error here would take the place of a cancellation."""
        try:
            await self._ask(sa.func.pg_advisory_unlock(LOCK_SPACE, number))
        except DatabaseUnavailable as error:
            log.warning("lock lost", code=error.code)

    async def _drop(self) -> None:
        broken, self._connection = self._connection, None
        if broken is not None:
            await broken.invalidate()
            await broken.close()

    async def _ask(self, function: sa.ColumnElement[bool]) -> bool:
        async with self._mutex:
            try:
                if self._connection is None:
                    self._connection = await self._engine.connect()
                return bool(await self._connection.scalar(sa.select(function)))
            except (DBAPIError, OSError, TimeoutError) as error:
                await self._drop()
                raise DatabaseUnavailable("The database is away; try again shortly.") from error


class Reconciler:
    """`run` until cancelled. At boot and every 15 s it looks for sessions that need following; wake-ups make it quicker."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        livekit: LiveKit,
        converger: Converger,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._bus = bus
        self._livekit = livekit
        self._converger = converger
        self._clock = clock
        self._locks = Locks(database)
        self._slots = asyncio.Semaphore(LOOKS_AT_ONCE)
        self._followed: dict[UUID, asyncio.Task[None]] = {}
        self._settled: set[UUID] = set()
        self._knock = asyncio.Event()
        bus.watch(self._knocked)

    async def run(self) -> None:
        try:
            while True:
                self._knock.clear()
                try:
                    await self._sweep()
                except DomainError as error:
                    log.warning("sweep postponed", code=error.code)
                await asyncio.sleep(CALM_S)
                await wait_at_most(SWEEP_S, self._knock)
        finally:
            for task in self._followed.values():
                task.cancel()
            await asyncio.gather(*self._followed.values(), return_exceptions=True)
            await self._locks.close()

    def _knocked(self, session_id: UUID, _: int) -> None:
        """Something was said of a session that nobody follows: it may be new, or its recorder comes back to life."""
        if session_id not in self._followed:
            self._settled.discard(session_id)
            self._knock.set()

    async def _sweep(self) -> None:
        """Live sessions, those that ended lately, and those whose room or egress should be gone."""
        ghosts = await self._ghosts()
        async with self._database.system_transaction() as tx:
            rows = await tx.execute(
                sa.select(sessions.c.id, sessions.c.tenant_id).where(
                    sa.or_(
                        sessions.c.status == "live",
                        sessions.c.ended_at > self._clock() - RECENT,
                        sa.and_(sessions.c.room.in_(ghosts), sessions.c.status == "ended"),
                    )
                )
            )
            found = rows.all()
        recent = {row.id for row in found}
        self._settled &= recent
        self._settled -= {row.id for row in found if f"session-{row.id}" in ghosts}
        for row in found:
            if row.id not in self._followed and row.id not in self._settled:
                self._follow(row.tenant_id, row.id)

    async def _ghosts(self) -> set[str]:
        """Names of all rooms that LiveKit has, and of those with a running egress."""
        rooms = {room.name for room in await self._livekit.list_rooms()}
        return rooms | {info.room_name for info in await self._livekit.list_active_egress()}

    def _follow(self, tenant_id: UUID, session_id: UUID) -> None:
        task = asyncio.create_task(self._until_settled(tenant_id, session_id))
        self._followed[session_id] = task
        task.add_done_callback(lambda _: self._followed.pop(session_id, None))

    async def _until_settled(self, tenant_id: UUID, session_id: UUID) -> None:
        memory = Memory()
        with self._bus.listening(session_id) as woken:
            while True:
                woken.clear()
                try:
                    async with self._slots, self._locks.hold(session_id) as mine:
                        memory, settled, wake_at = await self._look(
                            tenant_id, session_id, memory, mine=mine
                        )
                except DomainError as error:
                    log.warning("look postponed", session_id=str(session_id), code=error.code)
                    settled, wake_at = False, self._clock() + timedelta(seconds=AFTER_TROUBLE_S)
                except Exception:
                    # One session's trouble must not end the following of it; the log says what it was.
                    log.exception("look failed", session_id=str(session_id))
                    settled, wake_at = False, None
                if _cancelled():
                    # A broken connection can put its own error in the place of the cancellation.
                    return
                if settled:
                    self._settled.add(session_id)
                    return
                await asyncio.sleep(CALM_S)
                await wait_at_most(self._pause_s(wake_at), woken)

    async def _look(
        self, tenant_id: UUID, session_id: UUID, memory: Memory, *, mine: bool
    ) -> tuple[Memory, bool, datetime | None]:
        if not mine:
            return memory, False, None
        memory, plan = await self._converger.look(tenant_id, session_id, memory)
        return memory, plan.settled and not plan.notes and not plan.orders, plan.wake_at

    def _pause_s(self, wake_at: datetime | None) -> float:
        if wake_at is None:
            return SWEEP_S
        return min(SWEEP_S, max(0.0, (wake_at - self._clock()).total_seconds()))


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
