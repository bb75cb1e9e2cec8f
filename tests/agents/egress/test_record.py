"""EgressInfo as LiveKit's API shows it, folded from a recorder's reports in any order."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import egress as proto

from agents.egress.plan import Target, make_plan
from agents.egress.psrpc import wire
from agents.egress.psrpc.errors import RpcError
from agents.egress.record import Record
from agents.egress.recorder import messages

KEY = "secretstreamkey"
URL = f"rtmp://host/live/{KEY}"
OTHER = "rtmp://other/live/otherkey"
STATUS = proto.EgressStatus.Name


def record(*urls: str, hls: bool = True) -> Record:
    request = wire.StartEgressRequest(egress_id="EG_1", room_id="RM_1")
    request.room_composite.room_name = "session-1"
    if urls:
        request.room_composite.stream_outputs.add(urls=urls)
    if hls:
        request.room_composite.segment_outputs.add(
            filename_prefix="a/seg", playlist_name="a/i.m3u8"
        )
    return Record(request, make_plan(request, datetime(2026, 1, 1, tzinfo=UTC)))


def info(one: Record) -> Any:
    return one.snapshot(99)


def health(*, degraded: bool) -> messages.Health:
    return messages.Health(30, frames=60, skipped_frames=9, degraded=degraded, targets=[])


def test_a_picture_that_suffers_is_said_once_and_taken_back() -> None:
    one = record(URL)
    assert not one.apply(health(degraded=True)), "it is not on air yet"
    one.apply(messages.Began(10))
    assert not one.apply(health(degraded=False))
    assert one.apply(health(degraded=True))
    assert info(one).details == "Degraded: the machine is short of CPU"
    assert not one.apply(health(degraded=True))
    assert one.apply(health(degraded=False))
    assert info(one).details == ""
    one.ending("StopEgress API")
    assert not one.apply(health(degraded=True))
    assert info(one).details == "End reason: StopEgress API"


def test_a_whole_class() -> None:
    one = record(URL)
    assert STATUS(one.status) == "EGRESS_STARTING"
    assert one.apply(messages.Began(10))
    assert one.apply(messages.TargetConnected("ST_1", 20))
    assert not one.apply(messages.SegmentsStored(3, 900, 6_000))
    one.ending("StopEgress API")
    assert STATUS(one.status) == "EGRESS_ENDING"
    one.end("StopEgress API", "", 50)
    final = info(one)
    assert STATUS(final.status) == "EGRESS_COMPLETE"
    assert (final.started_at, final.ended_at) == (10, 50)
    assert final.details == "End reason: StopEgress API"
    segments = final.segment_results[0]
    assert (segments.started_at, segments.ended_at, segments.segment_count) == (10, 6_010, 3)
    assert (segments.size, segments.duration) == (900, 6_000)
    stream = final.stream_results[0]
    assert (stream.status, stream.started_at, stream.duration) == (
        proto.StreamInfo.FINISHED,
        20,
        30,
    )


def test_a_failed_stream_leaves_the_egress_alive() -> None:
    one = record(URL, OTHER)
    one.apply(messages.Began(10))
    one.apply(messages.TargetEnded("ST_1", 20, "connection refused"))
    first, second = info(one).stream_results
    assert (first.status, first.error) == (proto.StreamInfo.FAILED, "connection refused")
    assert second.status == proto.StreamInfo.ACTIVE
    assert STATUS(one.status) == "EGRESS_ACTIVE"
    assert not one.outputless


def test_the_same_url_again_is_a_new_stream() -> None:
    one = record(URL)
    one.apply(messages.TargetEnded("ST_1", 20, "reset"))
    with pytest.raises(RpcError, match="not found"):
        one.find(URL)
    one.add(Target("ST_2", URL))
    assert one.find(URL) == "ST_2"
    assert [stream.status for stream in info(one).stream_results] == [2, 0]


def test_without_segments_the_last_stream_is_the_last_output() -> None:
    one = record(URL, hls=False)
    assert not one.outputless
    one.apply(messages.TargetEnded("ST_1", 20, "refused"))
    assert one.outputless


def test_a_stop_before_the_first_frame_aborts() -> None:
    one = record(URL)
    one.end("StopEgress API", "", 5)
    final = info(one)
    assert STATUS(final.status) == "EGRESS_ABORTED"
    assert (final.error, final.error_code) == ("Stop called before pipeline could start", 412)
    assert final.ended_at == 5


def test_no_stream_key_is_ever_shown() -> None:
    one = record(URL)
    one.apply(messages.TargetEnded("ST_1", 20, "refused"))
    with pytest.raises(RpcError) as missing:
        one.find(URL)
    assert KEY not in str(info(one)) + missing.value.message
    assert info(one).room_composite.stream_outputs[0].urls == ["rtmp://host/live/{sec...key}"]


REPORTS = st.one_of(
    st.builds(messages.Began, st.integers(1, 100)),
    st.builds(messages.TargetConnected, st.just("ST_1"), st.integers(1, 100)),
    st.builds(
        messages.TargetEnded, st.just("ST_1"), st.integers(1, 100), st.sampled_from(["", "x"])
    ),
    st.builds(messages.SegmentsStored, st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
)


@given(st.lists(REPORTS | st.sampled_from(["ending", "end", "fail"]), max_size=12))
def test_statuses_only_move_forward_and_the_end_is_final(steps: list[Any]) -> None:
    one = record(URL)
    seen = [one.status]
    for step in steps:
        match step:
            case "ending":
                one.ending("StopEgress API")
            case "end":
                one.end("Source closed", "", 100)
            case "fail":
                one.end("Failure", "broken", 100)
            case report:
                one.apply(report)
        seen.append(one.status)
    assert seen == sorted(seen)
    finals = {status for status in seen if status >= proto.EgressStatus.EGRESS_COMPLETE}
    assert len(finals) <= 1
    assert bool(info(one).ended_at) == bool(finals)


def test_a_snapshot_does_not_change_with_the_record() -> None:
    one = record(URL)
    before = one.snapshot(7)
    one.apply(messages.Began(10))
    assert (before.status, before.updated_at) == (proto.EgressStatus.EGRESS_STARTING, 7)


def test_a_recorder_that_takes_over_adds_to_the_totals_and_connects_anew() -> None:
    one = record(URL, OTHER)
    one.apply(messages.Began(1_000))
    one.apply(messages.TargetConnected("ST_1", 1_100))
    one.apply(messages.TargetEnded("ST_2", 1_200, "refused"))
    one.apply(messages.SegmentsStored(3, 300, 6_000))
    assert one.on_air.keys() == {"ST_1"}
    one.interrupted()
    assert [(target.id, target.url) for target in one.wanted] == [("ST_1", URL)]
    assert one.on_air == {}
    one.apply(messages.Began(11_000))
    one.apply(messages.SegmentsStored(2, 200, 4_000))
    (segments,) = info(one).segment_results
    assert (segments.segment_count, segments.size) == (5, 500)
    # From the first recorder's beginning to the second's end: the time between them counts.
    assert (segments.started_at, segments.duration) == (1_000, 14_000)
    assert STATUS(info(one).status) == "EGRESS_ACTIVE"
