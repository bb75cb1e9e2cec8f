"""Rooms without their agent get one again: livekit-server dispatches only when a room is made, never after a crash."""

import asyncio

import aiohttp
import structlog
from livekit import api

from agents.room.job import session_id
from orchestrator.settings import Settings

log = structlog.get_logger(__name__)

EVERY_S = 3.0


class Recall:
    """`run` forever; one per worker process. Two that act at once do no harm: the room's agent has one identity."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._missing: set[str] = set()

    async def run(self) -> None:
        async with api.LiveKitAPI(
            self._settings.livekit_api_url,
            self._settings.livekit_api_key,
            self._settings.livekit_api_secret.reveal(),
        ) as livekit:
            while True:
                await asyncio.sleep(EVERY_S)
                try:
                    await self._look(livekit)
                except (aiohttp.ClientError, TimeoutError, api.TwirpError) as error:
                    log.warning("rooms_not_seen", error=type(error).__name__)

    async def _look(self, livekit: api.LiveKitAPI) -> None:
        """A room must be without agent twice in a row: the first time its job may just be on its way."""
        rooms = await livekit.room.list_rooms(api.ListRoomsRequest())
        missing = {
            room.name
            for room in rooms.rooms
            if session_id(room.name) is not None and not await _has_agent(livekit, room.name)
        }
        for room in missing & self._missing:
            log.warning("agent_recalled", room=room)
            request = api.CreateAgentDispatchRequest(room=room, agent_name="")
            await livekit.agent_dispatch.create_dispatch(request)
        self._missing = missing - self._missing


async def _has_agent(livekit: api.LiveKitAPI, room: str) -> bool:
    found = await livekit.room.list_participants(api.ListParticipantsRequest(room=room))
    return any(person.identity == f"agent-{session_id(room)}" for person in found.participants)
