"""Events committed per second by the log, beside what PostgreSQL gives for the bare statements."""

import asyncio
import time
from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec

from orchestrator.cli.bench.pgbench import transactions_per_s
from orchestrator.cli.ground import classes
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.courses.seed import TENANT_ID
from orchestrator.state.session import SessionState, evolve
from schema.events import ChatSent

CLIENTS = 16
SECONDS = 4
# Theirs, ours, theirs, ours, ...: a machine that slows down in between takes from both.
ROUNDS = 2
MANY = 50
HOT_BAR = 0.60
MANY_BAR = 0.50

CHAT = ChatSent(
    message_id=uuid4(), participant_id=uuid4(), user_id=uuid4(), content="Is this on the test?"
)


async def measure(here: Ground) -> list[Figure]:
    database = Database(here.settings.database_url, pool_size=CLIENTS)
    try:
        await classes.schedule(database, 1, 1 + MANY)
        hot = await _beside(here, database, 1, 1)
        many = await _beside(here, database, 2, 1 + MANY)
    finally:
        await database.close()
    return [
        *_figures("hot", "one session", hot, HOT_BAR),
        *_figures("many", f"{MANY} sessions", many, MANY_BAR),
    ]


async def _beside(here: Ground, database: Database, first: int, last: int) -> tuple[float, float]:
    """Ours and PostgreSQL's, events a second each."""
    payload = msgspec.json.encode(CHAT).decode()
    sessions = [classes.session_id(n) for n in range(first, last + 1)]
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(await transactions_per_s(here, payload, first, last, CLIENTS, SECONDS))
        ours.append(await _appended_per_s(database, sessions))
    return sum(ours) / ROUNDS, sum(theirs) / ROUNDS


async def _appended_per_s(database: Database, sessions: Sequence[UUID]) -> float:
    log = EventLog(SessionState(), evolve)
    await _learn(database, log, sessions)
    started = time.perf_counter()
    end = started + SECONDS
    counts = await asyncio.gather(
        *(_client(database, log, sessions, n, end) for n in range(CLIENTS))
    )
    return sum(counts) / (time.perf_counter() - started)


async def _learn(database: Database, log: EventLog[SessionState], sessions: Sequence[UUID]) -> None:
    """A control plane knows the classes it serves: what pgbench wrote behind its back would be folded while the clock runs."""
    for session in sessions:
        async with database.transaction(TENANT_ID) as tx:
            await log.state(tx, session)


async def _client(
    database: Database,
    log: EventLog[SessionState],
    sessions: Sequence[UUID],
    number: int,
    end: float,
) -> int:
    """How many it appended, one a transaction, until `end`."""
    count, name = 0, uuid4()
    while time.perf_counter() < end:
        session = sessions[(number * len(sessions) // CLIENTS + count) % len(sessions)]
        async with database.transaction(TENANT_ID) as tx:
            await log.append(tx, TENANT_ID, session, f"{name}:{count}", lambda _: [CHAT])
        count += 1
    return count


def _figures(key: str, where: str, rates: tuple[float, float], bar: float) -> list[Figure]:
    ours, theirs = rates
    return [
        Figure(key=f"append_{key}_per_s", what=f"events to {where}", value=ours, unit="/s"),
        Figure(key=f"pgbench_{key}_per_s", what=f"pgbench, {where}", value=theirs, unit="/s"),
        Figure(
            key=f"append_{key}_share",
            what=f"events to {where}, of pgbench",
            value=ours / theirs,
            unit="",
            bar=bar,
        ),
    ]
