"""Where in a sound there is something to hear, which the bench counts from."""

import numpy as np
import pytest

from orchestrator.cli.hearing import sounds
from orchestrator.cli.hearing.house import sounded
from orchestrator.cli.hearing.scores import Spoken

NOISE = np.random.default_rng(7).normal(0, 30, 48_000).astype(np.int16)
SOUND = np.concatenate((NOISE, sounds.clip("sense_0930")))


@pytest.mark.parametrize("at_s", [0.0, 0.5])
def test_speech_after_a_pause_begins_where_it_is_heard(at_s: float) -> None:
    assert sounds.begins_s(SOUND, at_s) == pytest.approx(1.3, abs=0.3)


def test_a_word_in_the_middle_of_speech_begins_where_it_does() -> None:
    assert sounds.begins_s(SOUND, 2.0) == 2.0
    assert sounds.begins_s(sounds.pause(1.0), 0.5) == 0.5


def test_a_word_that_was_stretched_over_a_pause_is_as_long_as_it_sounds() -> None:
    word = sounded(Spoken("He", 0.0, 0.9), SOUND)
    assert word.start_s == word.end_s > 0.9


@pytest.mark.parametrize("name", sounds.CLIPS)
def test_every_clip_meets_a_room_of_voices_at_the_same_distance(name: str) -> None:
    """The recordings lie 12 dB apart: beside the loud ones the soft ones would drown."""
    voice = sounds.even_talk([name]).astype(np.float64)
    spoken = np.abs(voice) > 0.02 * np.abs(voice).max()
    assert np.sqrt(np.mean(voice[spoken] ** 2)) == pytest.approx(sounds.EVEN, rel=0.02)
