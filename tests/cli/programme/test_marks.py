"""Marks are told apart by their number, and those that were never sent count against the programme."""

import pytest

from orchestrator.cli.probe.flv import Arrival
from orchestrator.cli.probe.sync import Sync
from orchestrator.cli.programme.marks import delays_ms, drift_ms, hit_rate, p80
from orchestrator.cli.programme.usage import Memory, growth_mib

MARKS = [0.5, 2.5, 4.5, 6.5]


@pytest.mark.parametrize("late_s", [0.2, 2.2])
def test_a_delay_is_from_the_flash_to_the_packet_that_shows_it(late_s: float) -> None:
    """Also when it is longer than the time between two flashes."""
    arrivals = [Arrival(0, 102 + late_s), Arrival(1000, 103.0), Arrival(2033, 104 + late_s)]
    found = delays_ms([0.0, 2.03], arrivals, began_s=100.0, last=2)
    assert found == pytest.approx([late_s * 1000] * 2)


def test_every_mark_that_comes_is_a_hit() -> None:
    assert hit_rate(Sync(MARKS, MARKS, [0.0] * 4)) == 1


def test_a_beep_that_was_heard_before_the_first_picture_is_no_miss() -> None:
    assert hit_rate(Sync(MARKS[1:], MARKS, [0.0] * 3)) == 1


@pytest.mark.parametrize(
    ("flashes", "beeps", "pairs"),
    [(MARKS, [*MARKS[:2], 6.5], 3), (MARKS, [0.5, 2.5, 3.7, 4.5, 6.5], 4), ([], MARKS, 0)],
)
def test_a_mark_that_is_missing_or_was_never_sent_lowers_the_rate(
    flashes: list[float], beeps: list[float], pairs: int
) -> None:
    assert hit_rate(Sync(flashes, beeps, [0.0] * pairs)) <= 0.8


def test_offsets_are_summed_up() -> None:
    offsets = [-4.0, 6, 5, 5, 5, 9, 9, 9, 9, 50]
    assert p80(Sync([], [], offsets)) == pytest.approx(9)


def test_drift_and_growth_are_along_a_line() -> None:
    wavering = [number * 0.1 + (5 if number % 2 else -5) for number in range(300)]
    assert drift_ms(Sync([], [], wavering)) == pytest.approx(30, abs=1)
    looks = [Memory(float(at), 200 + at * 0.01) for at in range(0, 600, 2)]
    assert growth_mib(looks) * 600 == pytest.approx(6)
