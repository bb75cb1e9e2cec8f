"""Where sound is placed in time when frames come late, in bursts, or not at all."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.room.track.clock import TrackClock

FRAME_MS = 20.0


def placed(arrivals_ms: list[float]) -> list[tuple[float, float]]:
    clock = TrackClock()
    return [clock.place(FRAME_MS, arrived_ms) for arrived_ms in arrivals_ms]


def steady(count: int, start_ms: float) -> list[float]:
    return [start_ms + (n + 1) * FRAME_MS for n in range(count)]


def test_the_first_frame_began_before_it_arrived() -> None:
    assert placed([1000.0]) == [(980.0, 0.0)]


@given(st.lists(st.floats(0, 90), min_size=1, max_size=200))
def test_jitter_moves_nothing(delays_ms: list[float]) -> None:
    arrivals = [
        on_time + delay
        for on_time, delay in zip(steady(len(delays_ms), 0.0), delays_ms, strict=True)
    ]
    starts = [start_ms for start_ms, _ in placed(arrivals)]
    assert [round(after - before, 6) for before, after in itertools.pairwise(starts)] == [
        FRAME_MS
    ] * (len(starts) - 1)


def test_a_stall_of_ours_is_no_gap() -> None:
    on_time = steady(100, 0.0)
    # 600 ms during which nothing was taken from the queue, then all of it at once.
    stalled = [*on_time[:40], *[max(at, 1400.0) for at in on_time[40:70]], *on_time[70:]]
    assert all(jump_ms == 0 for _, jump_ms in placed(stalled))


def test_a_long_silence_of_the_link_is_seen_with_the_first_frame_after_it() -> None:
    *_, (start_ms, jump_ms) = placed([*steady(50, 0.0), 61_000.0])
    assert (start_ms, jump_ms) == (61_000.0 - FRAME_MS, 59_980.0)


def test_a_short_gap_that_stays_is_taken_in_after_a_second() -> None:
    found = placed([*steady(50, 0.0), *steady(60, 1300.0)])
    jumps = [jump_ms for _, jump_ms in found if jump_ms]
    assert jumps == [pytest.approx(300.0)]
    assert found[-1][0] == pytest.approx(1300.0 + 59 * FRAME_MS)


def test_a_clock_that_started_late_is_set_back() -> None:
    found = placed([500.0, *steady(30, FRAME_MS)])
    assert found[-1][0] == pytest.approx(FRAME_MS * 30)
