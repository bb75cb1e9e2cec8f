"""The script as samples: speech where it was put, beeps with every flash, nothing else."""

from pathlib import Path

import numpy as np
import pytest

from orchestrator.cli.classroom.picture import FPS, Picture
from orchestrator.cli.classroom.script import LEAD_S, PAUSE_S, Clip, arrange, load_clips
from orchestrator.cli.classroom.teach import ASKING, TEACHER, script
from orchestrator.cli.probe import sync
from orchestrator.cli.probe.media import MARK_LUMA, SAMPLE_RATE, Audio, Video

SPEECH = Path(__file__).parents[2] / "data" / "speech"


def silence(seconds: float, text: str = "nothing") -> Clip:
    return Clip(text, np.zeros(round(seconds * SAMPLE_RATE), np.int16))


def audio(samples: np.ndarray) -> Audio:
    return Audio("", SAMPLE_RATE, 0.0, np.divide(samples, 32768, dtype=np.float32), [])


def test_clips_are_whole_and_their_speech_begins_early() -> None:
    clips = load_clips(SPEECH)
    assert clips["two_cities"].duration_s == pytest.approx(44.37, abs=0.05)
    assert all(0 <= clip.onset_s < 2 for clip in clips.values())


def test_a_click_is_not_the_onset_of_speech() -> None:
    samples = np.zeros(2 * SAMPLE_RATE, np.int16)
    samples[SAMPLE_RATE // 2] = 30_000
    samples[SAMPLE_RATE:] = 3_000
    assert Clip("", samples).onset_s == pytest.approx(1.0, abs=0.1)
    assert load_clips(SPEECH)["two_cities"].onset_s > 1


def test_cues_never_overlap() -> None:
    lesson = arrange([("a", silence(2)), ("b", silence(3)), ("a", silence(1))])
    assert [cue.start_s for cue in lesson.cues] == pytest.approx(
        [LEAD_S, LEAD_S + 2 + PAUSE_S, LEAD_S + 5 + 2 * PAUSE_S]
    )


def test_each_line_has_only_its_speaker() -> None:
    lesson = script()
    teacher, asking = lesson.line(TEACHER), lesson.line(ASKING)
    assert len(teacher) == len(asking) == round(lesson.duration_s * SAMPLE_RATE)
    assert np.abs(teacher).max() > 3000
    assert np.abs(asking).max() > 3000
    # At no moment do both hold speech.
    assert not np.any((np.abs(teacher) > 300) & (np.abs(asking) > 300))
    assert lesson.said_by(ASKING).startswith("unless to be rather cold hearted")


def test_beeps_are_found_under_speech() -> None:
    line = script().line(TEACHER, marks=True)
    found = sync.beeps(audio(line))
    expected = np.arange(len(found)) * sync.PERIOD_S
    assert len(found) == len(range(0, len(line), round(sync.PERIOD_S * SAMPLE_RATE)))
    assert found == pytest.approx(expected, abs=0.005)


def test_flashes_start_with_the_beeps() -> None:
    picture = Picture(["one", "two"])
    times = np.arange(20 * FPS) / FPS
    white = [
        float((np.frombuffer(picture.draw(t), np.uint8)[: 1280 * 720] >= MARK_LUMA).mean())
        for t in times
    ]
    video = Video("", 1280, 720, times, np.asarray(white), [])
    # The first is on from the first frame: there is no jump to see.
    assert sync.flashes(video) == pytest.approx(np.arange(2, 20, sync.PERIOD_S), abs=1e-6)


def test_slides_turn_and_the_marker_moves() -> None:
    picture = Picture(["one", "two"])
    first, later, second = (bytes(picture.draw(t)) for t in (1.0, 1.5, 10.0))
    assert first != later
    differing = sum(a != b for a, b in zip(first, second, strict=True))
    assert differing > sum(a != b for a, b in zip(first, later, strict=True))
