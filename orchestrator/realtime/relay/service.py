"""Events into rooms whose agent is away, by LiveKit's own SendData. Each process looks after what it committed itself."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec
import structlog

from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.realtime.relay.domain import GRACE_S, Owed, decide
from orchestrator.realtime.relay.presence import Presence
from orchestrator.sessions.domain import room_name
from orchestrator.state.session import SessionState
from schema.agents import EVENTS_TOPIC, LARGEST_PACKET_BYTES
from schema.errors import DatabaseUnavailable, LiveKitUnavailable
from schema.events import StoredEvent

logger = structlog.get_logger(__name__)


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
        self._offered = asyncio.Event()

    def offer(self, session_id: UUID, events: Sequence[StoredEvent]) -> None:
        now_s = asyncio.get_running_loop().time()
        owed = self._owed.setdefault(session_id, [])
        owed.extend(Owed(event, now_s) for event in events)
        self._offered.set()

    async def run(self) -> None:
        while True:
            self._offered.clear()
            await asyncio.gather(*(self._settle(session_id) for session_id in list(self._owed)))
            await self._wait(GRACE_S if self._owed else None)

    async def _settle(self, session_id: UUID) -> None:
        if not await self._is_live(session_id):
            del self._owed[session_id]
            return
        reached = await self._presence.reached(session_id)
        # Whatever is offered from here on is the next round's.
        owed = self._owed.pop(session_id)
        verdict = decide(owed, reached, asyncio.get_running_loop().time())
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

    async def _is_live(self, session_id: UUID) -> bool:
        state = self._log.known(session_id)
        if state is None:
            try:
                async with self._database.system_transaction() as tx:
                    state = await self._log.state(tx, session_id)
            except DatabaseUnavailable as error:
                logger.warning("events not sent", session_id=str(session_id), error=repr(error))
                return False
        return state.status == "live"

    async def _wait(self, timeout_s: float | None) -> None:
        try:
            async with asyncio.timeout(timeout_s):
                await self._offered.wait()
        except TimeoutError:
            return
