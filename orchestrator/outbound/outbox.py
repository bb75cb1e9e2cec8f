"""How far each endpoint is in each session's log: claimed with a lease, moved on by compare-and-set."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.outbound.domain import Verdict
from orchestrator.outbound.sender import Sent
from orchestrator.outbound.tables import attempts, cursors, endpoints
from orchestrator.sessions.tables import sessions
from schema.events import StoredEvent, event_type

# Longer than a POST may take; who loses it is overtaken, and its receiver sees the same `webhook-id` twice.
LEASE = timedelta(seconds=60)
RETENTION = timedelta(days=7)


class Claim(msgspec.Struct, frozen=True):
    """`endpoint` is the endpoint's row; events after `sequence` are due, the first of them was tried `tries` times."""

    endpoint: Any
    session_id: UUID
    sequence: int
    tries: int


class Outbox:
    """Every step is a transaction of its own: nothing is held while a receiver answers."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def is_heard(self) -> bool:
        """Whether anybody wants to be told of anything."""
        async with self._database.system_transaction() as tx:
            return bool(await tx.scalar(sa.select(sa.exists().where(endpoints.c.enabled))))

    async def claim(self, limit: int, woken: Collection[UUID] | None) -> list[Claim]:
        """What is due, of the `woken` sessions or of all; each for nobody else until the lease ends."""
        now = self._clock()
        async with self._database.system_transaction() as tx:
            await _begin_new(tx, woken)
            found = await tx.execute(_due(now, woken).limit(limit))
            rows = list(found.mappings())
            for row in rows:
                await tx.execute(_at(row["id"], row["session_id"]).values(leased_until=now + LEASE))
        return [Claim(row, row["session_id"], row["sequence"], row["attempts"]) for row in rows]

    async def advance(self, claim: Claim, to: int) -> Claim | None:
        """None when somebody moved the cursor meanwhile: a replay, or another process after our lease."""
        async with self._database.system_transaction() as tx:
            return await self._advance(tx, claim, to)

    async def delivered(self, claim: Claim, event: StoredEvent, sent: Sent) -> Claim | None:
        async with self._database.system_transaction() as tx:
            await self._note(tx, claim, event, sent)
            await tx.execute(
                sa.update(endpoints)
                .where(
                    endpoints.c.id == claim.endpoint["id"], endpoints.c.failing_since.is_not(None)
                )
                .values(failing_since=None, reason=None)
            )
            return await self._advance(tx, claim, event.sequence)

    async def refused(
        self, claim: Claim, event: StoredEvent, sent: Sent, verdict: Verdict, pause: timedelta
    ) -> None:
        """Puts the event off, leaves it out, or switches the endpoint off."""
        now = self._clock()
        async with self._database.system_transaction() as tx:
            await self._note(tx, claim, event, sent)
            since = sa.func.coalesce(endpoints.c.failing_since, now)
            await tx.execute(
                sa.update(endpoints)
                .where(endpoints.c.id == claim.endpoint["id"])
                .values(failing_since=since, reason=sent.answer.error, enabled=verdict != "disable")
            )
            next_step = (
                {"sequence": event.sequence, "attempts": 0, "next_attempt_at": None}
                if verdict == "skip"
                else {"attempts": claim.tries + 1, "next_attempt_at": now + pause}
            )
            await tx.execute(_mine(claim).values(**next_step, leased_until=None))

    async def release(self, claim: Claim) -> None:
        async with self._database.system_transaction() as tx:
            await tx.execute(_mine(claim).values(leased_until=None))

    async def forget_old(self) -> None:
        async with self._database.system_transaction() as tx:
            old = attempts.c.created_at < self._clock() - RETENTION
            await tx.execute(sa.delete(attempts).where(old))

    async def _advance(self, tx: Transaction, claim: Claim, to: int) -> Claim | None:
        moved = {"sequence": to, "attempts": 0, "next_attempt_at": None}
        done = await tx.execute(_mine(claim).values(**moved, leased_until=self._clock() + LEASE))
        return Claim(claim.endpoint, claim.session_id, to, 0) if done.rowcount else None

    async def _note(self, tx: Transaction, claim: Claim, event: StoredEvent, sent: Sent) -> None:
        row = {
            "id": new_id(),
            "tenant_id": claim.endpoint["tenant_id"],
            "endpoint_id": claim.endpoint["id"],
            "session_id": claim.session_id,
            "event_id": event.id,
            "sequence": event.sequence,
            "event_type": event_type(event.payload),
            "attempt": claim.tries + 1,
            "status": sent.answer.status,
            "error": sent.answer.error,
            "duration_ms": sent.duration_ms,
            "created_at": self._clock(),
        }
        # Not for an endpoint that was deleted while its receiver answered.
        there = sa.select(endpoints.c.id).where(endpoints.c.id == claim.endpoint["id"])
        if await tx.scalar(there.with_for_update(key_share=True)) is not None:
            await tx.execute(sa.insert(attempts).values(row))


def _due(now: Any, woken: Collection[UUID] | None) -> sa.Select[Any]:
    wanted = (
        sa.select(endpoints, cursors.c.session_id, cursors.c.sequence, cursors.c.attempts)
        .join(cursors, cursors.c.endpoint_id == endpoints.c.id)
        .join(sessions, sessions.c.id == cursors.c.session_id)
        .where(
            endpoints.c.enabled,
            sessions.c.last_sequence > cursors.c.sequence,
            sa.func.coalesce(cursors.c.next_attempt_at, now) <= now,
            sa.func.coalesce(cursors.c.leased_until, now) <= now,
        )
        .order_by(cursors.c.next_attempt_at.nulls_first(), cursors.c.session_id)
        .with_for_update(of=cursors, skip_locked=True)
    )
    return wanted if woken is None else wanted.where(cursors.c.session_id.in_(woken))


async def _begin_new(tx: Transaction, woken: Collection[UUID] | None) -> None:
    """A cursor for each session that came after the endpoint."""
    new = (
        sa.select(endpoints.c.id, sessions.c.id, sessions.c.tenant_id, sa.literal(0))
        .join(sessions, sessions.c.tenant_id == endpoints.c.tenant_id)
        .where(
            ~sa.exists().where(
                cursors.c.endpoint_id == endpoints.c.id, cursors.c.session_id == sessions.c.id
            )
        )
    )
    if woken is not None:
        new = new.where(sessions.c.id.in_(woken))
    columns = ["endpoint_id", "session_id", "tenant_id", "sequence"]
    ignoring = insert(cursors).from_select(columns, new)
    await tx.execute(ignoring.on_conflict_do_nothing())


def _at(endpoint_id: UUID, session_id: UUID) -> sa.Update:
    return sa.update(cursors).where(
        cursors.c.endpoint_id == endpoint_id, cursors.c.session_id == session_id
    )


def _mine(claim: Claim) -> sa.Update:
    return _at(claim.endpoint["id"], claim.session_id).where(cursors.c.sequence == claim.sequence)
