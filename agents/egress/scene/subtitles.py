"""Listens to the room's captions and hands the lines to the programme, which shows them where the scene asks for it."""

import asyncio
import time
from collections.abc import Callable

import structlog
from livekit import rtc
from livekit.rtc.data_stream import StreamError

from agents.egress.scene.captions import TOPIC, CaptionLines
from agents.media.programme import Programme

log = structlog.get_logger(__name__)

NameOf = Callable[[str], str]
"""From an identity to what stands before a line."""


class Subtitles:
    """One per room; `close` ends it."""

    def __init__(self, room: rtc.Room, programme: Programme, name_of: NameOf) -> None:
        self._programme = programme
        self._name_of = name_of
        self._lines = CaptionLines()
        self._told: tuple[str, ...] = ()
        self._reading: set[asyncio.Task[None]] = set()
        self._fading: asyncio.TimerHandle | None = None
        room.register_text_stream_handler(TOPIC, self._heard)

    async def close(self) -> None:
        if self._fading is not None:
            self._fading.cancel()
        for task in self._reading:
            task.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    def _heard(self, reader: rtc.TextStreamReader, identity: str) -> None:
        task = asyncio.create_task(self._read(reader, identity))
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        try:
            text = await reader.read_all()
        except StreamError as error:
            # Its sender left in the middle of it: the next one has the whole text again.
            log.debug("caption_cut_off", reason=str(error))
            return
        attributes = reader.info.attributes or {}
        self._lines.hear(self._name_of(identity), attributes, text, time.monotonic())
        self._tell()

    def _tell(self) -> None:
        now_s = time.monotonic()
        shown = self._lines.shown(now_s)
        if shown != self._told:
            self._told = shown
            self._programme.caption(shown)
        if self._fading is not None:
            self._fading.cancel()
        fades_in_s = self._lines.fades_in_s(now_s)
        if fades_in_s is not None:
            loop = asyncio.get_running_loop()
            self._fading = loop.call_later(fades_in_s + 0.01, self._tell)
