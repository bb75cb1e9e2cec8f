"""One stream of the official worker: connecting, retried at once without a limit but time, failed for good."""

import asyncio
import time
from typing import Any, Protocol

from livekit.protocol import egress as pb

from tests.fakes.egress import media

# pkg/pipeline/builder/stream.go livenessPollInterval, livenessIdleTimeout
POLL_S = 5.0
IDLE_S = 30.0


class Watch(Protocol):
    """Who is told of it: the pipeline."""

    def connected(self, key: str) -> None: ...
    def retried(self, stream: "Stream") -> None: ...
    def failed(self, stream: "Stream", error: str) -> None: ...


class Stream:
    """`info` is its StreamInfo in the record."""

    def __init__(self, url: str, key: str, info: Any, watch: Watch) -> None:
        self.url, self.key, self.info = url, key, info
        self._watch = watch
        self._child: media.Child | None = None
        self._sends_since_s: float | None = None
        self._lost_s: float | None = None
        self._progressed = False
        self._running: asyncio.Task[None] | None = None

    @property
    def connecting(self) -> bool:
        """There is no status for it: ACTIVE without a start (pkg/config/urls.go AddStream)."""
        return self.info.status == pb.StreamInfo.ACTIVE and not self.info.started_at

    def start(self) -> None:
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
        if self._child is not None:
            await self._child.stop()

    def end(self, now_ns: int, status: Any, error: str = "") -> None:
        """A stream that never started gets its end as its start (pkg/config/output_stream.go UpdateEndTime)."""
        self.info.status, self.info.error, self.info.ended_at = status, error, now_ns
        if self.info.started_at:
            self.info.duration = now_ns - self.info.started_at
        else:
            self.info.started_at = now_ns

    async def _run(self) -> None:
        while True:
            self._sends_since_s = None
            self._child = await media.publish(self.url)
            error = await self._child.said(self._listen)
            if not self._resets():
                self._watch.failed(self, error)
                return
            self.info.retries += 1
            self.info.last_retry_at = time.time_ns()
            self._watch.retried(self)

    def _listen(self, line: str) -> None:
        """It counts as started when its server is asked for a stream, before that takes it (pkg/pipeline/watch.go gstLog)."""
        if line == media.CREATING:
            self._sends_since_s = time.monotonic()
            self._watch.connected(self.key)

    def _resets(self) -> bool:
        """A first connection that made no progress by the monitor's first poll is final (builder/stream.go Reset)."""
        now_s = time.monotonic()
        if self._sends_since_s is not None and now_s - self._sends_since_s > POLL_S:
            self._progressed, self._lost_s = True, None
        if not self._progressed:
            return False
        self._lost_s = now_s if self._lost_s is None else self._lost_s
        return now_s - self._lost_s <= IDLE_S
