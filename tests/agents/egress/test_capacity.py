"""When a worker bids for one more egress."""

import subprocess
import sys
import time

import pytest

from agents.egress.capacity import CpuMeter, Load, has_room


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (Load(running=0, promised=0, cores=1, used_cores=5.0), True),  # slow is better than nobody
        (Load(running=1, promised=0, cores=2, used_cores=0.9), True),
        (Load(running=1, promised=0, cores=2, used_cores=1.3), False),
        (Load(running=2, promised=1, cores=2, used_cores=0.4), True),
        (Load(running=2, promised=1, cores=2, used_cores=0.8), False),  # it does not show yet
        (Load(running=20, promised=0, cores=32, used_cores=18.0), True),
    ],
)
def test_room_is_what_cores_are_left(load: Load, expected: bool) -> None:
    assert has_room(load) is expected


def test_the_meter_sees_a_busy_child_and_forgets_it() -> None:
    meter = CpuMeter()
    busy = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"
    with subprocess.Popen(
        [sys.executable, "-c", f"{busy}print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdout
        meter.measure()
        began = time.monotonic()
        child.stdout.readline()
        meter.measure()
        spent = meter.used_cores * (time.monotonic() - began)
        assert 0.25 < spent < 1
        child.kill()
    meter.measure()
    assert meter.used_cores == 0
