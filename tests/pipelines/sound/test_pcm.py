"""Segments on one clock: what a sender's drift, a gap and an overlap do to the times of what is heard."""

from uuid import UUID

import pytest

from pipelines.sound.pcm import STRETCH_MS, Stretch, stretches
from schema.jobs import JobRecording, RecordingPart
from tests.pipelines.builders import ORIGIN
from tests.support.opus import opus

TONE_MS = 2_000
TONE = opus(TONE_MS)


def heard(starts_ms: list[int]) -> list[Stretch]:
    parts = tuple(
        RecordingPart(key=str(at), started_at_unix_ms=ORIGIN + at, duration_ms=TONE_MS)
        for at in starts_ms
    )
    recording = JobRecording(
        id=UUID(int=1),
        kind="speaker",
        key="",
        mime_type="audio/ogg",
        started_at_unix_ms=ORIGIN,
        duration_ms=starts_ms[-1] + TONE_MS,
        parts=parts,
    )
    return list(stretches(recording, lambda _: TONE, []))


@pytest.mark.parametrize("every_ms", [1_950, 2_000, 2_050])
def test_a_clock_that_drifts_is_set_right_with_each_segment(every_ms: int) -> None:
    """By 2.5 %, so that a minute and a half would be two seconds off at its end."""
    starts_ms = [n * every_ms for n in range(45)]
    (whole,) = heard(starts_ms)
    assert whole.start_unix_ms == ORIGIN
    assert whole.end_unix_ms - ORIGIN == pytest.approx(starts_ms[-1] + TONE_MS, abs=40)


def test_a_long_recording_is_cut_without_losing_its_place() -> None:
    every_ms = 2_050
    found = heard([n * every_ms for n in range(90)])
    assert [stretch.cut for stretch in found] == [True, False]
    assert found[0].end_unix_ms - ORIGIN >= STRETCH_MS
    assert (found[1].start_unix_ms - ORIGIN) % every_ms == 0


def test_what_comes_after_a_gap_begins_at_its_own_time() -> None:
    found = heard([0, 2_000, 60_000])
    assert [stretch.start_unix_ms - ORIGIN for stretch in found] == [0, 60_000]
    assert found[0].end_unix_ms - ORIGIN == pytest.approx(4_000, abs=40)
