"""A track's files: closed at 10 s, contiguous to the sample, decodable each by itself."""

import io
import itertools

import av
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.manifest import Gap
from agents.room.track.recorder import LONGEST_MS, SAMPLE_RATE_HZ, Recorder, Segment
from tests.support.rooms import clip

FRAME = SAMPLE_RATE_HZ // 50
START_MS = 1_795_262_415_534.0


def recorded(samples: np.ndarray, cuts: frozenset[int] = frozenset()) -> list[Segment]:
    """`cuts`: after which frames the track broke off for a second."""
    segments: list[Segment] = []
    recorder = Recorder(segments.append)
    at_ms = START_MS
    for number, start in enumerate(range(0, len(samples) - FRAME + 1, FRAME)):
        recorder.write(samples[start : start + FRAME], at_ms)
        at_ms += 20
        if number in cuts:
            recorder.cut("muted")
            at_ms += 1000
    recorder.close()
    return segments


def decoded(segment: Segment) -> np.ndarray:
    with av.open(io.BytesIO(segment.data), "r") as container:
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
    return np.concatenate(frames)


def test_segments_follow_each_other_without_gap_and_none_is_longer_than_ten_seconds() -> None:
    speech = clip("two_cities")
    segments = recorded(speech)
    assert [segment.duration_ms for segment in segments] == [LONGEST_MS] * 4 + [4360]
    for before, after in itertools.pairwise(segments):
        assert after.started_at_unix_ms == before.started_at_unix_ms + before.duration_ms
        assert after.gap_before is None
    assert sum(len(decoded(segment)) for segment in segments) == len(speech) // FRAME * FRAME


def test_each_file_decodes_to_the_sound_that_went_in() -> None:
    speech = clip("sense_0870").astype(np.float64) / 32768
    (segment,) = recorded(clip("sense_0870"))
    heard = decoded(segment).astype(np.float64)[: len(speech)]
    assert np.corrcoef(heard, speech[: len(heard)])[0, 1] > 0.95


@settings(max_examples=15, deadline=None)
@given(st.frozensets(st.integers(0, 120)))
def test_a_track_that_breaks_off_loses_nothing_and_keeps_its_clock(cuts: frozenset[int]) -> None:
    segments = recorded(np.zeros(FRAME * 120, np.int16), cuts)
    assert sum(segment.duration_ms for segment in segments) == 120 * 20
    for before, after in itertools.pairwise(segments):
        gap_ms = after.started_at_unix_ms - before.started_at_unix_ms - before.duration_ms
        assert after.gap_before == Gap(ms=gap_ms, reason="muted") == Gap(ms=1000, reason="muted")
