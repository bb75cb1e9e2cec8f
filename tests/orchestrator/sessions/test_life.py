"""The life of a session, whatever people try in whatever order: its rows say what its log says, and it only goes forward."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

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

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.proof.verify import verify
from orchestrator.recordings import projection as recordings_projection
from orchestrator.sessions import domain
from orchestrator.sessions.planning import domain as planning
from orchestrator.sessions.projection import project
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema import events as e
from schema.auth import RoleName
from schema.errors import InvalidField, SessionIsLive, SessionNotLive, SessionOver
from tests.support.school import NOW, School, found_school, scheduled

ROLES: tuple[RoleName, ...] = ("teacher", "assistant", "student")
WHO = st.sampled_from(ROLES)
HOURS = st.integers(0, 3)
REFUSALS = (SessionNotLive, SessionOver, SessionIsLive, InvalidField)
# From each status to those that one step may lead to.
STEPS = {
    "scheduled": {"scheduled", "live", "cancelled"},
    "live": {"live", "ended"},
    "ended": {"ended"},
    "cancelled": {"cancelled"},
}

Decide = Callable[[SessionState], list[e.Event]]


class Life(RuleBasedStateMachine):
    """One session on a database of its own kind: real rows, a new event loop for each example."""

    url: Settings

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.database = Database(self.url.database_url, pool_size=1)
        self.log: EventLog[SessionState] = EventLog(
            SessionState(), evolve, [project, recordings_projection.project]
        )
        self.session_id = uuid4()
        self.state = SessionState()
        self.steps = 0

    @initialize()
    def plan(self) -> None:
        self.school: School = self.loop.run(found_school(self.database))
        self.loop.run(self._insert())
        self.attempt(lambda _: [scheduled(self.school.lesson_id)])

    @rule(who=WHO)
    def start(self, who: RoleName) -> None:
        self.attempt(lambda state: domain.start(state, self.session_id, self.person(who)))

    @rule(who=WHO)
    def join(self, who: RoleName) -> None:
        self.attempt(lambda state: domain.join(state, self.session_id, self.person(who)))

    @rule(who=WHO, sid=st.sampled_from(["PA_1", "PA_2"]))
    def connect(self, who: RoleName, sid: str) -> None:
        if self.participant(who) in self.state.participants:
            connected = e.ParticipantConnected(participant_id=self.participant(who), sid=sid)
            self.attempt(lambda _: [connected])

    @rule(who=WHO, sid=st.sampled_from(["PA_1", "PA_2"]))
    def leave(self, who: RoleName, sid: str) -> None:
        if self.participant(who) in self.state.participants:
            left = e.ParticipantLeft(participant_id=self.participant(who), sid=sid)
            self.attempt(lambda _: [left])

    @rule(who=WHO)
    def end(self, who: RoleName) -> None:
        self.attempt(lambda state: domain.end(state, self.person(who).user_id))

    @rule(who=WHO)
    def cancel(self, who: RoleName) -> None:
        self.attempt(lambda state: planning.cancel(state, self.person(who).user_id))

    @rule(who=WHO, title=st.sampled_from(["Emma", "Box Hill"]))
    def rename(self, who: RoleName, title: str) -> None:
        user_id = self.person(who).user_id
        self.attempt(lambda state: planning.edit(state, user_id, title, None, None))

    @rule(who=WHO, start=HOURS, end=HOURS)
    def reschedule(self, who: RoleName, start: int, end: int) -> None:
        times = hour(start), hour(end)
        user_id = self.person(who).user_id
        self.attempt(lambda state: planning.edit(state, user_id, None, *times))

    @invariant()
    def rows_say_what_the_log_says(self) -> None:
        if self.steps:
            assert self.loop.run(self._differences()) == []

    @invariant()
    def a_class_that_takes_place_ends_after_it_starts(self) -> None:
        start, end = self.state.scheduled_start, self.state.scheduled_end
        assert start is None or end is None or start < end
        assert (self.state.started_at is not None) == (self.state.status in {"live", "ended"})
        assert self.state.status in {"live", "ended"} or not self.state.participants

    def attempt(self, decide: Decide) -> None:
        """A refusal changes nothing; what is allowed leads to a status that may follow."""
        before = self.state
        try:
            self.loop.run(self._append(decide))
        except REFUSALS:
            assert self.loop.run(self._folded()) == before
            return
        self.state = self.loop.run(self._folded())
        assert self.state.status in STEPS[before.status]

    def person(self, role: RoleName) -> domain.Person:
        return domain.Person(self.school.members[role].user_id, role.capitalize(), role)

    def participant(self, role: RoleName) -> UUID:
        return domain.participant_id(self.session_id, self.person(role).user_id)

    async def _insert(self) -> None:
        row: dict[str, Any] = {
            "id": self.session_id,
            "tenant_id": self.school.tenant_id,
            "lesson_id": self.school.lesson_id,
            "title": "",
            "scheduled_start": NOW,
            "scheduled_end": hour(1),
            "created_at": NOW,
        }
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.insert(sessions).values(row))

    async def _append(self, decide: Decide) -> None:
        self.steps += 1
        async with self.database.system_transaction() as tx:
            await self.log.append(
                tx, self.school.tenant_id, self.session_id, str(self.steps), decide
            )

    async def _folded(self) -> SessionState:
        async with self.database.system_transaction() as tx:
            return await self.log.state(tx, self.session_id)

    async def _differences(self) -> list[str]:
        async with self.database.system_transaction() as tx:
            return await verify(tx, self.session_id)

    def teardown(self) -> None:
        self.loop.run(self.database.close())
        self.loop.close()


def hour(number: int) -> datetime:
    return NOW + timedelta(hours=number)


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""


def test_a_session_only_goes_forward(settings: Settings) -> None:
    machine = type("Life", (Life,), {"url": settings})
    run_state_machine_as_test(
        machine, settings=hypothesis(max_examples=15, stateful_step_count=20, deadline=None)
    )
