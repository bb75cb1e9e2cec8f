"""Captions into the room, twice: as text streams and as the legacy packet, both in the speaker's name."""

import asyncio
from collections.abc import Callable

import structlog
from livekit import rtc

from agents.room.text.captions import Caption, CaptionQueue
from orchestrator.core.clock import wait_at_most

log = structlog.get_logger(__name__)

# The topic and the lk.* attributes are those of livekit-agents 1.8: every partial is a new stream with the whole text.
TOPIC = "lk.transcription"


class CaptionPublisher:
    """One per track; `offer` returns at once, one task sends."""

    def __init__(
        self, participant: rtc.LocalParticipant, queue: CaptionQueue, reached: Callable[[], int]
    ) -> None:
        """`reached` is the last event of the log that the room has been told."""
        self._participant = participant
        self._queue = queue
        self._reached = reached
        self._offered = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run())

    def offer(self, caption: Caption) -> None:
        self._queue.offer(caption)
        self._offered.set()

    async def close(self) -> None:
        """Returns when everything offered was sent or refused by the room."""
        self._closing = True
        self._offered.set()
        await self._task

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._offered.clear()
            if (caption := self._queue.take(loop.time())) is not None:
                await self._send(caption)
                continue
            wait_s = self._queue.wait_s(loop.time())
            if wait_s is None and self._closing:
                return
            await wait_at_most(wait_s, self._offered)

    async def _send(self, caption: Caption) -> None:
        try:
            await self._send_stream(caption)
            await self._send_legacy(caption)
        except Exception as error:  # noqa: BLE001 the room may be gone; rtc raises bare Exceptions for it
            log.warning("caption_not_published", final=caption.final, error=type(error).__name__)

    async def _send_stream(self, caption: Caption) -> None:
        # send_text would name the agent as the sender.
        stream = await self._participant.stream_text(
            topic=TOPIC,
            sender_identity=caption.identity,
            attributes=attributes(caption, self._reached()),
        )
        if caption.text:
            await stream.write(caption.text)
        await stream.aclose()

    async def _send_legacy(self, caption: Caption) -> None:
        segment = rtc.TranscriptionSegment(
            id=caption.segment_id,
            text=caption.text,
            start_time=caption.start_ms,
            end_time=caption.end_ms,
            language=caption.language,
            final=caption.final,
        )
        await self._participant.publish_transcription(
            rtc.Transcription(caption.identity, caption.track_sid, [segment])
        )


def attributes(caption: Caption, reached: int) -> dict[str, str]:
    """Those of LiveKit's own, and ours without a prefix.

    `seq` is where the log was when this left: GET .../captions?after= with the last one seen gives what was missed since,
    under the same segment ids.
    """
    told = {
        "lk.segment_id": caption.segment_id,
        "lk.transcription_final": "true" if caption.final else "false",
        "lk.transcribed_track_id": caption.track_sid,
        "seq": str(reached),
        "start_ms": str(caption.start_ms),
        "end_ms": str(caption.end_ms),
        "lang": caption.language,
    }
    return told if caption.final else told | {"stable_words": str(caption.stable_words)}
