"""When a worker bids for one more egress."""

import pytest

from agents.egress.capacity import Load, has_room


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (Load(running=0, promised=0, free_cores=0.1), True),  # slow is better than nobody
        (Load(running=1, promised=0, free_cores=1.2), True),
        (Load(running=1, promised=0, free_cores=0.8), False),
        (Load(running=2, promised=1, free_cores=1.8), False),  # the last start does not show yet
        (Load(running=2, promised=1, free_cores=2.2), True),
        (Load(running=4, promised=0, free_cores=64.0), False),  # the limit
    ],
)
def test_room_is_measured_less_what_is_promised(load: Load, expected: bool) -> None:
    assert has_room(load, limit=4) is expected
