"""How soon after the end of a long class its replay is there, with chapters and highlights."""

import asyncio
import time
from uuid import UUID

import aiohttp

from orchestrator.cli.artifacts.lecture import Lectures
from orchestrator.cli.artifacts.office import staff
from orchestrator.cli.classroom.people import Person
from orchestrator.cli.ground.report import Figure
from orchestrator.cli.ground.stack import Ground
from schema.jobs import FIRST

HOURS = 3.0
REPLAY_BAR_S, DERIVED_BAR_S = 10.0, 20.0
LONGEST_S = 120.0
LOOK_S = 0.1


async def measure(here: Ground) -> list[Figure]:
    async with aiohttp.ClientSession(here.settings.control_url) as http:
        session_id = await Lectures(here, http).hold(HOURS)
    async with staff(here) as person:
        await person.end(session_id)
        replay_s, derived_s = await _waited_s(person, session_id)
    return [
        _figure("replay_ready_s", "replay complete", replay_s, REPLAY_BAR_S),
        _figure("derived_s", "chapters and highlights made", derived_s, DERIVED_BAR_S),
    ]


async def _waited_s(person: Person, session_id: UUID) -> tuple[float, float]:
    """Seconds from now until the replay has all that comes first, and until chapters and highlights are made."""
    begun, derived_s = time.monotonic(), 0.0
    async with asyncio.timeout(LONGEST_S):
        while True:
            jobs = await person.artifacts(session_id)
            waited_s = time.monotonic() - begun
            done = {job.kind for job in jobs if job.state == "done"}
            if not derived_s and {"chapters", "highlights"} <= done:
                derived_s = waited_s
            if done >= FIRST and (await person.replay(session_id)).state == "ready":
                return waited_s, derived_s
            await asyncio.sleep(LOOK_S)


def _figure(key: str, what: str, value: float, bar: float) -> Figure:
    what = f"{what}, after the end of {HOURS:g} hours"
    return Figure(key=key, what=what, value=value, unit="s", bar=bar, least=False)
