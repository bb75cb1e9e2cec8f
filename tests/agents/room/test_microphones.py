"""Microphones as they are: bad ones, people who come and go, and a recogniser that dies while all of them speak."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agents.asr.client import AsrClient
from agents.asr.engine import Engine
from agents.asr.service import AsrService
from orchestrator.cli.hearing import sounds
from orchestrator.cli.hearing.sounds import Sound
from tests.support.tracks import Track
from tests.support.words import plain, spoken_text

SPEAKERS = 6
JOINS = 50


def clipped(sound: Sound) -> Sound:
    """24 dB too loud: most peaks are flat."""
    return np.clip(sound.astype(np.int32) * 16, -sounds.FULL, sounds.FULL).astype(np.int16)


def telephone(sound: Sound) -> Sound:
    """At 8 kHz, each sample held: nothing above 4 kHz is speech any more."""
    held = sound[: len(sound) // 6 * 6].reshape(-1, 6).mean(axis=1)
    return np.repeat(held, 6).astype(np.int16)


def telling(text: str) -> set[str]:
    return {word for word in plain(text) if len(word) > 3}


async def test_a_track_that_sends_nothing_leaves_nothing(track: Track) -> None:
    track.ear.break_off("muted")
    await track.ear.finish()
    assert (track.segments, track.shown, track.finals) == ([], [], [])


@pytest.mark.parametrize("spoilt", [clipped, telephone])
async def test_a_bad_microphone_is_heard(track: Track, spoilt: Callable[[Sound], Sound]) -> None:
    await track.hear(np.concatenate((spoilt(sounds.clip("sense_0930")), sounds.pause(1.0))))
    await track.ear.finish()
    said = telling(spoken_text("sense_0930"))
    assert len(telling(track.text) & said) >= 0.8 * len(said)


async def test_who_leaves_in_the_middle_of_a_word_is_heard_up_to_it(track: Track) -> None:
    said = sounds.clip("sense_0930")
    await track.hear(said[: len(said) * 3 // 5])
    await track.ear.finish()
    assert track.text.startswith("He might even have been made")
    last = track.finals[-1]
    assert last.words[-1].end_unix_ms <= last.caption.end_ms


async def test_a_recogniser_that_dies_while_six_speak_loses_no_final(
    engine: Engine, tmp_path: Path
) -> None:
    socket, names = tmp_path / "asr.sock", sounds.SHORT_CLIPS
    client = AsrClient(socket)
    tracks = [Track(client, f"TR_{number}") for number in range(SPEAKERS)]

    async def all_say(turn: int) -> None:
        """Each another clip than the one beside."""
        await asyncio.gather(
            *(
                track.hear(sounds.talk([names[(number + turn) % len(names)]]))
                for number, track in enumerate(tracks)
            )
        )

    async with AsrService(engine, threads=2).listening(socket):
        await all_say(0)
    await all_say(1)
    async with AsrService(engine, threads=2).listening(socket):
        await all_say(2)
        await asyncio.gather(*(track.ear.finish() for track in tracks))
        await client.close()
    for number, track in enumerate(tracks):
        said = telling(
            " ".join(spoken_text(names[(number + turn) % len(names)]) for turn in range(3))
        )
        assert len(telling(track.text) & said) >= 0.8 * len(said)
    ids = [spoken.caption.segment_id for track in tracks for spoken in track.finals]
    assert len(ids) == len(set(ids)) == SPEAKERS * 3


async def test_fifty_who_come_and_go_leave_nothing_behind(recogniser: AsrClient) -> None:
    await recogniser.load()
    before = len(asyncio.all_tasks())
    tracks = [Track(recogniser, f"TR_{number}") for number in range(JOINS)]
    for track in tracks:
        await track.hear(sounds.typing(1.0))
    await asyncio.gather(*(track.ear.finish() for track in tracks))
    assert len(asyncio.all_tasks()) == before
    assert (await recogniser.load()).waiting == 0
    assert all(len(track.segments) == 1 for track in tracks)
    assert all(track.finals == [] for track in tracks)
