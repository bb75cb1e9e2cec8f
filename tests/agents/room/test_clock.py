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


@given(st.integers(0, 200), st.floats(0, 4500))
def test_a_stall_of_ours_moves_nothing(begins: int, stall_ms: float) -> None:
    on_time = steady(600, 0.0)
    ends_ms = begins * FRAME_MS + stall_ms
    stalled = [max(at, ends_ms) if number >= begins else at for number, at in enumerate(on_time)]
    # Had the very first frame been late, the clock would be set back once.
    assert all(jump_ms == 0 for _, jump_ms in placed(stalled)) or begins == 0


def test_sound_that_was_lost_is_noticed_when_the_lag_stays() -> None:
    found = placed([*steady(50, 0.0), *steady(300, 61_000.0)])
    assert [jump_ms for _, jump_ms in found if jump_ms] == [pytest.approx(60_000.0)]
    assert found[-1][0] == pytest.approx(61_000.0 + 299 * FRAME_MS)


def test_clocks_that_drift_apart_are_brought_together() -> None:
    # The sender's microphone is 0.1 % slow: a second in 17 minutes.
    found = placed([(n + 1) * FRAME_MS * 1.001 for n in range(50_000)])
    assert found[-1][0] == pytest.approx(50_000 * FRAME_MS * 1.001, abs=250)


def test_a_clock_that_started_late_is_set_back() -> None:
    found = placed([500.0, *steady(30, FRAME_MS)])
    assert found[-1][0] == pytest.approx(FRAME_MS * 30)
