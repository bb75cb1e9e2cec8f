"""The picture waits as long as its sound is held, no longer than sensible, and gets there without a jump."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.egress.recorder.lipsync import LONGEST_WAIT_S, USUAL_WAIT_S, LipSync

SAMPLES = 48_000
FRAMES = 30


def seconds(lips: LipSync, count: int, sound_s: float, picture_s: float, start: int = 1) -> None:
    """So many seconds in which sound and picture were held for so long; counters grow as WebRTC's do."""
    for second in range(start, start + count):
        lips.measure("sound", sound_s * SAMPLES * second, SAMPLES * second)
        lips.measure("picture", picture_s * FRAMES * second, FRAMES * second)
        lips.align("picture", "sound")


def test_without_measurements_the_usual_wait_holds() -> None:
    lips = LipSync()
    lips.align("picture", "sound")
    assert lips.wait_s("picture") == USUAL_WAIT_S


def test_a_jittery_network_is_followed_within_seconds() -> None:
    lips = LipSync()
    seconds(lips, 6, sound_s=0.2, picture_s=0.02)
    assert lips.wait_s("picture") == pytest.approx(0.18, abs=0.01)


def test_only_the_time_since_the_last_measurement_counts() -> None:
    lips = LipSync()
    lips.measure("sound", 0.3 * SAMPLES, SAMPLES)
    lips.measure("sound", 0.3 * SAMPLES + 0.1 * SAMPLES, 2 * SAMPLES)
    lips.measure("picture", 0.0, FRAMES)
    for _ in range(8):
        lips.align("picture", "sound")
    assert lips.wait_s("picture") == pytest.approx(0.1, abs=0.01)


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0, 5)), max_size=20))
def test_the_wait_is_never_negative_nor_longer_than_the_queue(
    held: list[tuple[float, float]],
) -> None:
    lips = LipSync()
    for second, (sound_s, picture_s) in enumerate(held, 1):
        seconds(lips, 1, sound_s, picture_s, start=second)
        assert 0 <= lips.wait_s("picture") <= LONGEST_WAIT_S


def test_a_track_that_stands_still_keeps_its_last_measurement() -> None:
    lips = LipSync()
    seconds(lips, 6, sound_s=0.2, picture_s=0.0)
    before_s = lips.wait_s("picture")
    lips.measure("picture", 0.0, 6 * FRAMES)
    lips.align("picture", "sound")
    assert lips.wait_s("picture") == pytest.approx(before_s, abs=0.01)


def test_a_forgotten_track_starts_anew() -> None:
    lips = LipSync()
    seconds(lips, 6, sound_s=0.3, picture_s=0.0)
    lips.forget("picture")
    assert lips.wait_s("picture") == USUAL_WAIT_S
