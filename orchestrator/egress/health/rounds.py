"""Asks platforms how the streams of live classes arrive, each at its own pace, and keeps what they say."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.core.clock import Clock, every, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.destinations.tables import destinations, ingests
from orchestrator.egress import selection
from orchestrator.egress.health import pace
from orchestrator.egress.health.tables import health as table
from orchestrator.platforms.port import Health, Platform
from orchestrator.platforms.service import Connections
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Secret
from orchestrator.state.egress import ON_AIR
from schema.errors import DomainError, PlatformUnavailable

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 5.0
AT_ONCE = 20
# Who has taken a question but never comes back with an answer: somebody else asks then.
TAKEN_FOR = timedelta(minutes=2)


class Due(msgspec.Struct, frozen=True):
    """One question: the row of `session_ingests`, and what it is about."""

    id: UUID
    tenant_id: UUID
    session_id: UUID
    destination_id: UUID
    reference: str
    failures: int
    connection_id: UUID


class Rounds:
    """Of several control planes each question is asked by one: taking it moves its time."""

    def __init__(
        self, database: Database, connections: Connections, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        await every(LOOK_EVERY_S, self.look, "platforms not asked")

    async def look(self) -> int:
        """How many were asked. Raises DatabaseUnavailable."""
        due = await self._take()
        await asyncio.gather(*(self._ask(one) for one in due))
        return len(due)

    async def _take(self) -> list[Due]:
        now = self._clock()
        on_air = (
            sa.select(ingests.c.id, destinations.c.integration_id)
            .join_from(ingests, selection.table, _same_destination())
            .join(destinations, destinations.c.id == ingests.c.destination_id)
            .join(sessions, sessions.c.id == ingests.c.session_id)
            .where(
                ingests.c.ask_at <= now,
                sessions.c.status == "live",
                selection.table.c.status.in_(ON_AIR),
                destinations.c.integration_id.is_not(None),
            )
            .order_by(ingests.c.ask_at)
            .limit(AT_ONCE)
            .with_for_update(of=ingests, skip_locked=True)
            .cte("on_air")
        )
        taken = (
            sa.update(ingests)
            .where(ingests.c.id == on_air.c.id)
            .values(ask_at=now + TAKEN_FOR)
            .returning(
                ingests.c.id,
                ingests.c.tenant_id,
                ingests.c.session_id,
                ingests.c.destination_id,
                ingests.c.reference,
                ingests.c.failures,
                on_air.c.integration_id.label("connection_id"),
            )
        )
        async with self._database.system_transaction() as tx:
            return [Due(**row) for row in (await tx.execute(taken)).mappings()]

    async def _ask(self, due: Due) -> None:
        async def ask(platform: Platform, token: Secret, account: str) -> Health:
            return await platform.health(token, account, due.reference)

        try:
            said = await self._connections.use(due.tenant_id, due.connection_id, ask)
        except PlatformUnavailable:
            failures = due.failures + 1
            wait = pace.after_silence(failures)
            await self._set(due, failures=failures, ask_at=self._clock() + wait)
        except DomainError as refused:
            # An account that is over or may not ask: for this class there is nothing more to learn.
            log.warning("platform tells nothing", session_id=str(due.session_id), code=refused.code)
            await self._set(due, ask_at=None)
        else:
            await self._keep(due, said)

    async def _keep(self, due: Due, said: Health) -> None:
        now = self._clock()
        issues = [msgspec.structs.asdict(issue) for issue in said.issues]
        row = {
            "tenant_id": due.tenant_id,
            "session_id": due.session_id,
            "destination_id": due.destination_id,
            "since": now,
            "status": said.status,
            "issues": issues,
        }
        next_at = now + pace.after_answer(said.status)
        async with self._database.transaction(due.tenant_id) as tx:
            if await _last(tx, due) != (said.status, issues):
                await tx.execute(sa.insert(table).values(row))
            await tx.execute(_change(due, failures=0, heard_at=now, ask_at=next_at))

    async def _set(self, due: Due, **values: Any) -> None:
        async with self._database.transaction(due.tenant_id) as tx:
            await tx.execute(_change(due, **values))


def _change(due: Due, **values: Any) -> sa.Update:
    return sa.update(ingests).where(ingests.c.id == due.id).values(values)


def _same_destination() -> sa.ColumnElement[bool]:
    return sa.and_(
        selection.table.c.session_id == ingests.c.session_id,
        selection.table.c.destination_id == ingests.c.destination_id,
    )


async def _last(tx: Transaction, due: Due) -> tuple[str, Any] | None:
    rows = await tx.execute(
        sa.select(table.c.status, table.c.issues)
        .where(table.c.session_id == due.session_id, table.c.destination_id == due.destination_id)
        .order_by(table.c.since.desc())
        .limit(1)
    )
    row = rows.first()
    return None if row is None else (row.status, row.issues)
