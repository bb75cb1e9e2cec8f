"""What the agent tells LiveKit of its load: no more rooms while speech waits, and none refused because nobody listens."""

import asyncio
from pathlib import Path

from agents.asr.client import AsrClient, Speech
from agents.asr.service import AsrService
from agents.room.server import FULL_ASR_DELAY_S, asr_delay_s, load, no_load
from tests.support.engines import SlowEngine

SPEECH = Speech("a", bytes(3200))


async def test_speech_that_waits_is_load(tmp_path: Path) -> None:
    socket, engine = tmp_path / "asr.sock", SlowEngine()
    client = AsrClient(socket)
    async with AsrService(engine, threads=1).listening(socket):
        asked = [asyncio.create_task(client.final(SPEECH)) for _ in range(2)]
        async with asyncio.timeout(10):
            while (delay_s := await asr_delay_s(socket)) == 0.0:  # noqa: ASYNC110 only the service knows
                await asyncio.sleep(0.01)
        assert await asyncio.to_thread(load, socket) >= delay_s / FULL_ASR_DELAY_S
        engine.go.release(2)
        await asyncio.gather(*asked)
        assert await asr_delay_s(socket) == 0.0
        await client.close()


async def test_a_recogniser_that_is_away_is_no_load(tmp_path: Path) -> None:
    """Recording needs none."""
    assert await asr_delay_s(tmp_path / "asr.sock") == 0.0
    assert no_load() == 0.0
