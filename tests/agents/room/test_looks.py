"""What the recogniser is asked while it is too busy to answer."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from agents.asr.client import AsrClient
from agents.asr.engine import SAMPLE_RATE_HZ
from agents.asr.wire import Declined, Heard, Request, Transcribe, frame, read_frame
from orchestrator.cli.hearing import sounds
from tests.support.tracks import Track

# One utterance; in each part of it a look is due.
PARTS = np.split(sounds.clip("sense_0920"), [int(at_s * 48_000) for at_s in (1.2, 2.0, 2.8, 3.6)])


class Busy:
    """Too late for the first `declined` looks, and hears a word in each after them; answers while `free` is set."""

    def __init__(self, declined: int) -> None:
        self.firsts: list[bool] = []
        self.heard_ms: list[float] = []
        self.free = asyncio.Event()
        self.free.set()
        self._declined = declined

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (body := await read_frame(reader)) is not None:
            request = msgspec.msgpack.decode(body, type=Request)
            if isinstance(request, Transcribe):
                answer = self._answer(request)
                await self.free.wait()
                writer.write(frame(answer))
        writer.close()

    async def until_asked(self, times: int) -> None:
        async with asyncio.timeout(10):
            while len(self.firsts) < times:  # noqa: ASYNC110 the request comes by a socket
                await asyncio.sleep(0.01)

    def _answer(self, request: Transcribe) -> Declined | Heard:
        if request.purpose == "partial":
            self.firsts.append(request.first)
            self.heard_ms.append(len(request.pcm) / 2 * 1000 / SAMPLE_RATE_HZ)
            if len(self.firsts) <= self._declined:
                return Declined(id=request.id, reason="late")
        return Heard(id=request.id, text="It", language="en", words=[], queued_ms=0, decoded_ms=0)


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Busy]:
    busy = Busy(declined=2)
    async with await asyncio.start_unix_server(busy.serve, tmp_path / "asr.sock"):
        yield busy


async def test_a_first_look_that_came_too_late_is_asked_for_again_as_a_first_one(
    busy: Busy, tmp_path: Path
) -> None:
    client = AsrClient(tmp_path / "asr.sock")
    track = Track(client)
    for part in PARTS[:4]:
        asked = len(busy.firsts)
        await track.hear(part)
        await busy.until_asked(asked + 1)
    await track.ear.finish()
    await client.close()
    assert busy.firsts == [True] * 3 + [False] * (len(busy.firsts) - 3)
    assert len(busy.firsts) > 3


async def test_a_look_that_waited_for_another_hears_all_that_came_meanwhile(
    busy: Busy, tmp_path: Path
) -> None:
    client = AsrClient(tmp_path / "asr.sock")
    track = Track(client)
    busy.free.clear()
    await track.hear(PARTS[0])
    await busy.until_asked(1)
    await track.hear(np.concatenate(PARTS[1:3]))
    busy.free.set()
    await busy.until_asked(2)
    # The first one was due before the end of the first part.
    assert busy.heard_ms[1] - busy.heard_ms[0] >= 1600
    await track.ear.finish()
    await client.close()
