"""One egress of the official worker: pkg/pipeline/controller.go, its record kept as livekit/protocol livekit_egress.go does."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from livekit.protocol import egress as pb

from tests.fakes.egress import media
from tests.fakes.egress.browser import Browser
from tests.fakes.egress.request import Ordered
from tests.fakes.egress.rpc import RpcError
from tests.fakes.egress.stream import Stream
from tests.fakes.egress.urls import validated

Tell = Callable[[pb.EgressInfo], None]
STARTING, ACTIVE, ENDING = (
    pb.EgressStatus.EGRESS_STARTING,
    pb.EgressStatus.EGRESS_ACTIVE,
    pb.EgressStatus.EGRESS_ENDING,
)
UNAVAILABLE, PRECONDITION_FAILED = 503, 412


class Pipeline:
    """`run` lasts until its final record; `tell` gets a copy of the record for each update that it sends."""

    def __init__(self, ordered: Ordered, info: pb.EgressInfo, store: Path, tell: Tell) -> None:
        self.info = info
        self._ordered = ordered
        self._store = store
        self._tell = tell
        self._streams: dict[str, Stream] = {}
        self._stopping: list[asyncio.Task[None]] = []
        self._outputs = len(ordered.stills) + (1 if ordered.recording else 0)
        self._over = asyncio.Event()
        self._writers: list[media.Child] = []
        for url in reversed(ordered.urls):
            # A Go map: in no order of ours (pkg/config/output.go, conf.Streams.Range).
            self._add(url)
        for still in ordered.stills:
            info.image_results.add(filename_prefix=still.prefix)
        if ordered.recording:
            info.segment_results.add(playlist_name=ordered.recording.playlist)

    async def run(self, browser: Browser) -> None:
        await browser.open(lambda: self.end("Source closed"))
        if self.info.status == STARTING:
            await self._play()
        await self._over.wait()
        stopped = [stream.stop() for stream in self._streams.values()]
        await asyncio.gather(*stopped, *self._stopping)
        for writer in self._writers:
            await writer.stop()
        self._count_segments()
        await browser.close()
        self._conclude()
        self._tell(self.info)

    def update(self, add: list[str], remove: list[str]) -> None:
        """Adds, then removes, what it can of both; errors repeat the raw URL. Raises RpcError (controller.go UpdateStream)."""
        if self._ordered.family is None:
            raise RpcError("invalid_argument", "UpdateStream called on non-streaming egress")
        errors = [
            error
            for change, urls in ((self._start_one, add), (self._remove, remove))
            for url in urls
            if (error := refusal(change, url))
        ]
        self._streams_changed()
        if errors:
            raise RpcError(errors[0].code, "\n".join(map(str, errors)))

    def end(self, reason: str) -> None:
        """Once only; while it starts, it is aborted (controller.go SendEOS)."""
        if self._over.is_set() or self.info.details:
            return
        self.info.details = f"End reason: {reason}"
        if self.info.status == STARTING:
            self.info.status = pb.EgressStatus.EGRESS_ABORTED
            self.info.error = "Stop called before pipeline could start"
            self.info.error_code = PRECONDITION_FAILED
        elif self.info.status == ACTIVE:
            self.info.status = ENDING
            self._tell(self.info)
        # A web source takes the present for its end (controller.go updateEndTime).
        now_ns = time.time_ns()
        for stream in self._streams.values():
            stream.end(now_ns, pb.StreamInfo.FINISHED)
        for segments in self.info.segment_results:
            segments.started_at = segments.started_at or now_ns
            segments.ended_at, segments.duration = now_ns, now_ns - segments.started_at
        self._over.set()

    def connected(self, key: str) -> None:
        """Found by key alone: the first that waits (controller.go updateStreamStartTime)."""
        for stream in self._streams.values():
            if stream.key == key and stream.connecting:
                stream.info.started_at = time.time_ns()
                self._streams_changed()
                return

    def retried(self, stream: Stream) -> None:
        """Told at most once a minute; the first of them at once (controller.go trackStreamRetry)."""
        if stream.info.retries == 1:
            self._streams_changed()

    def failed(self, stream: Stream, error: str) -> None:
        """Without any output left the egress fails as a whole (controller.go streamFailed)."""
        stream.end(time.time_ns(), pb.StreamInfo.FAILED, error)
        self._drop(stream)
        if self._outputs:
            self._streams_changed()
            return
        self.info.status, self.info.error = pb.EgressStatus.EGRESS_FAILED, error
        self.info.error_code, self.info.details = UNAVAILABLE, "End reason: Failure"
        self._over.set()

    async def _play(self) -> None:
        if self._ordered.recording:
            self._writers.append(await media.record(self._ordered.recording, self._store))
        for still in self._ordered.stills:
            self._writers.append(await media.photograph(still, self._store))
        for stream in self._streams.values():
            stream.start()
        for segments in self.info.segment_results:
            segments.started_at = time.time_ns()
        self.info.status = ACTIVE
        self._tell(self.info)

    def _add(self, url: str) -> Stream:
        """Always a new StreamInfo; a URL that is there already loses its place to the new one (urls.go AddStream)."""
        shown, key = validated(url, self._ordered.family or "")
        info = self.info.stream_results.add(url=shown, status=pb.StreamInfo.ACTIVE)
        self._streams[url] = Stream(url, key, info, self)
        self._outputs += 1
        return self._streams[url]

    def _start_one(self, url: str) -> None:
        self._add(url).start()

    def _remove(self, url: str) -> None:
        """Raises RpcError; the last one's end is the egress's (controller.go streamFinished)."""
        stream = self._streams.get(url)
        if stream is None:
            raise RpcError("not_found", f"stream {url} not found")
        stream.end(time.time_ns(), pb.StreamInfo.FINISHED)
        self._drop(stream)
        if not self._outputs:
            self.end("All streams stopped")

    def _drop(self, stream: Stream) -> None:
        self._streams.pop(stream.url, None)
        self._outputs -= 1
        self._stopping.append(asyncio.create_task(stream.stop()))

    def _streams_changed(self) -> None:
        """Nothing is told while any stream connects (controller.go streamUpdated)."""
        if not any(stream.connecting for stream in self._streams.values()):
            self._tell(self.info)

    def _count_segments(self) -> None:
        if self._ordered.recording is None:
            return
        (segments,) = self.info.segment_results
        prefix = self._store / self._ordered.recording.prefix
        found = list(prefix.parent.glob(f"{prefix.name}_*.ts"))
        segments.segment_count = len(found)
        segments.size = sum(path.stat().st_size for path in found)
        segments.playlist_location = segments.playlist_name

    def _conclude(self) -> None:
        if self.info.status in {ACTIVE, ENDING}:
            self.info.status = pb.EgressStatus.EGRESS_COMPLETE
        self.info.ended_at = time.time_ns()


def refusal(change: Callable[[str], Any], url: str) -> RpcError | None:
    try:
        change(url)
    except RpcError as error:
        return error
    return None
