"""Rooms without their agent get one again: livekit-server dispatches only when a room is made, never after a crash."""

import asyncio
import itertools

import aiohttp
import structlog
from livekit import api
from livekit.agents import AgentServer

from agents.room.job import session_id
from orchestrator.settings import Settings

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
# Listing all rooms is for agents of other hosts and of an earlier life; ours are missed sooner.
LIST_EVERY = 3
LONGEST_PATIENCE = 16


class Recall:
    """`run` forever; one per worker process. Two that act at once do no harm: the room's agent has one identity."""

    def __init__(self, settings: Settings, server: AgentServer) -> None:
        self._settings = settings
        self._server = server
        self._ours: set[str] = set()
        self._patience = Patience()

    async def run(self) -> None:
        async with api.LiveKitAPI(
            self._settings.livekit_api_url,
            self._settings.livekit_api_key,
            self._settings.livekit_api_secret.reveal(),
        ) as livekit:
            for number in itertools.count():
                await asyncio.sleep(LOOK_EVERY_S)
                try:
                    await self._replace_dead(livekit)
                    if number % LIST_EVERY == 0:
                        await self._look(livekit)
                except (aiohttp.ClientError, TimeoutError, api.TwirpError) as error:
                    log.warning("rooms_not_seen", error=type(error).__name__)

    async def _replace_dead(self, livekit: api.LiveKitAPI) -> None:
        """A job that ended by itself left its room first; one whose agent is still listed was killed."""
        ours = {job.job.room.name for job in self._server.active_jobs}
        gone, self._ours = self._ours - ours, ours
        for room in gone:
            if await _has_agent(livekit, room):
                await _dispatch(livekit, room)

    async def _look(self, livekit: api.LiveKitAPI) -> None:
        listed = await livekit.room.list_rooms(api.ListRoomsRequest())
        missing = {
            room.name
            for room in listed.rooms
            if room.num_participants
            and session_id(room.name) is not None
            and not await _has_agent(livekit, room.name)
        }
        for room in self._patience.exhausted(missing):
            await _dispatch(livekit, room)


class Patience:
    """For each room without agent twice as long as the time before: its session may be over, or unknown. Pure."""

    def __init__(self) -> None:
        self._looks: dict[str, int] = {}

    def exhausted(self, missing: set[str]) -> set[str]:
        """Never at the first look: the room may be new and its job on its way."""
        self._looks = {room: self._looks.get(room, 0) + 1 for room in missing}
        return {room for room, looks in self._looks.items() if _is_due(looks)}


def _is_due(looks: int) -> bool:
    if looks > LONGEST_PATIENCE:
        return looks % LONGEST_PATIENCE == 0
    return looks > 1 and looks & (looks - 1) == 0


async def _dispatch(livekit: api.LiveKitAPI, room: str) -> None:
    log.warning("agent_recalled", room=room)
    await livekit.agent_dispatch.create_dispatch(
        api.CreateAgentDispatchRequest(room=room, agent_name="")
    )


async def _has_agent(livekit: api.LiveKitAPI, room: str) -> bool:
    found = await livekit.room.list_participants(api.ListParticipantsRequest(room=room))
    return any(person.identity == f"agent-{session_id(room)}" for person in found.participants)
