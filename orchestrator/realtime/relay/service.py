"""Events into rooms whose agent is away, by LiveKit's own SendData. Each process looks after what it committed itself."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
import structlog

from orchestrator.core.clock import wait_at_most
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.realtime.relay.domain import Owed, decide, is_attended
from orchestrator.realtime.relay.presence import Presence
from orchestrator.sessions.domain import room_name
from orchestrator.state.session import SessionState
from schema.agents import EVENTS_TOPIC, LARGEST_PACKET_BYTES
from schema.errors import DatabaseUnavailable, LiveKitUnavailable
from schema.events import StoredEvent

logger = structlog.get_logger(__name__)

SWEEP_S = 1.0


class Relay:
    """`run` until cancelled. What cannot be sent is dropped: the log is the truth, and clients fetch what they miss."""

    def __init__(
        self,
        database: Database,
        log: EventLog[SessionState],
        livekit: LiveKit,
        presence: Presence,
    ) -> None:
        self._database = database
        self._log = log
        self._livekit = livekit
        self._presence = presence
        self._owed: dict[UUID, list[Owed]] = {}
        self._news: set[UUID] = set()
        self._offered = asyncio.Event()
        self._swept_s = 0.0

    def offer(self, session_id: UUID, events: Sequence[StoredEvent]) -> None:
        now_s = asyncio.get_running_loop().time()
        owed = self._owed.setdefault(session_id, [])
        owed.extend(Owed(event, now_s) for event in events)
        self._news.add(session_id)
        self._offered.set()

    async def run(self) -> None:
        while True:
            await wait_at_most(SWEEP_S if self._owed else None, self._offered)
            self._offered.clear()
            await asyncio.gather(*(self._settle(session_id) for session_id in self._due()))

    def _due(self) -> list[UUID]:
        """Those with news, and at each sweep all: what was kept has waited long enough, or its agent has spoken."""
        now_s = asyncio.get_running_loop().time()
        news, self._news = self._news, set()
        if now_s - self._swept_s < SWEEP_S:
            return list(news)
        self._swept_s = now_s
        return list(self._owed)

    async def _settle(self, session_id: UUID) -> None:
        state = await self._state(session_id)
        if state is None or state.status != "live":
            del self._owed[session_id]
            return
        attended = is_attended(state)
        reached = await self._presence.reached(session_id) if attended else None
        # Whatever is offered from here on is the next round's.
        owed = self._owed.pop(session_id)
        verdict = decide(owed, reached, asyncio.get_running_loop().time(), attended=attended)
        if verdict.keep:
            self._owed[session_id] = list(verdict.keep)
        if verdict.send:
            await self._send(session_id, verdict.send)
            if reached is not None:
                logger.warning("agent silent", session_id=str(session_id))
                await self._presence.forget(session_id)

    async def _send(self, session_id: UUID, events: Sequence[StoredEvent]) -> None:
        try:
            for event in events:
                payload = msgspec.json.encode(event)
                if len(payload) <= LARGEST_PACKET_BYTES:
                    await self._livekit.send_data(
                        room_name(session_id), payload, EVENTS_TOPIC, event.id.bytes
                    )
        except (LiveKitUnavailable, LiveKitRefused) as error:
            logger.warning("events not sent", session_id=str(session_id), error=repr(error))

    async def _state(self, session_id: UUID) -> SessionState | None:
        """None while nobody can say."""
        if state := self._log.known(session_id):
            return state
        try:
            async with self._database.system_transaction() as tx:
                return await self._log.state(tx, session_id)
        except DatabaseUnavailable as error:
            logger.warning("events not sent", session_id=str(session_id), error=repr(error))
            return None
