"""Whatever order people open, close and answer in, each is counted once, nothing after the close, and rows = fold = model."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from orchestrator.auth.domain import Principal
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.polls import projection as polls_projection
from orchestrator.polls.secrets import PollSecrets
from orchestrator.polls.service import Polls
from orchestrator.proof.verify import verify
from orchestrator.sessions import domain, projection
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Secret, Settings
from orchestrator.state.session import SessionState, evolve
from schema.auth import RoleName
from schema.errors import DomainError, InvalidField, NotFound, PollNotOpen
from schema.errors import PollClosed as Closed
from schema.events import SessionScheduled
from schema.polls import AnswerPoll, CreatePoll, Poll, PollResults
from tests.support.school import NOW, found_school, principal_of

T = TypeVar("T")
ROLES: tuple[RoleName, ...] = ("teacher", "assistant", "student")
PEOPLE = st.sampled_from(ROLES)
OPTIONS = ["a", "b", "c"]


class Model(msgspec.Struct):
    """What a poll has to come to: each person's last answer."""

    multiple: bool
    status: str = "draft"
    answers: dict[RoleName, set[int]] = {}

    def tally(self) -> list[int]:
        return [sum(n in chosen for chosen in self.answers.values()) for n in range(len(OPTIONS))]


class Classroom:
    """A live session of one school with a person of each role in it."""

    def __init__(self, settings: Settings) -> None:
        self.database = Database(settings.database_url, pool_size=1)
        self.session_id = uuid4()
        self.log: EventLog[SessionState] = EventLog(
            SessionState(), evolve, [projection.project, polls_projection.project]
        )
        self.polls = Polls(self.log, PollSecrets(Keyring(Secret("0f" * 32))))
        self.people: dict[RoleName, Principal] = {}

    async def begin(self) -> None:
        school = await found_school(self.database)
        self.people = {role: principal_of(school, role) for role in ROLES}
        row = {
            "id": self.session_id,
            "tenant_id": school.tenant_id,
            "lesson_id": school.lesson_id,
            "title": "",
            "scheduled_start": NOW,
            "scheduled_end": NOW.replace(hour=10),
            "created_at": NOW,
        }
        scheduled = SessionScheduled(
            lesson_id=school.lesson_id,
            title="",
            scheduled_start=NOW,
            scheduled_end=NOW.replace(hour=10),
        )
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.insert(sessions).values(row))
            await self.log.append(
                tx, school.tenant_id, self.session_id, "schedule", lambda _: [scheduled]
            )
            for role, who in self.people.items():
                await self._enter(tx, who, role)

    async def _enter(self, tx: Transaction, who: Principal, role: RoleName) -> None:
        person = domain.Person(who.user_id, role, role)
        await self.log.append(
            tx,
            who.tenant_id,
            self.session_id,
            f"enter {role}",
            lambda state: domain.start(state, self.session_id, person),
        )

    async def do(self, role: RoleName, verb: str, *args: Any) -> Any:
        async with self.database.system_transaction() as tx:
            return await getattr(self.polls, verb)(tx, str(uuid4()), self.people[role], *args)

    async def seen(self, role: RoleName, poll_id: UUID) -> Poll:
        async with self.database.system_transaction() as tx:
            return await self.polls.get(tx, self.people[role], poll_id)

    async def differences(self) -> list[str]:
        async with self.database.system_transaction() as tx:
            return await verify(tx, self.session_id)


class PollMachine(RuleBasedStateMachine):
    stack: Settings
    polls = Bundle("polls")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.room = Classroom(self.stack)
        self.models: dict[UUID, Model] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize()
    def begin(self) -> None:
        self.run(self.room.begin())

    @rule(target=polls, multiple=st.booleans(), results=st.sampled_from(["live", "after_close"]))
    def create(self, multiple: bool, results: PollResults) -> UUID:
        command = CreatePoll(
            session_id=self.room.session_id,
            prompt="?",
            options=OPTIONS,
            multiple=multiple,
            results=results,
        )
        poll: Poll = self.run(self.room.do("teacher", "create", command))
        self.models[poll.id] = Model(multiple)
        return poll.id

    @rule(poll_id=polls)
    def open(self, poll_id: UUID) -> None:
        model = self.models[poll_id]
        if model.status == "closed":
            self.refused(Closed, "teacher", "open", poll_id)
        else:
            self.run(self.room.do("teacher", "open", poll_id))
            model.status = "open"

    @rule(poll_id=polls)
    def close(self, poll_id: UUID) -> None:
        model = self.models[poll_id]
        if model.status == "draft":
            self.refused(PollNotOpen, "assistant", "close", poll_id)
        else:
            self.run(self.room.do("assistant", "close", poll_id))
            model.status = "closed"

    @rule(poll_id=polls, who=PEOPLE, choices=st.lists(st.integers(0, 2), max_size=4))
    def answer(self, poll_id: UUID, who: RoleName, choices: list[int]) -> None:
        model, command = self.models[poll_id], AnswerPoll(choices=choices)
        fits = len(set(choices)) == 1 or (model.multiple and bool(choices))
        refusals = {"draft": PollNotOpen, "closed": Closed}
        if model.status != "open" or not fits:
            expected = refusals.get(model.status, InvalidField)
            self.refused(expected, who, "answer", poll_id, command)
        else:
            self.run(self.room.do(who, "answer", poll_id, command))
            model.answers = {**model.answers, who: set(choices)}

    @rule(poll_id=polls, who=PEOPLE, option=st.sampled_from([-1, 3, 99]))
    def answer_with_a_foreign_option(self, poll_id: UUID, who: RoleName, option: int) -> None:
        if self.models[poll_id].status == "open":
            self.refused(InvalidField, who, "answer", poll_id, AnswerPoll(choices=[option]))

    @rule(poll_id=consumes(polls))
    def forget(self, poll_id: UUID) -> None:
        model = self.models[poll_id]
        if model.status != "draft":
            with pytest.raises(DomainError):
                self.run(self.room.do("teacher", "delete", poll_id))
        else:
            self.run(self.room.do("teacher", "delete", poll_id))
            del self.models[poll_id]
            self.refused(NotFound, "teacher", "open", poll_id)

    def refused(self, error: type[DomainError], who: RoleName, verb: str, *args: Any) -> None:
        with pytest.raises(error):
            self.run(self.room.do(who, verb, *args))

    @invariant()
    def staff_see_the_tally(self) -> None:
        for poll_id, model in self.models.items():
            poll = self.run(self.room.seen("teacher", poll_id))
            assert (poll.status, poll.responses) == (model.status, len(model.answers))
            assert poll.tally == (None if model.status == "draft" else model.tally())

    def teardown(self) -> None:
        try:
            if self.models:
                assert self.run(self.room.differences()) == []
        finally:
            self.run(self.room.database.close())
            self.runner.close()


def test_polls_count_what_people_chose(settings: Settings) -> None:
    class Machine(PollMachine):
        pass

    Machine.stack = settings
    run_state_machine_as_test(
        Machine, settings=hypothesis(max_examples=12, stateful_step_count=25, deadline=None)
    )


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""
