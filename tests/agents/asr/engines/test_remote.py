"""The engine elsewhere, against a strict server of the same call: what it sends, keeps, and does when the server is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from agents.asr.client import AsrClient, DecodeFailed, Speech
from agents.asr.engine import SAMPLE_RATE_HZ, Engine, EngineAway
from agents.asr.engines.remote import RemoteEngine
from agents.asr.registry import load_engine
from agents.asr.service import AsrService
from orchestrator.settings import Secret
from tests.fakes.openai import KEY
from tests.fakes.transcription import FakeTranscription, fake_transcription

SOUND = np.zeros(2 * SAMPLE_RATE_HZ, np.float32)


@pytest.fixture
async def server() -> AsyncIterator[FakeTranscription]:
    async with fake_transcription() as server:
        yield server


@contextmanager
def loaded(server: FakeTranscription, key: str) -> Iterator[RemoteEngine]:
    engine = load_engine("openai:whisper-1", 1, server.url, Secret(key))
    assert isinstance(engine, RemoteEngine)
    yield engine
    engine.close()


@pytest.fixture
def engine(server: FakeTranscription) -> Iterator[Engine]:
    with loaded(server, KEY) as engine:
        yield engine


async def test_a_final_has_words_with_their_times(
    server: FakeTranscription, engine: Engine
) -> None:
    heard = await asyncio.to_thread(engine.final, SOUND, "en", ("Barton Park", "Norland"))
    assert (heard.text, heard.language) == ("Good morning.", "en")
    assert [(w.text, w.end_s) for w in heard.words] == [("Good", 1.0), ("morning.", 2.0)]
    (form,) = server.asked
    assert (form["model"], form["language"]) == ("whisper-1", "en")
    assert (form["prompt"], form["channels"]) == ("Barton Park, Norland", 1)


async def test_without_a_language_the_server_finds_it(
    server: FakeTranscription, engine: Engine
) -> None:
    await asyncio.to_thread(engine.partial, SOUND, "")
    assert "language" not in server.asked[0]


async def test_a_loop_is_cut_and_what_nobody_can_say_in_that_time_is_refused(
    server: FakeTranscription, engine: Engine
) -> None:
    server.text = "Thank you. " * 12
    assert (await asyncio.to_thread(engine.partial, SOUND, "en")).text == "Thank you."
    server.text = " ".join(f"word{n}" for n in range(20))
    assert (await asyncio.to_thread(engine.final, SOUND, "en")).text == ""


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_busy_server_is_away(
    server: FakeTranscription, engine: Engine, status: int
) -> None:
    server.status = status
    with pytest.raises(EngineAway):
        await asyncio.to_thread(engine.final, SOUND, "en")


async def test_a_final_waits_until_the_server_is_back(
    server: FakeTranscription, engine: Engine, tmp_path: Path
) -> None:
    server.status = 503
    client = AsrClient(tmp_path / "asr.sock")
    async with AsrService(engine, threads=1).listening(tmp_path / "asr.sock"):
        assert await client.partial(Speech("a", bytes(32_000)), first=True) is None
        final = asyncio.create_task(client.final(Speech("a", bytes(32_000))))
        await asyncio.sleep(0)
        server.status = 200
        assert (await final).text == "Good morning."
        await client.close()


async def test_a_wrong_key_loses_nothing(server: FakeTranscription) -> None:
    with loaded(server, "another key") as engine, pytest.raises(EngineAway):
        await asyncio.to_thread(engine.final, SOUND, "en")


async def test_audio_that_is_refused_fails_and_does_not_wait(
    server: FakeTranscription, engine: Engine, tmp_path: Path
) -> None:
    server.status = 400
    client = AsrClient(tmp_path / "asr.sock")
    async with AsrService(engine, threads=1).listening(tmp_path / "asr.sock"):
        with pytest.raises(DecodeFailed):
            await client.final(Speech("a", bytes(32_000)))
        await client.close()
