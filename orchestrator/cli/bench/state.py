"""What it costs a late joiner to be told the state of a long class, also by a process that has never seen it."""

import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice
from math import ceil
from statistics import median, quantiles
from uuid import UUID, uuid5

from orchestrator.auth.domain import Principal
from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import gather_crowd
from orchestrator.cli.ground.load import Plan, Request, put
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.courses.seed import TENANT_ID
from orchestrator.sessions.history.snapshots import session_snapshots
from orchestrator.sessions.history.states import States
from orchestrator.state.session import SessionState, evolve
from schema import events as e
from schema.auth import RoleGrant, User

SHORT, LONG = classes.session_id(201), classes.session_id(202)
# Just before the next snapshot is due: nobody has more to fold.
SHORT_EVENTS, LONG_EVENTS = 2_099, 20_099
PEOPLE = 200
BATCH = 50
LOOKS = 100
P95_BAR_MS = 50.0
FLAT_BAR = 1.5
ADMIN = Principal(
    User(id=TENANT_ID, email="", name="Admin", tenant_id=TENANT_ID),
    (RoleGrant(name="admin", scope="tenant"),),
)


async def measure(here: Ground) -> list[Figure]:
    database = Database(here.settings.database_url, pool_size=2)
    try:
        await classes.schedule(database, 201, 2)
        await _live(database, SHORT, SHORT_EVENTS)
        await _live(database, LONG, LONG_EVENTS)
        short, long = await _cold(database, SHORT), await _cold(database, LONG)
        (student,) = await gather_crowd(database, 1)
    finally:
        await database.close()
    ask = Request(f"/api/sessions/{LONG}/state", headers=student.headers)
    warm = await put(Plan(here.settings.control_url, [ask] * LOOKS, clients=1, seconds=30))
    what = f"state of {LONG_EVENTS:,} events"
    return [
        _p95("state_cold_p95_ms", f"{what}, nothing in memory, p95", quantiles(long, n=20)[-1]),
        _p95("state_http_p95_ms", f"{what}, by HTTP, p95", warm.percentile_ms(0.95)),
        Figure(
            key="state_flat",
            what=f"{what}, of that of {SHORT_EVENTS:,}",
            value=median(long) / median(short),
            unit="times",
            bar=FLAT_BAR,
            least=False,
        ),
    ]


def _p95(key: str, what: str, value: float) -> Figure:
    return Figure(key=key, what=what, value=value, unit="ms", bar=P95_BAR_MS, least=False)


async def _live(database: Database, session_id: UUID, count: int) -> None:
    """A class of `count` events, with the snapshots that come with it."""
    snapshots = session_snapshots()
    log = EventLog(SessionState(), evolve, snapshots=snapshots)
    events = islice(_class(session_id), count)
    for number in range(ceil(count / BATCH)):
        batch = list(islice(events, BATCH))
        async with database.transaction(TENANT_ID) as tx:
            await log.append(tx, TENANT_ID, session_id, str(number), partial(classes.always, batch))
        await snapshots.write_offered(database)


def _class(session_id: UUID) -> Iterator[e.Event]:
    """People come, then one after the other writes, asks, votes and is answered, without end."""
    people = [uuid5(session_id, str(n)) for n in range(PEOPLE)]
    yield e.SessionStarted(room=f"session-{session_id}", started_by=people[0])
    for one in people:
        yield e.ParticipantJoined(participant_id=one, user_id=one, name="Somebody", role="student")
        yield e.ParticipantConnected(participant_id=one, sid=f"PA_{one.hex[:12]}")
    for number, one in enumerate(cycle(people)):
        key = uuid5(one, str(number))
        whose = {"participant_id": one, "user_id": one}
        yield e.ChatSent(message_id=key, content="Is this on the test?", **whose)
        yield e.QuestionAsked(question_id=key, content="Is this on the test?", **whose)
        yield e.QuestionUpvoted(question_id=key, **whose)
        yield e.QuestionAnswered(question_id=key, answered_by=people[0])


async def _cold(database: Database, session_id: UUID) -> list[float]:
    """Milliseconds to the view that members get, each time by a log that knows nothing yet."""
    took_ms, snapshots = [], session_snapshots()
    for _ in range(LOOKS):
        log = EventLog(SessionState(), evolve, snapshots=snapshots)
        started = time.perf_counter()
        await States(database, log).view(ADMIN, session_id, None)
        took_ms.append((time.perf_counter() - started) * 1000)
    return took_ms
