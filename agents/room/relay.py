"""The session's log into the room: each event after it is stored, once, in order, on the reliable data channel."""

import asyncio
from collections.abc import Callable

import msgspec
import structlog
from livekit import rtc

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from schema.agents import EVENTS_TOPIC, LARGEST_PACKET_BYTES, EventPage, Pulse, RoomInfo
from schema.events import StoredEvent

log = structlog.get_logger(__name__)

LONG_POLL_MS = 25_000
PAUSE_S = 1.0
# A client that hears nothing for three of them takes the other way (web/src/sessions/events).
PULSE_S = 4.0


class Relay:
    """`run` returns when the session is over and its last event is out."""

    def __init__(
        self,
        control: ControlClient,
        room: rtc.Room,
        info: RoomInfo,
        heard: Callable[[StoredEvent], None],
    ) -> None:
        """`heard` is called with each event too."""
        self._control = control
        self._room = room
        self._heard = heard
        self._path = f"/api/internal/sessions/{info.session_id}/events"
        self._after = info.last_sequence

    @property
    def reached(self) -> int:
        """The sequence of the last event that the room was told."""
        return self._after

    async def run(self) -> None:
        pulse = asyncio.create_task(self._pulse())
        try:
            while True:
                page = await self._page()
                for event in page.items:
                    self._heard(event)
                # Each is on its way before the next begins, in order; what takes time is to hear that it left.
                await asyncio.gather(*(self._publish(event) for event in page.items))
                if page.items:
                    self._after = page.items[-1].sequence
                if page.closed:
                    return
        finally:
            pulse.cancel()

    async def _pulse(self) -> None:
        while True:
            await self._send(msgspec.json.encode(Pulse(last_sequence=self._after)))
            await asyncio.sleep(PULSE_S)

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
        if len(payload) > LARGEST_PACKET_BYTES:
            log.info("event_too_large_to_relay", sequence=event.sequence, bytes=len(payload))
            return
        await self._send(payload)

    async def _send(self, payload: bytes) -> None:
        try:
            await self._room.local_participant.publish_data(
                payload, reliable=True, topic=EVENTS_TOPIC
            )
        except rtc.participant.PublishDataError as error:
            log.warning("packet_not_sent", reason=str(error))
