"""When a worker bids for one more egress."""

import subprocess
import sys
import time

import pytest

from agents.egress.capacity import FREE_SAMPLES, CpuMeter, Load, has_room


@pytest.mark.parametrize(
    ("running", "promised", "cores", "used", "free", "expected"),
    [
        (0, 0, 1, 5.0, 0.0, True),  # slow is better than nobody
        (1, 0, 2, 0.9, 1.1, True),
        (1, 0, 2, 1.3, 0.7, False),
        (2, 1, 2, 0.4, 1.6, True),
        (2, 1, 2, 0.8, 1.2, False),  # it does not show yet
        (20, 0, 32, 18.0, 14.0, True),
        (1, 0, 4, 0.5, 0.4, False),  # others use what we leave
        (1, 0, 4, 0.5, 0.5, True),
        (1, 1, 4, 0.5, 0.9, False),
    ],
)
def test_room_is_what_cores_are_left(
    running: int, promised: int, cores: int, used: float, free: float, expected: bool
) -> None:
    load = Load(running, promised, cores, used_cores=used, free_cores=free)
    assert has_room(load) is expected


def test_what_nobody_uses_is_free_over_the_last_samples() -> None:
    now_s = idle_s = 0.0
    meter = CpuMeter(lambda: now_s, lambda: idle_s)
    assert meter.free_cores == meter.cores, (
        "before the first measurement nothing is held against anybody"
    )
    for idle, expected in ((4.0, 2.0), (0.0, 1.0), (0.5, 0.75), (1.0, 0.25), (2.0, 3.5 / 6)):
        now_s, idle_s = now_s + 2.0, idle_s + idle
        meter.measure()
        assert meter.free_cores == pytest.approx(expected)
    assert FREE_SAMPLES == 3


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
