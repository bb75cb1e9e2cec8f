"""Whatever happens in whatever order, the rows say what the log says, and a session's life only goes forward."""

import asyncio
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.proof.verify import verify
from orchestrator.recordings import projection as recordings_projection
from orchestrator.sessions import domain
from orchestrator.sessions.projection import project
from orchestrator.sessions.tables import session_participants, sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.auth import RoleName
from schema.errors import SessionNotLive, SessionOver
from schema.events import Event, ParticipantConnected, ParticipantLeft
from tests.support.school import NOW, School, found_school, scheduled

ROLES: tuple[RoleName, ...] = ("teacher", "assistant", "student")
USERS = range(3)
SIDS = st.sampled_from(["PA_1", "PA_2", "PA_3"])

STEPS = st.one_of(
    st.tuples(st.sampled_from(["start", "join"]), st.sampled_from(USERS)),
    st.tuples(st.sampled_from(["connect", "leave"]), st.sampled_from(USERS), SIDS),
    st.tuples(st.just("end"), st.sampled_from(USERS)),
)


class Play:
    """One session of one school, and the steps taken in it."""

    def __init__(self, school: School, session_id: UUID) -> None:
        self.school = school
        self.session_id = session_id
        self.people = [
            domain.Person(school.members[role].user_id, role.capitalize(), role) for role in ROLES
        ]

    def decide(self, state: SessionState, step: tuple[object, ...]) -> list[Event]:
        person = self.people[int(str(step[1]))]
        pid = domain.participant_id(self.session_id, person.user_id)
        match step:
            case ("start", _):
                return domain.start(state, self.session_id, person)
            case ("join", _):
                return domain.join(state, self.session_id, person)
            case ("end", _):
                return domain.end(state, person.user_id)
            case ("connect", _, str(sid)):
                return [ParticipantConnected(participant_id=pid, sid=sid)]
            case ("leave", _, str(sid)):
                return [ParticipantLeft(participant_id=pid, sid=sid)]
        raise AssertionError(step)


async def play(url: Settings, steps: list[tuple[object, ...]]) -> None:
    database = Database(url.database_url, pool_size=1)
    log: EventLog[SessionState] = EventLog(
        SessionState(), evolve, [project, recordings_projection.project]
    )
    try:
        session_play = Play(await found_school(database), uuid4())
        async with database.system_transaction() as tx:
            await insert_session(tx, session_play)
            await plan(tx, log, session_play)
        for number, step in enumerate(steps):
            await take(database, log, session_play, str(number), step)
        async with database.system_transaction() as tx:
            assert await verify(tx, session_play.session_id) == []
            check_life([event.payload for event in await log.read(tx, session_play.session_id)])
    finally:
        await database.close()


async def insert_session(tx: Transaction, session_play: Play) -> None:
    values = {
        "id": session_play.session_id,
        "tenant_id": session_play.school.tenant_id,
        "lesson_id": session_play.school.lesson_id,
        "title": "",
        "scheduled_start": NOW,
        "scheduled_end": NOW.replace(hour=10),
        "created_at": NOW,
    }
    await tx.execute(sa.insert(sessions).values(values))


async def plan(tx: Transaction, log: EventLog[SessionState], session_play: Play) -> None:
    school = session_play.school
    event = scheduled(school.lesson_id)
    await log.append(tx, school.tenant_id, session_play.session_id, "plan", lambda _: [event])


async def take(
    database: Database,
    log: EventLog[SessionState],
    session_play: Play,
    key: str,
    step: tuple[object, ...],
) -> None:
    try:
        async with database.system_transaction() as tx:
            await log.append(
                tx,
                session_play.school.tenant_id,
                session_play.session_id,
                key,
                lambda state: session_play.decide(state, step),
            )
    except (SessionNotLive, SessionOver):
        pass


def check_life(payloads: list[Event]) -> None:
    """Started at most once, ended at most once and after it, nobody enters outside."""
    kinds = [type(payload).__struct_config__.tag for payload in payloads]
    assert kinds.count("session.started") <= 1
    assert kinds.count("session.ended") <= 1
    entered = [n for n, kind in enumerate(kinds) if kind == "participant.joined"]
    if entered:
        assert kinds.index("session.started") < entered[0]
    if "session.ended" in kinds:
        assert kinds.index("session.started") < kinds.index("session.ended")
        assert all(n < kinds.index("session.ended") for n in entered)


@hypothesis(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=14))
def test_fold_and_rows_agree(settings: Settings, steps: list[tuple[object, ...]]) -> None:
    asyncio.run(play(settings, steps))


@pytest.fixture(autouse=True)
async def _clean(database: Database) -> None:
    """The examples write through connections of their own; `database` empties the tables after them."""


async def test_a_tampered_row_is_found(database: Database) -> None:
    school = await found_school(database)
    session_play = Play(school, uuid4())
    log: EventLog[SessionState] = EventLog(SessionState(), evolve, [project])
    async with database.system_transaction() as tx:
        await insert_session(tx, session_play)
        await plan(tx, log, session_play)
    for key, step in enumerate([("start", 0), ("join", 2), ("connect", 2, "PA_1")]):
        await take(database, log, session_play, str(key), step)
    async with database.system_transaction() as tx:
        assert await verify(tx, session_play.session_id) == []
        await tx.execute(sa.update(sessions).values(status="ended", last_sequence=9))
        await tx.execute(sa.update(session_participants).values(sids=[]))
        differences = await verify(tx, session_play.session_id)
    assert len(differences) == 4
    assert any(line.startswith("status: the log says 'live'") for line in differences)


async def test_a_session_that_is_not_there_is_said_to_be_missing(database: Database) -> None:
    async with database.system_transaction() as tx:
        assert await verify(tx, UUID(int=1)) == [f"there is no session {UUID(int=1)}"]
