"""A recogniser in this process, and a microphone that it hears."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.asr.client import AsrClient
from agents.asr.engine import Engine
from agents.asr.service import AsrService
from tests.support.tracks import Track


@pytest.fixture
async def recogniser(engine: Engine, tmp_path: Path) -> AsyncIterator[AsrClient]:
    socket = tmp_path / "asr.sock"
    async with AsrService(engine, threads=2).listening(socket):
        client = AsrClient(socket)
        yield client
        await client.close()


@pytest.fixture
async def track(recogniser: AsrClient) -> Track:
    """Async, for its tasks want a running loop."""
    return Track(recogniser)
