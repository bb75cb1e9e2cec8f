"""The event log: the truth of a session. Lock the session's row, look the key up, decide, insert, project: one transaction.

The lock comes first and the key is looked up in a statement of its own, because a fresh statement sees what the previous
holder of the lock committed; the one-statement forms race on duplicate keys.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import reduce
from typing import Generic, TypeVar
from uuid import UUID

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.core.log import rows
from orchestrator.core.log.cache import States
from orchestrator.core.log.snapshots import EVERY_EVENTS, Snapshots
from schema.errors import NotFound
from schema.events import Event, StoredEvent

S = TypeVar("S")
Projector = Callable[[Transaction, UUID, StoredEvent], Awaitable[None]]
Announce = Callable[[UUID, Sequence[StoredEvent]], Awaitable[None]]
Redact = Callable[[Transaction, list[StoredEvent]], Awaitable[list[StoredEvent]]]

PAGE_EVENTS = 5000


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
        snapshots: Snapshots[S] | None = None,
    ) -> None:
        self._initial = initial
        self._evolve = evolve
        self._projectors = projectors
        self._announce = announce
        self._redact = redact
        self._clock = clock
        self._snapshots = snapshots
        self._states: States[S] = States()

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
        head = await rows.lock(tx, tenant_id, session_id, key)
        if head is None:
            raise NotFound("There is no such session.")
        if head.done:
            return head.done
        last = head.last
        state = await self.state_at(tx, session_id, last)
        now = self._clock()
        new = [
            StoredEvent(
                id=new_id(), session_id=session_id, sequence=last + n, created_at=now, payload=event
            )
            for n, event in enumerate(decide(state), start=1)
        ]
        if new:
            await rows.write(tx, tenant_id, key, last, new)
            await self._project(tx, tenant_id, new)
            after = reduce(self._evolve, new, state)
            self._remember(tx, session_id, last, new[-1].sequence, after)
            self._tell(tx, session_id, new)
        return new

    async def state(self, tx: Transaction, session_id: UUID) -> S:
        """The fold of the whole log as this transaction sees it."""
        return await self.state_at(tx, session_id, await rows.last_sequence(tx, session_id))

    async def state_at(self, tx: Transaction, session_id: UUID, sequence: int) -> S:
        """The fold of the log up to this event, which has to be there."""
        known = self._states.at_most(session_id, sequence)
        if self._snapshots is not None and (known is None or sequence - known[0] > EVERY_EVENTS):
            known = await self._snapshots.nearest(tx, session_id, sequence) or known
        start, state = known or (0, self._initial)
        at = start
        while at < sequence:
            limit = min(PAGE_EVENTS, sequence - at)
            tail = await rows.read(tx, session_id, at, limit)
            state, at = reduce(self._evolve, tail, state), tail[-1].sequence
        if at > start:
            self._remember(tx, session_id, start, at, state)
        return state

    async def read(
        self, tx: Transaction, session_id: UUID, after: int = 0, limit: int = 1000
    ) -> list[StoredEvent]:
        return await rows.read(tx, session_id, after, limit)

    async def told(
        self, tx: Transaction, session_id: UUID, after: int = 0, limit: int = 1000
    ) -> list[StoredEvent]:
        """As `read`, without what was taken back since: for all who are not the log's own folds and proofs."""
        items = await self.read(tx, session_id, after, limit)
        return items if self._redact is None else await self._redact(tx, items)

    async def _project(self, tx: Transaction, tenant_id: UUID, new: Sequence[StoredEvent]) -> None:
        for event in new:
            for project in self._projectors:
                await project(tx, tenant_id, event)

    def _remember(
        self, tx: Transaction, session_id: UUID, since: int, sequence: int, state: S
    ) -> None:
        """Once it is committed; a snapshot is due whenever a multiple of EVERY_EVENTS was passed."""

        async def committed() -> None:
            self._states.keep(session_id, sequence, state)
            if self._snapshots and sequence // EVERY_EVENTS > since // EVERY_EVENTS:
                self._snapshots.offer(session_id, sequence, state)

        tx.on_commit(committed)

    def _tell(self, tx: Transaction, session_id: UUID, new: Sequence[StoredEvent]) -> None:
        announce = self._announce
        if announce is not None:
            tx.on_commit(lambda: announce(session_id, new))
