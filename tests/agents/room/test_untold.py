"""Whoever is not captioned any more is taken off the screens at once, whatever was on its way."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from agents.asr.client import AsrClient
from agents.asr.engine import Audio, Transcript
from agents.asr.service import AsrService
from agents.room.manner import Treatment
from orchestrator.cli.hearing import sounds
from tests.support.tracks import Track

SPOKEN = sounds.clip("sense_0930")
HALF = len(SPOKEN) // 2


class Heard:
    """Hears one word in everything; a final when the test lets it."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.go = threading.Event()

    def partial(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        return Transcript("secret", "en")

    def final(self, audio: Audio, language: str, glossary: Sequence[str] = ()) -> Transcript:
        self.asked.set()
        if not self.go.wait(timeout=10):
            raise TimeoutError
        return Transcript("secret", "en")


class Class:
    """Of one speaker, who is captioned until the test says otherwise."""

    def __init__(self, asr: AsrClient) -> None:
        self.treatment = Treatment()
        self.track = Track(asr, treatment=lambda: self.treatment)

    async def until_shown(self) -> None:
        async with asyncio.timeout(10):
            while not self.track.shown:  # noqa: ASYNC110 the recogniser's answer comes in its own time
                await asyncio.sleep(0.01)

    def assert_taken_back(self) -> None:
        assert {caption.text for caption in self.track.shown if caption.final} == {""}
        assert self.track.shown[-1].final
        assert self.track.finals == []


@pytest.mark.parametrize("again", [False, True])
async def test_captions_off_in_the_middle_take_back_what_was_shown(
    tmp_path: Path, again: bool
) -> None:
    """Also if they are on again before the sentence ends: a part of it was not to be heard."""
    engine, client = Heard(), AsrClient(tmp_path / "asr.sock")
    engine.go.set()
    async with AsrService(engine, threads=1).listening(tmp_path / "asr.sock"):
        held = Class(client)
        await held.track.hear(SPOKEN[:HALF])
        await held.until_shown()
        held.treatment = Treatment(captioned=False)
        await held.track.hear(SPOKEN[HALF:])
        held.assert_taken_back()
        held.treatment = Treatment(captioned=again)
        await held.track.hear(sounds.pause(1.0))
        await held.track.ear.finish()
        held.assert_taken_back()
        await client.close()


async def test_a_sentence_that_is_being_heard_is_not_told_of_somebody_just_redacted(
    tmp_path: Path,
) -> None:
    engine, client = Heard(), AsrClient(tmp_path / "asr.sock")
    async with AsrService(engine, threads=2).listening(tmp_path / "asr.sock"):
        held = Class(client)
        await held.track.hear(np.concatenate((SPOKEN, sounds.pause(1.0))))
        await asyncio.to_thread(engine.asked.wait, 10)
        held.treatment = Treatment(captioned=False)
        engine.go.set()
        await held.track.ear.finish()
        held.assert_taken_back()
        await client.close()
