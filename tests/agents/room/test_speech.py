"""What counts as speech: people do, typing, hum, noise and music do not."""

import numpy as np
import pytest
from livekit.local_inference import VAD_WINDOW_SAMPLES
from numpy.typing import NDArray

from agents.room.track.ear import downsample, new_downsampler
from agents.room.track.speech import SAMPLE_RATE_HZ, SpeechDetector, in_windows
from agents.room.track.utterance import Close, Segmenter, windows
from orchestrator.cli.hearing import sounds
from tests.support.rooms import clip

SECONDS = 20
RNG = np.random.default_rng(7)
TIME_S = np.arange(SECONDS * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ


def decisions(samples: NDArray[np.int16]) -> list[bool]:
    detector = SpeechDetector()
    return [detector.is_speech(window) for window in in_windows(samples)[0]]


def at_16_khz(name: str) -> NDArray[np.int16]:
    return downsample(new_downsampler(), clip(name))


def chord() -> NDArray[np.int16]:
    tones = sum(np.sin(2 * np.pi * hertz * TIME_S) for hertz in (220.0, 277.2, 329.6, 440.0))
    return (np.asarray(tones) * 3000).astype(np.int16)


NOISES = {
    "silence": np.zeros(len(TIME_S), np.int16),
    "white noise": RNG.normal(0, 3000, len(TIME_S)).astype(np.int16),
    "mains hum": (np.sin(2 * np.pi * 50 * TIME_S) * 8000).astype(np.int16),
    "typing": downsample(new_downsampler(), sounds.typing(SECONDS)),
    "music": chord(),
}


@pytest.mark.parametrize("name", NOISES)
def test_noise_gives_no_utterance(name: str) -> None:
    segmenter = Segmenter()
    steps = [step for speech in decisions(NOISES[name]) for step in segmenter.feed(speech)]
    assert not [step for step in [*steps, *segmenter.finish()] if isinstance(step, Close)]


def test_read_speech_is_speech() -> None:
    found = decisions(at_16_khz("two_cities"))
    assert np.mean(found) > 0.7


def test_a_speech_of_44_seconds_becomes_utterances_that_hold_nearly_all_of_it() -> None:
    segmenter = Segmenter()
    found = decisions(at_16_khz("two_cities"))
    steps = [step for speech in found for step in segmenter.feed(speech)]
    closed = [step for step in [*steps, *segmenter.finish()] if isinstance(step, Close)]
    heard = {number for step in closed for number in range(step.lead, step.end)}
    spoken = {number for number, speech in enumerate(found) if speech}
    assert len(spoken & heard) / len(spoken) > 0.99
    assert max(step.last - step.onset for step in closed) <= windows(14_000)


def test_speech_after_a_long_silence_is_heard_from_its_first_word() -> None:
    speech = at_16_khz("sense_0880")
    quiet = np.zeros(10 * SAMPLE_RATE_HZ, np.int16)
    alone, later = decisions(speech), decisions(np.concatenate((quiet, speech)))
    first_alone = alone.index(True)
    first_later = later.index(True) - len(quiet) // VAD_WINDOW_SAMPLES
    assert first_later - first_alone <= windows(100)
