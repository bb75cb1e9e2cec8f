"""The default model on real speech: what it hears, when, and that it invents nothing where nobody speaks."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.asr.engine import SAMPLE_RATE_HZ, Audio, Engine
from agents.room.track.ear import downsample, new_downsampler
from agents.room.track.speech import SpeechDetector, in_windows
from agents.room.track.utterance import Close, Segmenter
from tests.support.rooms import clip
from tests.support.words import spoken_text, word_error_rate

CLIPS = ["sense_0870", "sense_0880", "sense_0890", "sense_0920", "sense_0930"]


def as_audio(samples: NDArray[np.int16]) -> Audio:
    return samples.astype(np.float32) / np.float32(32768)


def audio(name: str) -> Audio:
    return as_audio(downsample(new_downsampler(), clip(name)))


def utterances(name: str) -> list[Audio]:
    """As the captioner would cut them."""
    segmenter, detector = Segmenter(), SpeechDetector()
    windows, _ = in_windows(downsample(new_downsampler(), clip(name)))
    steps = [step for w in windows for step in segmenter.feed(detector.is_speech(w))]
    return [
        as_audio(np.concatenate(windows[step.lead : step.end]))
        for step in [*steps, *segmenter.finish()]
        if isinstance(step, Close)
    ]


def test_finals_of_a_long_speech_are_right(engine: Engine) -> None:
    heard = " ".join(engine.final(part, "en").text for part in utterances("two_cities"))
    assert word_error_rate(spoken_text("two_cities"), heard) <= 0.08


def test_finals_of_short_clips_are_right_and_partials_nearly(engine: Engine) -> None:
    said = " ".join(spoken_text(name) for name in CLIPS)
    finals = " ".join(engine.final(audio(name), "en").text for name in CLIPS)
    partials = " ".join(engine.partial(audio(name), "en").text for name in CLIPS)
    assert word_error_rate(said, finals) <= 0.05
    assert word_error_rate(said, partials) <= 0.12


def test_a_glossary_makes_its_terms_heard(engine: Engine) -> None:
    """Unaided a partial of this has "old-asposed"."""
    said = audio("sense_0890")
    assert "ill-disposed" not in engine.partial(said, "en").text
    assert "ill-disposed" in engine.partial(said, "en", ("Dashwood", "ill-disposed")).text
    assert "ill-disposed" in engine.final(said, "en", ("Dashwood", "ill-disposed")).text


def test_a_glossary_of_a_whole_dictionary_leaves_room_for_speech(engine: Engine) -> None:
    terms = [f"Norland number {number}" for number in range(200)]
    heard = engine.final(audio("sense_0930"), "en", terms).text
    assert word_error_rate(spoken_text("sense_0930"), heard) <= 0.3


@pytest.mark.parametrize("name", CLIPS)
def test_words_are_the_text_in_order_and_inside_the_audio(engine: Engine, name: str) -> None:
    transcript = engine.final(audio(name), "")
    assert " ".join(word.text for word in transcript.words) == transcript.text
    times = [time for word in transcript.words for time in (word.start_s, word.end_s)]
    assert times == sorted(times)
    assert all(type(time) is float for time in times)
    assert times[-1] <= len(audio(name)) / SAMPLE_RATE_HZ
    assert transcript.language == "en"


def test_words_are_where_they_were_said(engine: Engine) -> None:
    """Silence put before a clip moves its words by as much."""
    lead_s = 2.0
    plain = audio("sense_0930")
    later = np.concatenate((np.zeros(int(lead_s * SAMPLE_RATE_HZ), np.float32), plain))
    shifts = [
        after.end_s - before.end_s
        for before, after in zip(
            engine.final(plain, "").words, engine.final(later, "").words, strict=True
        )
    ]
    assert np.median(shifts) == pytest.approx(lead_s, abs=0.1)


def test_a_half_heard_sentence_grows_with_what_is_heard(engine: Engine) -> None:
    whole = audio("sense_0920")
    lengths = [
        len(engine.partial(whole[: int(s * SAMPLE_RATE_HZ)], "").text.split())
        for s in (0.6, 2.0, 4.0, 6.0)
    ]
    assert lengths[-1] > 12
    assert all(before < after for before, after in itertools.pairwise(lengths))


def test_noise_that_slips_through_gives_no_long_text(engine: Engine) -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 8 * SAMPLE_RATE_HZ).astype(np.float32)
    assert len(engine.final(noise, "").text.split()) <= 3
