"""A track from its samples on: what reaches the recorder and the recogniser when people speak, pause, and say nothing."""

import itertools
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from agents.room.track.loudness import LED_UP_MS, STILL_AFTER_MS
from agents.room.track.recorder import SAMPLE_RATE_HZ, Segment
from orchestrator.cli.hearing import sounds
from tests.support.tracks import FRAME_MS, START_MS, Track


def spans_ms(segments: Sequence[Segment]) -> list[tuple[float, float]]:
    starts = [segment.started_at_unix_ms - START_MS for segment in segments]
    return [(start, start + s.duration_ms) for start, s in zip(starts, segments, strict=True)]


async def test_a_still_microphone_is_neither_recorded_nor_captioned(track: Track) -> None:
    await track.hear(sounds.room_tone(5.0))
    await track.hear(sounds.pause(5.0))
    await track.ear.finish()
    assert (track.segments, track.finals) == ([], [])


@pytest.mark.parametrize(
    ("noise", "seconds"), [(sounds.typing, 20.0), (sounds.music, 61.0), (sounds.engine, 20.0)]
)
async def test_recorded_noises_are_never_captioned(
    track: Track, noise: Callable[[float], sounds.Sound], seconds: float
) -> None:
    await track.hear(np.concatenate((noise(seconds), sounds.pause(1.0))))
    await track.ear.finish()
    assert [caption.text for caption in track.shown if caption.text] == []
    assert track.text.strip() == ""


async def test_speech_out_of_stillness_is_whole_and_in_its_place(track: Track) -> None:
    said = sounds.clip("sense_0930")
    await track.hear(np.concatenate((sounds.room_tone(5.0), said, sounds.room_tone(6.0))))
    await track.ear.finish()
    ((began_ms, ended_ms),) = spans_ms(track.segments)
    spoken_until_ms = 5000 + len(said) / 48
    assert 5000 - LED_UP_MS - FRAME_MS <= began_ms <= 5000 - LED_UP_MS + 4 * FRAME_MS
    assert spoken_until_ms < ended_ms <= spoken_until_ms + STILL_AFTER_MS + FRAME_MS
    (final,) = track.finals
    assert final.caption.text == "He might even have been made amiable himself."
    assert final.words[0].start_unix_ms - START_MS == pytest.approx(5000, abs=400)


async def test_a_soft_voice_is_heard(track: Track) -> None:
    """30 dB below how it was recorded, which is a voice from across the room."""
    said = (sounds.clip("sense_0930") / 32).astype(np.int16)
    await track.hear(np.concatenate((sounds.pause(3.0), said, sounds.pause(1.0))))
    await track.ear.finish()
    assert "amiable himself" in track.finals[0].caption.text


async def test_pauses_between_sentences_are_recorded(track: Track) -> None:
    clips = [sounds.clip("sense_0930"), sounds.pause(1.5), sounds.clip("sense_0880")]
    await track.hear(np.concatenate(clips))
    await track.ear.finish()
    spans = spans_ms(track.segments)
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))
    assert len(track.finals) == 2


async def test_what_is_missing_is_told_with_its_reason(track: Track) -> None:
    said = sounds.clip("sense_0930")
    await track.hear(np.concatenate((said, sounds.room_tone(5.0), said)))
    track.ear.break_off("muted")
    track.pass_time(7_000)
    await track.hear(said)
    await track.ear.finish()
    first, after_stillness, after_mute = track.segments
    assert first.gap_before is None
    for before, segment, why in (
        (first, after_stillness, "still"),
        (after_stillness, after_mute, "muted"),
    ):
        missing = segment.gap_before
        assert missing is not None
        assert missing.reason == why
        end_ms = before.started_at_unix_ms + before.duration_ms
        assert end_ms + missing.ms == pytest.approx(segment.started_at_unix_ms, abs=2)


async def test_sound_that_came_late_for_good_is_told_as_missing(track: Track) -> None:
    said = sounds.talk([sounds.LONG_CLIP])
    await track.hear(said[: SAMPLE_RATE_HZ * 12])
    track.pass_time(3_000)
    await track.hear(said[SAMPLE_RATE_HZ * 12 : SAMPLE_RATE_HZ * 24])
    await track.ear.finish()
    told = [s.gap_before for s in track.segments if s.gap_before is not None]
    assert [(gap.reason, round(gap.ms, -1)) for gap in told] == [("clock", 3_000)]
