"""The log against a plain dictionary: whatever comes in whatever order, it holds what was committed, and nothing else."""

import asyncio
from collections.abc import Coroutine
from functools import reduce
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.log.snapshots import EVERY_EVENTS, table
from orchestrator.proof.verify import verify
from orchestrator.sessions.history.snapshots import session_snapshots
from orchestrator.sessions.projection import project
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.events import Event, ParticipantJoined, SessionScheduled, StoredEvent
from tests.support.school import NOW, School, found_school

T = TypeVar("T")

KEYS = st.sampled_from(["a", "ab", "a#0", "a_", "%"])
TITLES = st.lists(st.sampled_from(["Emma", "Persuasion"]), min_size=1, max_size=3)
LOGS = st.sampled_from([0, 1])


class RolledBack(Exception):
    """The transaction is given up after its appends."""


class LogMachine(RuleBasedStateMachine):
    """Two processes append to one session; `model` is the committed log by key, `order` the same in sequence."""

    settings: ClassVar[Settings]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.settings.database_url, pool_size=2)
        self.snapshots = session_snapshots()
        self.logs = [self.fresh(), self.fresh()]
        self.session_id = uuid4()
        self.model: dict[str, list[StoredEvent]] = {}

    @property
    def order(self) -> list[StoredEvent]:
        events = [event for found in self.model.values() for event in found]
        return sorted(events, key=lambda event: event.sequence)

    def fresh(self) -> EventLog[SessionState]:
        return EventLog(SessionState(), evolve, [project], snapshots=self.snapshots)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def schedule(self) -> None:
        self.school = self.do(found_school(self.database))
        self.do(self.insert())
        self.append(0, "first", ["Emma"])

    async def insert(self) -> None:
        values = {
            "id": self.session_id,
            "tenant_id": self.school.tenant_id,
            "lesson_id": self.school.lesson_id,
            "title": "",
            "scheduled_start": NOW,
            "scheduled_end": NOW.replace(hour=10),
            "created_at": NOW,
        }
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.insert(sessions).values(values))

    @rule(log=LOGS, key=KEYS, titles=TITLES)
    def append(self, log: int, key: str, titles: list[str]) -> None:
        stored = self.do(
            self.write(log, [(key, [titled(self.school, title) for title in titles])])
        )[key]
        assert stored == self.model.setdefault(key, stored)

    @rule(titles=TITLES)
    def append_at_the_same_time(self, titles: list[str]) -> None:
        """Four writers, two of them with the same key, in both processes."""
        keys = [uuid4().hex for _ in range(3)]
        wanted = [(n % 2, key) for n, key in enumerate([*keys, keys[0]])]
        payloads: list[Event] = [titled(self.school, title) for title in titles]

        async def all_of_them() -> list[dict[str, list[StoredEvent]]]:
            return await asyncio.gather(*(self.write(log, [(k, payloads)]) for log, k in wanted))

        for found in self.do(all_of_them()):
            for key, stored in found.items():
                assert stored == self.model.setdefault(key, stored)

    @rule(log=LOGS, titles=TITLES)
    def append_twice_in_one_transaction(self, log: int, titles: list[str]) -> None:
        payloads: list[Event] = [titled(self.school, title) for title in titles]
        written = self.do(self.write(log, [(uuid4().hex, payloads), (uuid4().hex, payloads)]))
        self.model.update(written)

    @rule(log=LOGS)
    def a_class_comes(self, log: int) -> None:
        """More than from one snapshot to the next."""
        people = [joined(self.school) for _ in range(EVERY_EVENTS + 1)]
        self.model.update(self.do(self.write(log, [(uuid4().hex, [*people])])))

    @rule(log=LOGS, key=KEYS, titles=TITLES)
    def roll_back(self, log: int, key: str, titles: list[str]) -> None:
        work = self.write(
            log, [(key, [titled(self.school, title) for title in titles])], give_up=True
        )
        with pytest.raises(RolledBack):
            self.do(work)

    @rule(log=LOGS)
    def start_a_process_anew(self, log: int) -> None:
        self.logs[log] = self.fresh()

    @rule()
    def write_snapshots(self) -> None:
        self.do(self.snapshots.write_offered(self.database))

    @rule()
    def lose_snapshots(self) -> None:
        async def lose() -> None:
            async with self.database.system_transaction() as tx:
                await tx.execute(sa.delete(table))

        self.do(lose())

    @rule(log=LOGS, share=st.floats(0, 1))
    def look_back(self, log: int, share: float) -> None:
        order = self.order
        sequence = round(share * len(order))

        async def state() -> SessionState:
            async with self.database.transaction(self.school.tenant_id) as tx:
                return await self.logs[log].state_at(tx, self.session_id, sequence)

        assert self.do(state()) == reduce(evolve, order[:sequence], SessionState())

    @invariant()
    def the_log_holds_what_was_committed(self) -> None:
        if not self.model:
            return

        async def whole() -> list[StoredEvent]:
            async with self.database.system_transaction() as tx:
                return await self.logs[0].read(tx, self.session_id, limit=100_000)

        stored = self.do(whole())
        assert stored == self.order
        assert [event.sequence for event in stored] == list(range(1, len(stored) + 1))

    def teardown(self) -> None:
        try:
            if self.model:
                assert self.do(self.proof()) == []
        finally:
            self.do(self.database.close())
            self.loop.close()

    async def proof(self) -> list[str]:
        """Rows and snapshots against the log."""
        async with self.database.system_transaction() as tx:
            return await verify(tx, self.session_id)

    async def write(
        self, log: int, appends: list[tuple[str, list[Event]]], *, give_up: bool = False
    ) -> dict[str, list[StoredEvent]]:
        """All in one transaction."""
        async with self.database.transaction(self.school.tenant_id) as tx:
            written = {key: await self.one(tx, log, key, new) for key, new in appends}
            if give_up:
                raise RolledBack
        return written

    async def one(self, tx: Transaction, log: int, key: str, new: list[Event]) -> list[StoredEvent]:
        tenant_id = self.school.tenant_id
        return await self.logs[log].append(tx, tenant_id, self.session_id, key, lambda _: new)


def titled(school: School, title: str) -> SessionScheduled:
    end = NOW.replace(hour=10)
    return SessionScheduled(
        lesson_id=school.lesson_id, title=title, scheduled_start=NOW, scheduled_end=end
    )


def joined(school: School) -> ParticipantJoined:
    """The same person again and again, in one row."""
    user_id = school.student.user_id
    return ParticipantJoined(participant_id=user_id, user_id=user_id, name="Bo", role="student")


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""


def test_the_log_is_a_dictionary_that_remembers_its_order(settings: Settings) -> None:
    LogMachine.settings = settings
    run_state_machine_as_test(
        LogMachine, settings=hypothesis(max_examples=8, stateful_step_count=12)
    )
