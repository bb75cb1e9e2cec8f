"""The log under concurrency: no gap, no double, and the state a decision sees is the state it is applied to."""

import asyncio
from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.log.rows import events
from orchestrator.sessions.projection import project
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState, evolve
from schema.errors import NotFound, SessionOver
from schema.events import Event, ParticipantConnected, SessionScheduled, StoredEvent
from tests.support.school import NOW, School, found_school

Log = EventLog[SessionState]


@pytest.fixture
async def school(database: Database) -> School:
    return await found_school(database)


@pytest.fixture
def log() -> Log:
    return EventLog(SessionState(), evolve, [project])


async def new_session(database: Database, school: School) -> UUID:
    session_id = uuid4()
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.insert(sessions).values(
                id=session_id,
                tenant_id=school.tenant_id,
                lesson_id=school.lesson_id,
                title="",
                scheduled_start=NOW,
                scheduled_end=NOW.replace(hour=10),
                created_at=NOW,
            )
        )
    return session_id


def titled(title: str) -> SessionScheduled:
    return SessionScheduled(
        lesson_id=UUID(int=0), title=title, scheduled_start=NOW, scheduled_end=NOW
    )


async def test_twenty_writers_with_doubled_keys_leave_no_gap_and_no_double(
    database: Database, school: School, log: Log
) -> None:
    session_id = await new_session(database, school)

    async def write(writer: int) -> None:
        for n in range(10):
            # Every tenth key is written by two writers.
            key = f"shared-{n}" if writer < 2 and n == 0 else f"{writer}-{n}"
            async with database.system_transaction() as tx:
                await log.append(
                    tx, school.tenant_id, session_id, key, lambda _: [titled("a"), titled("b")]
                )

    await asyncio.gather(*(write(writer) for writer in range(20)))
    async with database.system_transaction() as tx:
        stored = await log.read(tx, session_id)
        head = await tx.scalar(
            sa.select(sessions.c.last_sequence).where(sessions.c.id == session_id)
        )
    assert [event.sequence for event in stored] == list(range(1, 2 * (20 * 10 - 1) + 1))
    assert head == len(stored)


async def test_a_decision_sees_all_that_was_committed_before_it(
    database: Database, school: School, log: Log
) -> None:
    """Two processes count: each appends the number of events it saw. With a stale view, one number would come twice."""
    session_id = await new_session(database, school)
    other: Log = EventLog(SessionState(), evolve, [project])

    def one_more(state: SessionState) -> list[Event]:
        return [titled(str(int(state.title or "0") + 1))]

    async def count(which: Log, n: int) -> None:
        async with database.system_transaction() as tx:
            await which.append(tx, school.tenant_id, session_id, f"{n}", one_more)

    await asyncio.gather(*(count((log, other)[n % 2], n) for n in range(20)))
    async with database.system_transaction() as tx:
        assert (await log.state(tx, session_id)).title == "20"
        assert (await other.state(tx, session_id)).title == "20"


async def test_a_repeated_key_gives_the_first_events_whatever_is_decided_now(
    database: Database, school: School, log: Log
) -> None:
    session_id = await new_session(database, school)

    async def write(titles: str) -> list[StoredEvent]:
        async with database.system_transaction() as tx:
            return await log.append(
                tx, school.tenant_id, session_id, "k_1%", lambda _: [titled(one) for one in titles]
            )

    replies = [await write("ab"), await write("c")]
    assert replies[0] == replies[1]
    async with database.system_transaction() as tx:
        assert len(await log.read(tx, session_id)) == 2


async def test_what_was_decided_too_early_is_decided_again(
    database: Database, school: School, log: Log
) -> None:
    """One process still knows the old title and would refuse; the other has changed it by then."""
    session_id = await new_session(database, school)
    other: Log = EventLog(SessionState(), evolve, [project])

    def after_that(state: SessionState) -> list[Event]:
        if state.title != "b":
            raise SessionOver("not yet")
        return [titled("c")]

    async def write(which: Log, key: str, decide: Callable[[SessionState], list[Event]]) -> None:
        async with database.system_transaction() as tx:
            await which.append(tx, school.tenant_id, session_id, key, decide)

    await write(log, "1", lambda _: [titled("a")])
    await write(other, "2", lambda _: [titled("b")])
    await write(log, "3", after_that)
    async with database.system_transaction() as tx:
        assert [event.payload for event in await other.read(tx, session_id)] == [
            titled("a"),
            titled("b"),
            titled("c"),
        ]


async def test_two_appends_in_one_transaction_see_each_other(
    database: Database, school: School, log: Log
) -> None:
    session_id = await new_session(database, school)
    async with database.system_transaction() as tx:
        for n in range(3):
            await log.append(
                tx, school.tenant_id, session_id, str(n), lambda s: [titled(f"{s.title}x")]
            )
        assert (await log.state(tx, session_id)).title == "xxx"
    async with database.system_transaction() as tx:
        assert [event.sequence for event in await log.read(tx, session_id)] == [1, 2, 3]
        assert (await EventLog(SessionState(), evolve).state(tx, session_id)).title == "xxx"


async def test_a_refusal_writes_nothing(database: Database, school: School, log: Log) -> None:
    session_id = await new_session(database, school)

    def refuse(_: SessionState) -> list[Event]:
        raise SessionOver("over")

    with pytest.raises(SessionOver):
        async with database.system_transaction() as tx:
            await log.append(tx, school.tenant_id, session_id, "k1", refuse)
    async with database.system_transaction() as tx:
        assert await log.read(tx, session_id) == []


async def test_a_rollback_takes_the_wake_up_with_it(database: Database, school: School) -> None:
    announced: list[int] = []

    async def announce(_: UUID, stored: Sequence[StoredEvent]) -> None:
        announced.extend(event.sequence for event in stored)

    log: Log = EventLog(SessionState(), evolve, [project], announce)
    session_id = await new_session(database, school)

    async def lose() -> None:
        async with database.system_transaction() as tx:
            await log.append(tx, school.tenant_id, session_id, "k1", lambda _: [titled("lost")])
            raise KeyError

    with pytest.raises(KeyError):
        await lose()
    assert announced == []
    async with database.system_transaction() as tx:
        await log.append(tx, school.tenant_id, session_id, "k1", lambda _: [titled("kept")])
        assert announced == []
    assert announced == [1]
    async with database.system_transaction() as tx:
        assert (await log.state(tx, session_id)).title == "kept"


async def test_another_tenants_log_cannot_be_written(
    database: Database, school: School, log: Log
) -> None:
    session_id = await new_session(database, school)
    with pytest.raises(NotFound):
        async with database.system_transaction() as tx:
            await log.append(tx, uuid4(), session_id, "k1", lambda _: [titled("x")])


@pytest.mark.parametrize("statement", ["update", "delete", "truncate"])
async def test_what_is_written_stays(
    database: Database, school: School, log: Log, statement: str
) -> None:
    session_id = await new_session(database, school)
    async with database.system_transaction() as tx:
        await log.append(tx, school.tenant_id, session_id, "k1", lambda _: [titled("x")])
    change: dict[str, sa.Executable] = {
        "update": sa.update(events).values(event_type="session.ended"),
        "delete": sa.delete(events),
        "truncate": sa.text("truncate session_state_events"),
    }
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.system_transaction() as tx:
            await tx.execute(change[statement])


async def test_events_come_back_as_they_went_in(
    database: Database, school: School, log: Log
) -> None:
    session_id = await new_session(database, school)
    payload = ParticipantConnected(participant_id=uuid4(), sid="PA_1")
    async with database.system_transaction() as tx:
        appended = await log.append(tx, school.tenant_id, session_id, "k1", lambda _: [payload])
    async with database.system_transaction() as tx:
        assert await log.read(tx, session_id) == appended
    assert appended[0].payload == payload
