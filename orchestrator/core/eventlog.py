"""The event log: the truth of a session. Lock the session's row, look the key up, decide, insert, project: one transaction.

The lock comes first and the key is looked up in a statement of its own, because a fresh statement sees what the previous
holder of the lock committed; the one-statement forms race on duplicate keys.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Transaction, metadata, time_column, uuid_column
from schema.errors import NotFound
from schema.events import Event, StoredEvent, event_type

S = TypeVar("S")
Projector = Callable[[Transaction, UUID, StoredEvent], Awaitable[None]]
Announce = Callable[[UUID, int], Awaitable[None]]
Redact = Callable[[Transaction, list[StoredEvent]], Awaitable[list[StoredEvent]]]

events = sa.Table(
    "session_state_events",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("event_type", sa.Text, nullable=False),
    sa.Column("event_payload", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    sa.Column("idempotency_key", sa.Text, nullable=False),
    sa.UniqueConstraint("session_id", "sequence"),
    sa.UniqueConstraint("session_id", "idempotency_key"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
)

# The log needs three columns of the sessions feature's table and nothing else of that feature.
heads = sa.table("sessions", sa.column("id"), sa.column("tenant_id"), sa.column("last_sequence"))

CACHED_SESSIONS = 512


class EventLog(Generic[S]):
    """Appends and reads; `evolve` folds one event into a state, projectors write read models in the same transaction."""

    def __init__(
        self,
        initial: S,
        evolve: Callable[[S, StoredEvent], S],
        projectors: Sequence[Projector] = (),
        announce: Announce | None = None,
        redact: Redact | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._initial = initial
        self._evolve = evolve
        self._projectors = projectors
        self._announce = announce
        self._redact = redact
        self._clock = clock
        self._cache: OrderedDict[UUID, tuple[int, S]] = OrderedDict()

    async def append(
        self,
        tx: Transaction,
        tenant_id: UUID,
        session_id: UUID,
        key: str,
        decide: Callable[[S], Sequence[Event]],
    ) -> list[StoredEvent]:
        """Decide on the locked state and append the result as keys `key#0`, `key#1`, ...

        A key that is already in the log appends nothing and returns what it appended then. Raises NotFound for a session that
        is not there or another tenant's, and whatever `decide` raises.
        """
        last = await self._lock(tx, tenant_id, session_id)
        if done := await self._by_key(tx, session_id, key):
            return done
        state = await self._state_at(tx, session_id, last)
        now = self._clock()
        stored = [
            StoredEvent(
                id=new_id(), session_id=session_id, sequence=last + n, created_at=now, payload=event
            )
            for n, event in enumerate(decide(state), start=1)
        ]
        if stored:
            await self._insert(tx, tenant_id, session_id, key, stored)
        return stored

    async def state(self, tx: Transaction, session_id: UUID) -> S:
        """The fold of the whole log as this transaction sees it."""
        last = await tx.scalar(
            sa.select(sa.func.coalesce(sa.func.max(events.c.sequence), 0)).where(
                events.c.session_id == session_id
            )
        )
        return await self._state_at(tx, session_id, int(last))

    async def state_at(self, tx: Transaction, session_id: UUID, sequence: int) -> S:
        """The fold of the log up to this event, which has to be there."""
        return await self._state_at(tx, session_id, sequence)

    async def read(
        self, tx: Transaction, session_id: UUID, after: int = 0, limit: int = 1000
    ) -> list[StoredEvent]:
        rows = await tx.execute(
            sa.select(events)
            .where(events.c.session_id == session_id, events.c.sequence > after)
            .order_by(events.c.sequence)
            .limit(limit)
        )
        return [from_row(row) for row in rows.mappings()]

    async def told(
        self, tx: Transaction, session_id: UUID, after: int = 0, limit: int = 1000
    ) -> list[StoredEvent]:
        """As `read`, without what was taken back since: for all who are not the log's own folds and proofs."""
        items = await self.read(tx, session_id, after, limit)
        return items if self._redact is None else await self._redact(tx, items)

    async def _lock(self, tx: Transaction, tenant_id: UUID, session_id: UUID) -> int:
        last = await tx.scalar(
            sa.select(heads.c.last_sequence)
            .where(heads.c.id == session_id, heads.c.tenant_id == tenant_id)
            .with_for_update()
        )
        if last is None:
            raise NotFound("There is no such session.")
        return int(last)

    async def _by_key(self, tx: Transaction, session_id: UUID, key: str) -> list[StoredEvent]:
        first = await tx.execute(
            sa.select(events).where(
                events.c.session_id == session_id, events.c.idempotency_key == f"{key}#0"
            )
        )
        row = first.mappings().first()
        if row is None:
            return []
        rest = await tx.execute(
            sa.select(events)
            .where(
                events.c.session_id == session_id,
                events.c.sequence > row["sequence"],
                events.c.idempotency_key.startswith(f"{key}#", autoescape=True),
            )
            .order_by(events.c.sequence)
        )
        return [from_row(row), *(from_row(other) for other in rest.mappings())]

    async def _state_at(self, tx: Transaction, session_id: UUID, last: int) -> S:
        # Folding only the tail keeps the cost flat; the cached state is immutable, and a sequence once committed never
        # changes. A cached state may be ahead of an older snapshot, then the fold starts anew.
        sequence, state = self._cache.get(session_id, (0, self._initial))
        if sequence > last:
            sequence, state = 0, self._initial
        while sequence < last:
            for event in await self.read(tx, session_id, after=sequence, limit=5000):
                if event.sequence > last:
                    return state
                state, sequence = self._evolve(state, event), event.sequence
        return state

    async def _insert(
        self,
        tx: Transaction,
        tenant_id: UUID,
        session_id: UUID,
        key: str,
        stored: list[StoredEvent],
    ) -> None:
        rows = [to_row(event, tenant_id, f"{key}#{n}") for n, event in enumerate(stored)]
        await tx.execute(sa.insert(events), rows)
        last = stored[-1].sequence
        await tx.execute(
            sa.update(heads).where(heads.c.id == session_id).values(last_sequence=last)
        )
        for event in stored:
            for project in self._projectors:
                await project(tx, tenant_id, event)

        async def committed() -> None:
            await self._remember(session_id, stored)
            if self._announce is not None:
                await self._announce(session_id, last)

        tx.on_commit(committed)

    async def _remember(self, session_id: UUID, stored: list[StoredEvent]) -> None:
        sequence, state = self._cache.get(session_id, (0, self._initial))
        if sequence != stored[0].sequence - 1:
            return
        for event in stored:
            state = self._evolve(state, event)
        self._cache[session_id] = (stored[-1].sequence, state)
        self._cache.move_to_end(session_id)
        while len(self._cache) > CACHED_SESSIONS:
            self._cache.popitem(last=False)


def to_row(event: StoredEvent, tenant_id: UUID, key: str) -> dict[str, Any]:
    payload: dict[str, Any] = msgspec.to_builtins(event.payload)
    payload.pop("type")
    return {
        "id": event.id,
        "tenant_id": tenant_id,
        "session_id": event.session_id,
        "sequence": event.sequence,
        "event_type": event_type(event.payload),
        "event_payload": payload,
        "created_at": event.created_at,
        "idempotency_key": key,
    }


def from_row(row: Any) -> StoredEvent:
    payload = msgspec.convert({**row["event_payload"], "type": row["event_type"]}, Event)
    return StoredEvent(
        id=row["id"],
        session_id=row["session_id"],
        sequence=row["sequence"],
        created_at=row["created_at"],
        payload=payload,
    )
