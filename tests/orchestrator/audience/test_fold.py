"""Whatever the audience writes in whatever order, the rows say what the log says."""

import asyncio
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from orchestrator.audience import projection as audience
from orchestrator.audience.moderation import Moderation
from orchestrator.audience.service import Audience
from orchestrator.audience.tables import chat_messages, chat_reactions, question_upvotes, questions
from orchestrator.audience.words import WordFilter
from orchestrator.auth.domain import Principal
from orchestrator.core.clock import new_id
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.proof.verify import verify
from orchestrator.sessions import domain, projection
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Secret, Settings
from orchestrator.state.session import SessionState, evolve
from schema.audience import AnswerQuestion, AskQuestion, EditChat, SendChat
from schema.auth import RoleName
from schema.errors import DomainError
from tests.support.school import NOW, School, found_school, principal_of, scheduled

ROLES: tuple[RoleName, ...] = ("teacher", "assistant", "student")
OFTENER = ["send", "react", "ask", "upvote"]
STEPS = st.tuples(
    st.sampled_from(
        # A question with votes and a message with reactions are where most can go wrong.
        [
            *["edit", "delete", "withdraw", "answer", "dismiss", "pin", "unpin", "take_back"],
            *OFTENER * 2,
        ]
    ),
    st.sampled_from(ROLES),
    st.integers(0, 2),
)


class Class:
    """A live session of one school; `written` are the ids of messages and questions, to be picked by number."""

    def __init__(self, database: Database, school: School) -> None:
        self.database = database
        self.session_id = new_id()
        self.tenant_id = school.tenant_id
        self.log: EventLog[SessionState] = EventLog(
            SessionState(), evolve, [projection.project, audience.project]
        )
        words = WordFilter(Keyring(Secret("0a" * 32)))
        self.audience = Audience(self.log, words)
        self.moderation = Moderation(self.log, words)
        self.people = {role: principal_of(school, role) for role in ROLES}
        self.messages: list[UUID] = []
        self.questions: list[UUID] = []
        self.lesson_id = school.lesson_id

    async def begin(self) -> None:
        row = {
            "id": self.session_id,
            "tenant_id": self.tenant_id,
            "lesson_id": self.lesson_id,
            "title": "",
            "scheduled_start": NOW,
            "scheduled_end": NOW.replace(hour=10),
            "created_at": NOW,
        }
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.insert(sessions).values(row))
            plan = scheduled(self.lesson_id)
            await self.log.append(tx, self.tenant_id, self.session_id, "plan", lambda _: [plan])
            for role in ROLES:
                await self._enter(tx, role)

    async def _enter(self, tx: Transaction, role: RoleName) -> None:
        person = domain.Person(self.people[role].user_id, role, role)
        await self.log.append(
            tx,
            self.tenant_id,
            self.session_id,
            f"enter {role}",
            lambda state: domain.start(state, self.session_id, person),
        )

    async def take(self, verb: str, role: RoleName, number: int) -> bool:
        """Whether the step was allowed."""
        try:
            async with self.database.system_transaction() as tx:
                await self._act(tx, str(uuid4()), verb, self.people[role], number)
        except DomainError:
            return False
        return True

    async def _act(self, tx: Transaction, key: str, verb: str, who: Principal, number: int) -> None:
        message = self.messages[number] if number < len(self.messages) else uuid4()
        question = self.questions[number] if number < len(self.questions) else uuid4()
        do = self.audience
        match verb:
            case "send":
                sent = await do.send(
                    tx, key, who, SendChat(session_id=self.session_id, content="a")
                )
                self.messages.append(sent.id)
            case "ask":
                body = AskQuestion(session_id=self.session_id, content="b")
                self.questions.append((await do.ask(tx, key, who, body)).id)
            case "edit":
                await do.edit(tx, key, who, message, EditChat(content=key))
            case "delete":
                await do.delete(tx, key, who, message)
            case "pin" | "unpin":
                await getattr(self.moderation, verb)(tx, key, who, message)
            case "react" | "take_back":
                await getattr(self.moderation, verb)(tx, key, who, message, "heart")
            case "answer":
                await do.answer(tx, key, who, question, AnswerQuestion(answer="c"))
            case "upvote" | "withdraw" | "dismiss":
                await getattr(do, verb)(tx, key, who, question)

    async def differences(self) -> list[str]:
        async with self.database.system_transaction() as tx:
            return await verify(tx, self.session_id)


async def play(settings: Settings, steps: list[tuple[str, RoleName, int]]) -> None:
    database = Database(settings.database_url, pool_size=1)
    try:
        running = Class(database, await found_school(database))
        await running.begin()
        for verb, role, number in steps:
            await running.take(verb, role, number)
        assert await running.differences() == []
    finally:
        await database.close()


@hypothesis(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=20))
def test_fold_and_rows_agree(settings: Settings, steps: list[tuple[str, RoleName, int]]) -> None:
    asyncio.run(play(settings, steps))


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""


async def test_tampered_rows_are_found(database: Database) -> None:
    running = Class(database, await found_school(database))
    await running.begin()
    for step in (
        ("send", "student", 0),
        ("react", "teacher", 0),
        ("ask", "student", 0),
        ("upvote", "teacher", 0),
    ):
        assert await running.take(*step)
    assert await running.differences() == []
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(chat_messages).values(content="forged"))
        await tx.execute(sa.update(questions).values(upvotes=9))
        await tx.execute(sa.delete(question_upvotes))
        await tx.execute(sa.delete(chat_reactions))
    found = await running.differences()
    assert [line.split()[0] for line in found] == [
        "message",
        "question",
        "reaction",
        "vote",
        "voters",
    ]


async def test_two_votes_at_once_are_one(database: Database) -> None:
    running = Class(database, await found_school(database))
    await running.begin()
    await running.take("ask", "student", 0)
    await asyncio.gather(*(running.take("upvote", "teacher", 0) for _ in range(4)))
    async with database.system_transaction() as tx:
        assert await tx.scalar(sa.select(questions.c.upvotes)) == 1
    assert await running.differences() == []
