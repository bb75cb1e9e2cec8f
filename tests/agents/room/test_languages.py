"""A multilingual model hears each speaker in a language of their own, unless it was chosen for them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from agents.asr.client import AsrClient
from agents.asr.registry import load_engine
from agents.asr.service import AsrService
from agents.room.manner import Treatment
from orchestrator.cli.hearing import sounds
from tests.support.tracks import Track
from tests.support.words import spoken_text, word_error_rate

SPOKEN = {"pangram_fr": "fr", "pangram_pt": "pt", "sense_0930": "en"}


@pytest.fixture
async def multilingual(tmp_path: Path) -> AsyncIterator[AsrClient]:
    path = tmp_path / "asr.sock"
    engine = await asyncio.to_thread(load_engine, "base", 1)
    async with AsrService(engine, threads=1).listening(path):
        client = AsrClient(path)
        yield client
        await client.close()


async def test_three_who_speak_at_once_are_heard_each_in_their_language(
    multilingual: AsrClient,
) -> None:
    tracks = {name: Track(multilingual, f"TR_{name}") for name in SPOKEN}
    await asyncio.gather(*(track.hear(sounds.talk([name])) for name, track in tracks.items()))
    await asyncio.gather(*(track.ear.finish() for track in tracks.values()))
    for name, track in tracks.items():
        assert {spoken.caption.language for spoken in track.finals} == {SPOKEN[name]}
        assert word_error_rate(spoken_text(name), track.text) <= 0.35


async def test_a_language_that_was_chosen_is_not_guessed(multilingual: AsrClient) -> None:
    track = Track(multilingual, treatment=lambda: Treatment(language="pt"))
    await track.hear(np.concatenate((sounds.clip("pangram_fr"), sounds.pause(1.0))))
    await track.ear.finish()
    assert {spoken.caption.language for spoken in track.finals} == {"pt"}
