"""The session's log into the room: each event after it is stored, once, in order, on the reliable data channel."""

import asyncio
from uuid import UUID

import msgspec
import structlog
from livekit import rtc

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from schema.agents import EventPage
from schema.events import StoredEvent

log = structlog.get_logger(__name__)

TOPIC = "lectern.events"
LONG_POLL_MS = 25_000
PAUSE_S = 1.0
# LiveKit's limit for a reliable packet is 15 KiB with its own fields; clients fetch a larger event when they see the gap.
LARGEST_BYTES = 14_000


class Relay:
    """`run` returns when the session is over and its last event is out."""

    def __init__(
        self, control: ControlClient, room: rtc.Room, session_id: UUID, after: int
    ) -> None:
        self._control = control
        self._room = room
        self._path = f"/api/internal/sessions/{session_id}/events"
        self._after = after

    async def run(self) -> None:
        while True:
            page = await self._page()
            for event in page.items:
                await self._publish(event)
                self._after = event.sequence
            if page.closed:
                return

    async def _page(self) -> EventPage:
        while True:
            try:
                query = f"?after={self._after}&waitMs={LONG_POLL_MS}"
                return await self._control.get(self._path + query, EventPage)
            except (ControlUnavailable, ControlRefused) as error:
                log.warning("events_not_read", reason=str(error))
                await asyncio.sleep(PAUSE_S)

    async def _publish(self, event: StoredEvent) -> None:
        payload = msgspec.json.encode(event)
        if len(payload) > LARGEST_BYTES:
            log.info("event_too_large_to_relay", sequence=event.sequence, bytes=len(payload))
            return
        try:
            await self._room.local_participant.publish_data(payload, reliable=True, topic=TOPIC)
        except rtc.participant.PublishDataError as error:
            log.warning("event_not_relayed", sequence=event.sequence, reason=str(error))
