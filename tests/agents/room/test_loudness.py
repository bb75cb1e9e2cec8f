"""The level gate on recorded speech, alone and before a room full of voices; and how often a speaker is looked at."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.asr.profanity import masked
from agents.room.track.ear import downsample, new_downsampler
from agents.room.track.loudness import (
    QUIET_FRAMES,
    SILENCE_DB,
    TOGETHER,
    Arrived,
    Gathering,
    Loudness,
    level_db,
)
from agents.room.track.pace import CHANCE_MS, LATEST_MS, LONGEST_MS, SHORTEST_MS, step_windows
from agents.room.track.speech import SpeechDetector, in_windows
from agents.room.track.utterance import Close, Policy, Segmenter, windows
from orchestrator.cli.hearing import sounds

CLIPS = sounds.SHORT_CLIPS * 2


def utterances(sound: sounds.Sound, *, gate: bool) -> list[Close]:
    found, _ = in_windows(downsample(new_downsampler(), sound))
    detector, loudness, segmenter = SpeechDetector(), Loudness(), Segmenter()
    steps = []
    for window in found:
        near = loudness.is_near(level_db(window)) or not gate
        segmenter.noisy = gate and loudness.noisy
        steps += segmenter.feed(detector.is_speech(window) and near)
    return [step for step in [*steps, *segmenter.finish()] if isinstance(step, Close)]


def test_without_the_gate_a_babbling_room_keeps_an_utterance_open() -> None:
    """Else the test below would prove nothing."""
    found = utterances(sounds.with_babble(sounds.talk(CLIPS), 10), gate=False)
    assert len(found) < len(CLIPS)


def test_each_sentence_is_an_utterance_before_a_babbling_room() -> None:
    for snr_db in (15, 10):
        noisy = utterances(sounds.with_babble(sounds.talk(CLIPS), snr_db), gate=True)
        clean = utterances(sounds.talk(CLIPS), gate=False)
        assert len(noisy) == len(clean) == len(CLIPS)
        ends = [one.last for one in noisy]
        assert np.allclose(ends, [one.last for one in clean], atol=windows(1_000))


def test_in_a_quiet_room_nothing_is_held_against_anybody() -> None:
    sound = sounds.talk([sounds.LONG_CLIP])
    assert utterances(sound, gate=True) == utterances(sound, gate=False)


def test_before_a_babbling_room_a_short_pause_ends_nothing() -> None:
    """It may be a soft word; in a quiet room it ends a long utterance."""
    spoken, paused = [True] * Policy().ripe, [False] * Policy().pause
    for noisy in (True, False):
        segmenter = Segmenter()
        segmenter.noisy = noisy
        steps = [step for speech in [*spoken, *paused, *spoken] for step in segmenter.feed(speech)]
        assert any(isinstance(step, Close) for step in steps) is not noisy


def test_levels_are_of_full_scale() -> None:
    assert level_db(np.zeros(512, np.int16)) == SILENCE_DB
    assert round(level_db(np.full(512, 16384, np.int16))) == -6


def test_an_idle_service_is_asked_often_and_a_busy_one_as_it_can() -> None:
    assert step_windows(0, 20) == windows(SHORTEST_MS)
    assert step_windows(0, 40) == windows(500)
    assert step_windows(0, 300) == windows(LONGEST_MS)
    assert step_windows(2_000, 300) == windows(LATEST_MS)


def test_who_has_shown_nothing_yet_is_looked_at_again_soon() -> None:
    assert step_windows(0, 300, empty=True) == windows(SHORTEST_MS)
    assert step_windows(CHANCE_MS + 320, 300, empty=True) == windows(SHORTEST_MS + 320)


def test_looks_that_meet_by_chance_are_no_queue() -> None:
    assert step_windows(CHANCE_MS, 300) == windows(LONGEST_MS)
    assert step_windows(CHANCE_MS + 160, 300) == windows(LONGEST_MS + 160)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_looks_keep_their_bounds(queued_ms: int, decoded_ms: int) -> None:
    assert windows(SHORTEST_MS) <= step_windows(queued_ms, decoded_ms) <= windows(LATEST_MS)


def test_frames_of_stillness_come_together_and_a_sound_at_once_with_all_before_it() -> None:
    gathering, passed = Gathering(), list[list[float]]()
    still, loud = np.zeros(1920, np.int16), np.full(1920, 3000, np.int16)
    frames = [*([still] * (QUIET_FRAMES + 2 * TOGETHER + 3)), loud, still]
    for number, samples in enumerate(frames):
        batch = gathering.add(Arrived(samples, float(number)))
        passed += [[frame.arrived_ms for frame in batch]] if batch else []
    assert [len(batch) for batch in passed] == [*([1] * QUIET_FRAMES), TOGETHER, TOGETHER, 4, 1]
    assert [at for batch in passed for at in batch] == list(range(len(frames)))
    assert gathering.rest() == []


def test_swear_words_are_masked_and_others_left() -> None:
    assert masked("Well, shit. Fucking hell!") == "Well, s***. F****** hell!"
    clean = "The Scunthorpe assistant passed the class; Dick Cavendish shifted it to Pisces."
    assert masked(clean) == clean
