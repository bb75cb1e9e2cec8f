"""Whether a class that is live notices that those before it are being worked on."""

from uuid import UUID, uuid4

import aiohttp
import msgspec

from orchestrator.cli.artifacts.lecture import CLASSES, Lectures
from orchestrator.cli.artifacts.office import staff
from orchestrator.cli.ground import classes
from orchestrator.cli.ground.crowd import Student, gather_crowd
from orchestrator.cli.ground.load import Load, Plan, Request, put
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from orchestrator.core.database import Database

CROWD = 20
# Messages a second for so long, each time; few enough that no limit on one of the crowd matters.
RATE, SECONDS = 20.0, 15.0
# Ended classes, of an hour each: their careful passes alone are minutes of work.
ENDED = 4
# Less than a picture of video: nobody sees a message come later by that.
ADDED_BAR_MS = 20.0


async def measure(here: Ground) -> list[Figure]:
    database = Database(here.settings.database_url, pool_size=2)
    try:
        (session_id,) = await classes.begin(database, next(CLASSES), 1)
        crowd = await gather_crowd(database, CROWD)
    finally:
        await database.close()
    async with aiohttp.ClientSession(here.settings.control_url) as http:
        for student in crowd:
            await _join(http, session_id, student)
        lectures = Lectures(here, http)
        ended = [await lectures.hold(1.0) for _ in range(ENDED)]
    await _said(here, session_id, crowd)
    empty = await _said(here, session_id, crowd)
    async with staff(here) as person:
        for one in ended:
            await person.end(one)
        full = await _said(here, session_id, crowd)
        left = [job for one in ended for job in await person.artifacts(one)]
    waiting = sum(job.state in {"queued", "running"} for job in left)
    if not waiting:
        raise RuntimeError("the queue ran empty during the measurement")
    return _figures(empty, full, waiting)


async def _join(http: aiohttp.ClientSession, session_id: UUID, student: Student) -> None:
    headers = student.headers | {"Idempotency-Key": student.token}
    body = {"sessionId": str(session_id)}
    async with http.post("/api/sessions/join", headers=headers, json=body) as reply:
        reply.raise_for_status()


async def _said(here: Ground, session_id: UUID, crowd: list[Student]) -> Load:
    body = msgspec.json.encode({"sessionId": session_id, "content": "Is it still quick?"}).decode()
    requests = [
        Request(
            "/api/chat",
            method="POST",
            headers=crowd[n % CROWD].headers | {"Idempotency-Key": str(uuid4())},
            body=body,
        )
        for n in range(int(RATE * SECONDS))
    ]
    plan = Plan(here.settings.control_url, requests, clients=CROWD, seconds=2 * SECONDS, rate=RATE)
    return await put(plan)


def _figures(empty: Load, full: Load, waiting: int) -> list[Figure]:
    before_ms, after_ms = empty.percentile_ms(0.5), full.percentile_ms(0.5)
    return [
        Figure(key="empty_p50_ms", what="a message, nothing to do", value=before_ms, unit="ms"),
        Figure(key="full_p50_ms", what=f"a message, {waiting} jobs", value=after_ms, unit="ms"),
        Figure(
            key="full_added_ms",
            what="that a message takes longer while the queue is full, at the median",
            value=after_ms - before_ms,
            unit="ms",
            bar=ADDED_BAR_MS,
            least=False,
        ),
    ]
