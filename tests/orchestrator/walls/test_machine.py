"""Keys under all that can happen, against a model: repeats, doubles at the same moment, crashes, and time that passes."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from orchestrator.core.database import Database, Transaction
from orchestrator.courses.tables import courses
from orchestrator.http.idempotency import RETENTION, Write, forget_expired
from orchestrator.http.tables import idempotency_keys as replies
from orchestrator.settings import Settings
from schema.courses import Course, CreateCourse
from schema.errors import IdempotencyKeyReused, RequestInFlight
from tests.support.school import NOW, Member, found_school

T = TypeVar("T")
KEYS = st.sampled_from(["k1", "k2"])
TITLES = st.sampled_from(["Poems", "Plays"])
PEOPLE = st.integers(0, 2)


class Crash(Exception):
    """Between the work and the commit."""


class Told(NamedTuple):
    course: Course
    at: datetime


class Keys(RuleBasedStateMachine):
    """`known` is what a key has answered; `made` are the rows that are there because of it, for good."""

    database_settings: Settings

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.database = Database(self.database_settings.database_url, pool_size=4)
        self.people: list[Member] = []
        self.known: dict[tuple[int, str], Told] = {}
        self.made: set[UUID] = set()
        self.now = NOW

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        self.run(self.database.close())
        self.loop.close()

    @initialize()
    def found(self) -> None:
        """Two of one school, and one of another."""
        ours, theirs = (self.run(found_school(self.database)) for _ in range(2))
        self.people = [ours.teacher, ours.admin, theirs.teacher]

    async def create(self, who: int, key: str, title: str, *, crash: bool = False) -> Course:
        person = self.people[who]

        async def work(tx: Transaction, _: str) -> Course:
            course = Course(
                id=uuid4(),
                title=title,
                description="",
                archived=False,
                version=1,
                enrols_everybody=False,
            )
            row = {
                "id": course.id,
                "tenant_id": person.tenant_id,
                "title": title,
                "created_at": NOW,
            }
            await tx.execute(sa.insert(courses).values(row))
            if crash:
                raise Crash
            return course

        write = Write(self.database, person, "POST /x", "/x", key, lambda: self.now)
        return await write.once(CreateCourse(title=title), work, Course)

    def check(self, who: int, key: str, title: str, answer: Course | BaseException) -> None:
        before = self.known.get((who, key))
        if before is None:
            assert isinstance(answer, Course)
            self.known[who, key] = Told(answer, self.now)
            self.made.add(answer.id)
        elif before.course.title == title:
            assert answer == before.course
        else:
            assert isinstance(answer, IdempotencyKeyReused)

    async def tries(self, *works: Coroutine[Any, Any, Course]) -> list[Course | BaseException]:
        return await asyncio.gather(*works, return_exceptions=True)

    @rule(who=PEOPLE, key=KEYS, title=TITLES)
    def ask(self, who: int, key: str, title: str) -> None:
        (answer,) = self.run(self.tries(self.create(who, key, title)))
        self.check(who, key, title, answer)

    @rule(who=PEOPLE, key=KEYS, title=TITLES, times=st.integers(2, 4))
    def ask_at_the_same_moment(self, who: int, key: str, title: str, times: int) -> None:
        answers = self.run(self.tries(*(self.create(who, key, title) for _ in range(times))))
        heard = [answer for answer in answers if not isinstance(answer, RequestInFlight)]
        assert heard
        for answer in heard:
            self.check(who, key, title, answer)

    @rule(who=PEOPLE, key=KEYS, title=TITLES)
    def crash(self, who: int, key: str, title: str) -> None:
        (answer,) = self.run(self.tries(self.create(who, key, title, crash=True)))
        if (who, key) in self.known:
            self.check(who, key, title, answer)
        else:
            assert isinstance(answer, Crash)

    @rule(hours=st.integers(1, 200))
    def wait(self, hours: int) -> None:
        """Longer than replies are kept, or not."""
        self.now += timedelta(hours=hours)
        self.run(self.tidy(self.now))

    async def tidy(self, now: datetime) -> None:
        async with self.database.system_transaction() as tx:
            await forget_expired(tx, now)
            left = await tx.execute(
                sa.select(replies.c.principal_id, replies.c.key).where(
                    replies.c.principal_id.in_([person.user_id for person in self.people])
                )
            )
        kept = {place: told for place, told in self.known.items() if told.at + RETENTION >= now}
        assert set(map(tuple, left)) == {(self.people[who].user_id, key) for who, key in kept}
        self.known = kept

    @invariant()
    def nothing_is_there_twice_or_without_an_answer(self) -> None:
        if self.people:
            assert self.run(self.rows()) == self.made

    async def rows(self) -> set[UUID]:
        tenants = {person.tenant_id for person in self.people}
        async with self.database.system_transaction() as tx:
            found = await tx.execute(
                sa.select(courses.c.id).where(
                    courses.c.tenant_id.in_(tenants), courses.c.title != "Novels"
                )
            )
            return set(found.scalars())


@pytest.mark.usefixtures("database")
def test_keys_keep_their_promise(settings: Settings) -> None:
    Keys.database_settings = settings
    few = hypothesis_settings(max_examples=15, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(Keys, settings=few)
