"""When a worker bids for one more egress."""

import subprocess
import sys
import time

import pytest

from agents.egress.capacity import (
    FREE_SAMPLES,
    PROMISE_S,
    CpuMeter,
    Load,
    Promises,
    cores_for,
    has_room,
    taken_by,
)
from schema.quality import QUALITIES, Encoding


@pytest.mark.parametrize(
    ("running", "promised", "cores", "used", "free", "expected"),
    [
        (0, 0, 1, 5.0, 0.0, True),  # slow is better than nobody
        (1, 0, 2, 0.9, 1.1, True),
        (1, 0, 2, 1.3, 0.7, False),
        (2, 0.5, 2, 0.4, 1.6, True),
        (2, 0.5, 2, 0.8, 1.2, False),  # it does not show yet
        (20, 0, 32, 18.0, 14.0, True),
        (1, 0, 4, 0.5, 0.4, False),  # others use what we leave
        (1, 0, 4, 0.5, 0.5, True),
        (1, 0.5, 4, 0.5, 0.9, False),
    ],
)
def test_room_is_what_cores_are_left(
    running: int, promised: float, cores: int, used: float, free: float, expected: bool
) -> None:
    load = Load(running, promised, cores, used_cores=used, free_cores=free)
    assert has_room(load, 0.5) is expected


def test_a_larger_programme_needs_more_room() -> None:
    assert taken_by(Load(0, 0, 2, used_cores=0, free_cores=0)) == set(QUALITIES)
    half_a_core = Load(1, 0, 4, used_cores=1, free_cores=0.5)
    assert taken_by(half_a_core) == set()
    a_core = Load(1, 0, 8, used_cores=1, free_cores=1.0)
    assert taken_by(a_core) == {"720p30", "720p30_vertical"}
    assert taken_by(Load(1, 0, 32, used_cores=1, free_cores=8.0)) == set(QUALITIES)


@pytest.mark.parametrize(
    ("encoding", "x264_alone"),
    # cores of x264 veryfast on noise, without drawing, receiving and sending
    [(QUALITIES["720p30"], 0.5), (QUALITIES["1080p30"], 0.88), (QUALITIES["1080p60"], 1.7)],
)
def test_no_programme_is_thought_cheaper_than_its_encoder(
    encoding: Encoding, x264_alone: float
) -> None:
    assert x264_alone <= cores_for(encoding) <= x264_alone + 0.8


def test_a_promise_counts_until_it_shows_or_is_over() -> None:
    now_s = 100.0
    promises = Promises(lambda: now_s)
    promises.make("a", 0.6)
    promises.make("b", 1.5)
    assert promises.cores == pytest.approx(2.1)
    promises.forget("a")
    assert promises.cores == 1.5
    now_s += PROMISE_S
    assert promises.cores == 0


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
