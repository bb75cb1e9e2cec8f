"""Segments of speech joined: every one at its own time, nothing broken by a broken one."""

import io

import av
import pytest

from pipelines.sound.tracks import join
from tests.support.opus import length_ms, opus

TONE = opus(2_000)


def loud_ms(file: bytes) -> list[tuple[int, int]]:
    """The stretches of sound, in ms from the start, by the time stamps of decoded frames."""
    stretches: list[tuple[int, int]] = []
    with av.open(io.BytesIO(file), "r") as source:
        for frame in source.decode(audio=0):
            assert frame.pts is not None
            start, end = frame.pts // 48, (frame.pts + frame.samples) // 48
            if stretches and start - stretches[-1][1] <= 40:
                stretches[-1] = (stretches[-1][0], end)
            else:
                stretches.append((start, end))
    return stretches


@pytest.mark.parametrize("count", [1, 2, 30])
def test_segments_without_a_pause_are_one_sound_without_drift(count: int) -> None:
    joined = join([(1_000 + n * 2_000, TONE) for n in range(count)])
    assert len(loud_ms(joined)) == 1
    assert length_ms(joined) == pytest.approx(count * 2_000, abs=30)


def test_a_pause_stays_a_pause() -> None:
    stretches = loud_ms(join([(0, TONE), (5_000, TONE)]))
    assert [start for start, _ in stretches] == [
        pytest.approx(0, abs=30),
        pytest.approx(5_000, abs=30),
    ]


def test_an_overlap_gives_way_to_the_later_one() -> None:
    assert length_ms(join([(0, TONE), (1_500, TONE)])) == pytest.approx(3_500, abs=30)


@pytest.mark.parametrize(
    "broken",
    [b"", b"OggS", b"x" * 5_000, TONE[:40]],
    # A new stream number in every file would give every xdist worker other names.
    ids=["empty", "magic only", "noise", "cut off"],
)
def test_a_broken_segment_is_left_out(broken: bytes) -> None:
    assert length_ms(join([(0, broken), (2_000, TONE), (4_000, TONE)])) == pytest.approx(
        4_000, abs=30
    )
    assert join([(0, broken)]) == b""
