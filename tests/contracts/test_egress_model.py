"""The model of LiveKit's own egress keeps what was read and measured of it, so that passing with it says something."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from livekit.protocol import egress as pb

from orchestrator.cli.probe.receivers import ClosedPort
from tests.fakes.egress import wire
from tests.fakes.egress.pipeline import Pipeline
from tests.fakes.egress.request import read
from tests.fakes.egress.rpc import RpcError
from tests.fakes.egress.urls import redacted
from tests.fakes.egress.worker import copied, opened
from tests.support.waiting import eventually

GOOD, OTHER = "rtmp://127.0.0.1:9/live/good-key", "rtmps://127.0.0.1:9/live/other-key"
SRT = "srt://127.0.0.1:9?streamid=key"
PAGE = "https://school.example/egress/index.html"


def asked(*urls: str, page: str = PAGE, segments: bool = True, outputs: int = 1) -> Any:
    request: Any = wire.TYPES["StartEgressRequest"](egress_id="EG_1", room_id="RM_1")
    composite = request.room_composite
    composite.room_name, composite.custom_base_url = "session-1", page
    if segments:
        composite.segment_outputs.add(filename_prefix="a/seg", playlist_name="a/index.m3u8")
    for _ in range(outputs):
        composite.stream_outputs.add(protocol=pb.StreamProtocol.RTMP, urls=urls)
    return request


class Egress:
    """A pipeline that was started with these URLs and whose children a test plays; `told` are its updates."""

    def __init__(self, *urls: str, segments: bool = True, outputs: int = 1) -> None:
        request = asked(*urls, segments=segments, outputs=outputs)
        ordered = read(request)
        self.told: list[pb.EgressInfo] = []
        info = opened(request, ordered)
        self.pipeline = Pipeline(
            ordered, info, Path("/nowhere"), lambda info: self.told.append(copied(info))
        )

    @property
    def streams(self) -> list[Any]:
        return list(self.pipeline.info.stream_results)

    def active(self) -> "Egress":
        self.pipeline.info.status = pb.EgressStatus.EGRESS_ACTIVE
        return self

    async def has_told(self, number: int) -> None:
        async def enough() -> bool:
            return len(self.told) >= number

        await eventually(enough, 20)

    def fail(self, url: str) -> None:
        self.pipeline.failed(self.pipeline._streams[url], "Could not connect")


@pytest.fixture(autouse=True)
async def settled() -> AsyncIterator[None]:
    """What the model still stops in the background is awaited."""
    yield
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


async def test_nothing_is_told_while_a_stream_connects() -> None:
    egress = Egress(GOOD, OTHER).active()
    egress.pipeline.connected("good-key")
    assert egress.told == []
    egress.fail(OTHER)
    (told,) = egress.told
    assert {(s.url, s.status, bool(s.started_at)) for s in told.stream_results} == {
        ("rtmp://127.0.0.1:9/live/{go...ey}", pb.StreamInfo.ACTIVE, True),
        ("rtmps://127.0.0.1:9/live/{oth...key}", pb.StreamInfo.FAILED, True),
    }


async def test_a_first_connection_that_fails_is_final_and_the_same_url_again_is_a_new_stream() -> (
    None
):
    with ClosedPort() as closed:
        url, egress = f"{closed}/some-key", Egress().active()
        for number in (1, 2):
            egress.pipeline.update([url], [])
            await egress.has_told(number)
    assert [stream.status for stream in egress.streams] == [pb.StreamInfo.FAILED] * 2
    assert [stream.retries for stream in egress.streams] == [0, 0]
    assert "Connection refused" in egress.streams[0].error


async def test_a_removed_stream_is_finished_and_unknown_ones_are_refused_with_their_key() -> None:
    egress = Egress(GOOD).active()
    egress.pipeline.connected("good-key")
    egress.pipeline.update([], [GOOD])
    assert egress.told[-1].stream_results[0].status == pb.StreamInfo.FINISHED
    with pytest.raises(RpcError, match=f"stream {GOOD} not found"):
        egress.pipeline.update([], [GOOD])


async def test_without_any_output_left_the_egress_fails_or_ends() -> None:
    failed, stopped = (Egress(GOOD, segments=False).active() for _ in range(2))
    failed.fail(GOOD)
    assert failed.pipeline.info.status == pb.EgressStatus.EGRESS_FAILED
    assert failed.pipeline.info.error_code == 503
    stopped.pipeline.update([], [GOOD])
    assert stopped.pipeline.info.details == "End reason: All streams stopped"


async def test_who_is_stopped_before_the_start_is_aborted() -> None:
    egress = Egress()
    egress.pipeline.end("StopEgress API")
    info = egress.pipeline.info
    assert info.status == pb.EgressStatus.EGRESS_ABORTED
    assert (info.error, info.error_code) == ("Stop called before pipeline could start", 412)


async def test_a_request_that_began_without_streams_gets_none() -> None:
    with pytest.raises(RpcError, match="non-streaming egress"):
        Egress(outputs=0).active().pipeline.update([GOOD], [])


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (asked(GOOD, SRT), f"invalid url {SRT}: invalid scheme"),
        (asked(GOOD, outputs=2), "multiple stream outputs"),
        (asked(GOOD, page="/egress"), "template base url"),
        (asked(segments=False), "field: output"),
        (asked("rtmp://host/key"), "rtmp urls must be of format"),
    ],
)
def test_what_it_cannot_serve_is_refused(request_: Any, says: str) -> None:
    with pytest.raises(RpcError) as refused:
        read(request_)
    assert refused.value.code == "invalid_argument"
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("key", "shown"),
    [("123456789", "{123...789}"), ("123456", "{12...56}"), ("123", "{1...3}"), ("12", "{...}")],
)
def test_keys_are_shown_by_their_ends(key: str, shown: str) -> None:
    assert redacted(key) == shown
