"""What a destination got between two looks at a recorder's counters."""

from hypothesis import given
from hypothesis import strategies as st

from agents.egress.plan import Plan, session_of
from agents.egress.recorder.messages import Health, TargetHealth
from agents.egress.reports.meter import Meter
from schema.quality import Encoding

PLAN = Plan("EG_1", "room", "grid", Encoding(), None, [])
URL = "rtmp://host/app/{abc...xyz}"


def health(at_s: float, frames: int, *targets: TargetHealth, degraded: bool = False) -> Health:
    return Health(
        at_ns=round(at_s * 1e9),
        frames=frames,
        skipped_frames=0,
        degraded=degraded,
        targets=list(targets),
    )


def target(
    frames: int, size: int, *, at_s: float = 0, dropped: int = 0, queued: int = 0
) -> TargetHealth:
    return TargetHealth(
        id="ST_1",
        at_ns=round(at_s * 1e9),
        frames=frames,
        bytes=size,
        dropped_chunks=dropped,
        queued_bytes=queued,
    )


def test_the_first_look_and_a_new_recorder_have_nothing_to_compare_with() -> None:
    meter = Meter(PLAN)
    assert meter.measure(health(10, 300), {}) is None
    assert meter.measure(health(12, 360), {}) is not None
    assert meter.measure(health(14, 30), {}) is None


def test_two_seconds_of_a_good_connection_are_counted_by_its_relays_own_moments() -> None:
    meter = Meter(PLAN)
    meter.measure(health(10, 300, target(290, 1_000_000, at_s=9.6)), {"ST_1": URL})
    well = target(335, 1_581_250, at_s=11.1, queued=12_000)
    report = meter.measure(health(12, 360, well, degraded=True), {"ST_1": URL})
    assert report is not None
    assert (report.span_s, report.target_bps, report.starved) == (2, 3_128_000, True)
    (stream,) = report.streams
    assert (stream.url, stream.bitrate_bps, stream.fps) == (URL, 3_100_000, 30)
    assert (stream.dropped_frames, stream.queued_bytes) == (0, 12_000)


def test_a_queue_that_overflows_tells_how_many_pictures_it_lost() -> None:
    meter = Meter(PLAN)
    meter.measure(health(10, 300, target(290, 0)), {"ST_1": URL})
    late = meter.measure(health(12, 360, target(300, 0, queued=700_000)), {"ST_1": URL})
    lost = meter.measure(health(14, 420, target(310, 0, dropped=120)), {"ST_1": URL})
    assert late is not None
    assert lost is not None
    assert [late.streams[0].dropped_frames, lost.streams[0].dropped_frames] == [0, 50]


def test_what_is_not_connected_or_was_not_there_before_is_not_measured() -> None:
    meter = Meter(PLAN)
    meter.measure(health(10, 300), {})
    new = meter.measure(health(12, 360, target(30, 9000)), {"ST_1": URL})
    connecting = meter.measure(health(14, 420, target(90, 18_000)), {})
    assert new is not None
    assert connecting is not None
    assert new.streams == connecting.streams == []


counters = st.integers(0, 10**9)


@given(st.lists(st.tuples(counters, counters, counters, counters, counters), min_size=2))
def test_no_number_is_ever_negative(looks: list[tuple[int, ...]]) -> None:
    """Whatever a recorder says: the control plane refuses a report with a negative number whole."""
    meter = Meter(PLAN)
    for frames, at_s, sent, size, dropped in looks:
        found = meter.measure(
            health(at_s, frames, target(sent, size, dropped=dropped)), {"ST_1": URL}
        )
        assert found is None or len(found.streams) == 1
        for stream in found.streams if found else []:
            assert min(stream.bitrate_bps, stream.fps, stream.dropped_frames) >= 0


def test_only_our_classes_are_reported() -> None:
    assert session_of("session-0199c1a0-0000-7000-8000-000000000001") is not None
    assert session_of("session-live") is None
    assert session_of("0199c1a0-0000-7000-8000-000000000001") is None
