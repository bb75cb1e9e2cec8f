"""What of a LiveKit request is served, and what is refused before anything starts."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import egress as proto

from agents.egress.plan import Hls, Poster, make_plan
from agents.egress.psrpc import wire
from agents.egress.psrpc.errors import RpcError
from agents.egress.urls import checked_url
from schema.quality import Encoding
from schema.streams import MIN_SECRET_CHARS, redact, scrub

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
KEY = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_?=&", min_size=1, max_size=40)


def composite(**fields: Any) -> Any:
    request = wire.StartEgressRequest(egress_id="EG_1", room_id="RM_1")
    request.room_composite.CopyFrom(
        proto.RoomCompositeEgressRequest(room_name="session-1", **fields)
    )
    return request


def stream(*urls: str, protocol: Any = proto.StreamProtocol.RTMP) -> Any:
    return proto.StreamOutput(protocol=protocol, urls=urls)


def segments(**fields: Any) -> Any:
    return proto.SegmentedFileOutput(filename_prefix="t/s/programme/1/seg", **fields)


def test_recording_and_streams_become_one_plan() -> None:
    request = composite(
        layout="speaker",
        advanced=proto.EncodingOptions(width=640, height=360, video_bitrate=900),
        segment_outputs=[segments(playlist_name="t/s/programme/1/index.m3u8", segment_duration=2)],
        stream_outputs=[stream("rtmp://a/live/one", "rtmps://b:443/app/two")],
    )
    plan = make_plan(request, NOW)
    assert plan.hls == Hls("t/s/programme/1/", "seg", "index.m3u8")
    assert [target.url for target in plan.targets] == ["rtmp://a/live/one", "rtmps://b:443/app/two"]
    assert len({target.id for target in plan.targets}) == 2
    assert (plan.room_name, plan.layout) == ("session-1", "speaker")
    assert plan.encoding == Encoding(640, 360, video_kbps=900)


def test_defaults_are_720p_with_a_keyframe_each_two_seconds() -> None:
    plan = make_plan(composite(stream_outputs=[stream("rtmp://a/live/k")]), NOW)
    assert plan.layout == "grid"
    assert plan.encoding == Encoding(1280, 720, 30, 3000, 2.0, 128, 48_000)


def test_names_are_filled_in_and_the_legacy_fields_are_read() -> None:
    request = composite(segments=proto.SegmentedFileOutput(filename_prefix="{room_name}/{time}"))
    hls = make_plan(request, NOW).hls
    assert hls == Hls("session-1/", "2026-11-21T093000", "2026-11-21T093000.m3u8")
    assert hls.playlist == "session-1/2026-11-21T093000.m3u8"


def test_an_image_is_written_over_at_its_size_as_often_as_asked() -> None:
    asked = image(width=640, height=360, capture_interval=5)
    plan = make_plan(composite(image_outputs=[asked], stream_outputs=[GOOD]), NOW)
    assert plan.poster == Poster("t/s/programme/1/poster.jpeg", 5, 640, 360)
    usual = make_plan(composite(image_outputs=[image()], stream_outputs=[GOOD]), NOW).poster
    assert usual == Poster("t/s/programme/1/poster.jpeg", 10, 1280, 720)


def _web() -> Any:
    request = wire.StartEgressRequest(egress_id="EG_1")
    request.web.url = "https://example.org"
    return request


def image(**fields: Any) -> Any:
    fields = {"filename_suffix": proto.IMAGE_SUFFIX_NONE_OVERWRITE, **fields}
    return proto.ImageOutput(filename_prefix="t/s/programme/1/poster", **fields)


GOOD = stream("rtmp://a/live/k")
REFUSED = {
    "web": (_web(), "room composites"),
    "nothing": (wire.StartEgressRequest(egress_id="EG_1"), "unknown kind"),
    "no output": (composite(), "no output"),
    "file": (composite(file_outputs=[proto.EncodedFileOutput(filepath="a.mp4")]), "file_outputs"),
    "websocket": (composite(stream_outputs=[stream("wss://a:1/k", protocol=3)]), "RTMP"),
    "srt without a port": (composite(stream_outputs=[stream("srt://a?streamid=k")]), "srt://host"),
    "srt of any kind": (
        composite(stream_outputs=[stream("srt://a:1?streamid=k&transtype=file")]),
        "options",
    ),
    "srt that listens": (composite(stream_outputs=[stream("srt://a:1?mode=listener")]), "mode"),
    "short pass phrase": (
        composite(stream_outputs=[stream("srt://a:1?passphrase=x")]),
        "passphrase",
    ),
    "no application": (composite(stream_outputs=[stream("rtmp://host/key")]), "app"),
    "no key": (composite(stream_outputs=[stream("rtmp://host/")]), "rtmp"),
    "layout": (composite(layout="mosaic", stream_outputs=[GOOD]), "mosaic"),
    "template": (composite(custom_base_url="https://x", stream_outputs=[GOOD]), "custom_base_url"),
    "escape": (
        composite(segment_outputs=[proto.SegmentedFileOutput(filename_prefix="../x")]),
        "relative path",
    ),
    "apart": (composite(segment_outputs=[segments(playlist_name="u/i.m3u8")]), "beside"),
    "upload": (
        composite(segment_outputs=[segments(s3=proto.S3Upload(bucket="b"))]),
        "object store",
    ),
    "many images": (
        composite(stream_outputs=[GOOD], image_outputs=[image(filename_suffix=0)]),
        "overwritten",
    ),
    "tiny image": (composite(stream_outputs=[GOOD], image_outputs=[image(width=64)]), "from 160"),
    "tiny": (
        composite(stream_outputs=[GOOD], advanced=proto.EncodingOptions(width=64)),
        "from 160",
    ),
    "odd size": (
        composite(stream_outputs=[GOOD], advanced=proto.EncodingOptions(width=641)),
        "even",
    ),
}


def test_lecterns_own_page_is_what_this_worker_draws_anyway() -> None:
    page = "https://school.test/egress/index.html"
    plan = make_plan(composite(custom_base_url=page, stream_outputs=[GOOD]), NOW)
    assert [target.id for target in plan.targets] == ["ST_1"]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_served_is_refused_with_its_reason(name: str) -> None:
    request, text = REFUSED[name]
    with pytest.raises(RpcError, match=text) as refusal:
        make_plan(request, NOW)
    assert refusal.value.code == "invalid_argument"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("rtmp://h/live/abcdefghi", "rtmp://h/live/{abc...ghi}"),
        ("rtmp://h/live/abcdef", "rtmp://h/live/{ab...ef}"),
        ("rtmp://h/live/abc", "rtmp://h/live/{a...c}"),
        ("rtmp://h/live/ab", "rtmp://h/live/{...}"),
        ("rtmps://h:443/p/app/abcdefghijkl live=1", "rtmps://h:443/p/app/{abc...jkl} live=1"),
        ("nonsense", "{...}"),
    ],
)
def test_keys_are_redacted_as_livekit_does(url: str, expected: str) -> None:
    assert redact(url) == expected


@given(KEY)
def test_no_text_that_we_give_out_holds_a_key(key: str) -> None:
    place = "rtmp://127.0.0.1:1935/live/"
    url = checked_url(place + key)
    assert key not in redact(url).removeprefix(place) or len(key) < 3
    error = scrub(f"cannot open {url}: no {key!s} here", url)
    assert url not in error
    assert f"no {key} here" not in error or len(key) < MIN_SECRET_CHARS


def test_all_that_a_receiver_is_told_over_srt_counts_as_the_key() -> None:
    url = checked_url("srt://host:9000?streamid=publish:secret&passphrase=0123456789&latency=300")
    assert redact(url) == "srt://host:9000{?st...300}"
    assert scrub(f"{url} failed", url) == "srt://host:9000{?st...300} failed"
    assert redact("srt://host:9000") == "srt://host:9000"
    assert redact("srt://host:9000?a") == "srt://host:9000{...}"


def test_rtmp_and_srt_go_in_one_plan() -> None:
    outputs = [stream("rtmp://a/live/k"), stream("srt://b:9000?streamid=k", protocol=2)]
    plan = make_plan(composite(stream_outputs=outputs), NOW)
    assert [target.url for target in plan.targets] == ["rtmp://a/live/k", "srt://b:9000?streamid=k"]


@given(st.text())
def test_a_refused_url_is_not_repeated(text: str) -> None:
    with pytest.raises(RpcError) as refusal:
        checked_url(f"srt://host/{text}")
    shape = "a stream URL must be rtmp(s)://host/app/key or srt://host:port?streamid=key"
    assert refusal.value.message == shape
