"""The event log: the truth of a session. Decide on what is known, lock, look the key up, insert if that was the head, project.

The lock comes first and the key is looked up in a statement of its own, because a fresh statement sees what the previous
holder of the lock committed; the one-statement forms race on duplicate keys. Whoever was overtaken decides again, locked.
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
from orchestrator.core.log.turns import Turns
from schema.errors import DomainError, NotFound
from schema.events import Event, StoredEvent

S = TypeVar("S")
Projector = Callable[[Transaction, UUID, StoredEvent], Awaitable[None]]
Announce = Callable[[UUID, Sequence[StoredEvent]], Awaitable[None]]
Redact = Callable[[Transaction, list[StoredEvent]], Awaitable[list[StoredEvent]]]

PAGE_EVENTS = 5000
# The head of a log of which nothing is known.
NOWHERE = -1


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
        self._turns = Turns()

    async def append(
        self,
        tx: Transaction,
        tenant_id: UUID,
        session_id: UUID,
        key: str,
        decide: Callable[[S], Sequence[Event]],
    ) -> list[StoredEvent]:
        """Decide on the state and append the result as keys `key#0`, `key#1`, ...; the log is locked until the transaction ends.

        What is written was decided on the locked state; `decide` may be asked more than once, and has no effects of its own. A
        key that is already in the log appends nothing and returns what it appended then. Raises NotFound for a session that is
        not there or another tenant's, and whatever `decide` raises.
        """
        await self._take_turn(tx, session_id)
        start, state = self._newest(tx, session_id) or (NOWHERE, self._initial)
        new = self._guess(session_id, start, state, decide)
        head = await rows.append(tx, tenant_id, session_id, key, start, new)
        if head is None:
            raise NotFound("There is no such session.")
        if head.done:
            return head.done
        if not head.written:
            start, state = head.last, await self.state_at(tx, session_id, head.last)
            tx.held[session_id] = (start, state)
            new = self._decided(session_id, start, state, decide)
            if not new:
                return new
            await rows.write(tx, tenant_id, key, start, new)
        await self._project(tx, tenant_id, new)
        after = reduce(self._evolve, new, state)
        tx.held[session_id] = (new[-1].sequence, after)
        self._keep(tx, session_id, start, new[-1].sequence, after)
        self._tell(tx, session_id, new)
        return new

    def known(self, session_id: UUID) -> S | None:
        """The newest committed state that this process has seen, or None; another process may have gone on from there."""
        known = self._states.newest(session_id)
        return None if known is None else known[1]

    async def state(self, tx: Transaction, session_id: UUID) -> S:
        """The fold of the whole log as this transaction sees it."""
        held: tuple[int, S] | None = tx.held.get(session_id)
        if held is not None:
            return held[1]
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
            self._keep(tx, session_id, start, at, state)
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

    async def _take_turn(self, tx: Transaction, session_id: UUID) -> None:
        """One turn a transaction: who waited for a second one could wait for who waits for the first."""
        if tx.in_turn:
            return
        tx.in_turn = True
        give_on = await self._turns.take(session_id)
        if give_on is not None:
            tx.endings.callback(give_on)

    def _newest(self, tx: Transaction, session_id: UUID) -> tuple[int, S] | None:
        """What is likely to be the head: surely so when this transaction has locked it."""
        held: tuple[int, S] | None = tx.held.get(session_id)
        return held or self._states.newest(session_id)

    def _guess(
        self, session_id: UUID, start: int, state: S, decide: Callable[[S], Sequence[Event]]
    ) -> list[StoredEvent]:
        """Decided before the lock is held, on what this process knows: most often that is all there is."""
        try:
            return [] if start == NOWHERE else self._decided(session_id, start, state, decide)
        except DomainError:
            # It may hold by now; under the lock it is said again.
            return []

    def _decided(
        self, session_id: UUID, last: int, state: S, decide: Callable[[S], Sequence[Event]]
    ) -> list[StoredEvent]:
        now = self._clock()
        return [
            StoredEvent(
                id=new_id(), session_id=session_id, sequence=last + n, created_at=now, payload=event
            )
            for n, event in enumerate(decide(state), start=1)
        ]

    async def _project(self, tx: Transaction, tenant_id: UUID, new: Sequence[StoredEvent]) -> None:
        for event in new:
            for project in self._projectors:
                await project(tx, tenant_id, event)

    def _keep(self, tx: Transaction, session_id: UUID, since: int, sequence: int, state: S) -> None:
        """Once it is committed; a snapshot is due whenever a multiple of EVERY_EVENTS was passed."""

        async def committed() -> None:
            self._states.keep(session_id, sequence, state)
            # The next one may decide now; it need not wait for what else there is to do after this commit.
            tx.endings.close()
            if self._snapshots and sequence // EVERY_EVENTS > since // EVERY_EVENTS:
                self._snapshots.offer(session_id, sequence, state)

        tx.on_commit(committed)

    def _tell(self, tx: Transaction, session_id: UUID, new: Sequence[StoredEvent]) -> None:
        announce = self._announce
        if announce is not None:
            tx.on_commit(lambda: announce(session_id, new))
