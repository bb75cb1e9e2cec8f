"""A strict model of LiveKit's own egress worker (livekit/egress e948d1eb) on a real Redis and a real livekit-server.

It shares nothing with our worker. Not modelled: GStreamer, Chrome's picture, files, limits, liveness of a stalled
reader (FAILED after 30 s), its metrics. Each conduct names the file that it was read in.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from google.protobuf.message import Message
from livekit.protocol import egress as pb

from tests.fakes.egress import wire
from tests.fakes.egress.browser import Browser
from tests.fakes.egress.pipeline import Pipeline
from tests.fakes.egress.request import Ordered, echoed, ignored, read
from tests.fakes.egress.rpc import Method, Rpc, RpcError
from tests.support.servers import LiveKitServer

# pkg/config/base.go IOCreateTimeout, IOUpdateTimeout
CREATE_S, UPDATE_S = 15, 30


class Model:
    """`browsers` in their order, `ignored` the fields of requests that have no effect on it."""

    def __init__(self, livekit: LiveKitServer, store: Path, rpc: Rpc) -> None:
        self._livekit = livekit
        self._store = store
        self._rpc = rpc
        self._running: dict[str, Pipeline] = {}
        self._updates: dict[str, pb.EgressInfo] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.browsers: list[Browser] = []
        self.ignored: list[str] = []

    async def serve(self) -> None:
        offered = (
            Method("EgressInternal", "StartEgress", self._start, affinity=self._affinity),
            Method("EgressInternal", "ListActiveEgress", self._list, multi=True),
        )
        for method in offered:
            await self._rpc.offer(method)

    async def close(self) -> None:
        """SIGTERM with nothing to wait for: what runs is ended (pkg/handler/handler.go Kill)."""
        for pipeline in self._running.values():
            pipeline.end("Process killed")
        await asyncio.gather(*self._tasks)

    def _affinity(self) -> float:
        """pkg/server/server_rpc.go StartEgressAffinity."""
        return 1.0 if self._running else 0.5

    async def _list(self, _raw: bytes) -> Message:
        answer: Message = wire.TYPES["ListActiveEgressResponse"](egress_ids=list(self._running))
        return answer

    async def _start(self, raw: bytes) -> Message:
        """pkg/server/server_rpc.go StartEgress: the same request again is an error, not an answer."""
        request: Any = wire.message("StartEgressRequest", raw)
        if request.egress_id in self._running:
            raise RpcError("already_exists", "egress already exists")
        ordered = read(request)
        self.ignored += ignored(request.room_composite)
        info = opened(request, ordered)
        pipeline = Pipeline(ordered, info, self._store, self._tell)
        await self._rpc.call("CreateEgress", copied(info), CREATE_S)
        self._running[ordered.egress_id] = pipeline
        browser = Browser(
            ordered,
            request.room_composite.layout,
            self._livekit.url,
            self._livekit.api_key,
            self._livekit.api_secret,
        )
        self.browsers.append(browser)
        offered = self._handler(ordered.egress_id, pipeline)
        for method in offered:
            await self._rpc.offer(method)
        self._spawn(self._run(ordered.egress_id, pipeline, browser, offered))
        return copied(info)

    async def _run(
        self, egress_id: str, pipeline: Pipeline, browser: Browser, offered: list[Method]
    ) -> None:
        await pipeline.run(browser)
        for method in offered:
            await self._rpc.withdraw(method)
        del self._running[egress_id]

    def _handler(self, egress_id: str, pipeline: Pipeline) -> list[Method]:
        """pkg/service/handler_proxy.go RegisterEgress."""

        async def update(raw: bytes) -> Message:
            asked = pb.UpdateStreamRequest.FromString(raw)
            pipeline.update(list(asked.add_output_urls), list(asked.remove_output_urls))
            return copied(pipeline.info)

        async def stop(_raw: bytes) -> Message:
            pipeline.end("StopEgress API")
            return copied(pipeline.info)

        return [
            Method("EgressHandler", "UpdateStream", update, topic=egress_id),
            Method("EgressHandler", "StopEgress", stop, topic=egress_id),
        ]

    def _tell(self, info: pb.EgressInfo) -> None:
        """One update at a time for each egress; of those that wait only the last is sent (pkg/info/io.go UpdateEgress)."""
        waiting = info.egress_id in self._updates
        self._updates[info.egress_id] = copied(info)
        if not waiting:
            self._spawn(self._send(info.egress_id))

    async def _send(self, egress_id: str) -> None:
        while egress_id in self._updates:
            info = self._updates[egress_id]
            await self._rpc.call("UpdateEgress", info, UPDATE_S)
            if self._updates[egress_id] is info:
                del self._updates[egress_id]

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def opened(request: Any, ordered: Ordered) -> pb.EgressInfo:
    """pkg/config/pipeline.go Update: started when it was asked for, drawn by a browser."""
    now_ns = time.time_ns()
    return pb.EgressInfo(
        egress_id=ordered.egress_id,
        room_id=request.room_id,
        room_name=ordered.room,
        source_type=pb.EgressSourceType.EGRESS_SOURCE_TYPE_WEB,
        status=pb.EgressStatus.EGRESS_STARTING,
        started_at=now_ns,
        updated_at=now_ns,
        room_composite=echoed(request.room_composite),
    )


def copied(info: pb.EgressInfo) -> pb.EgressInfo:
    copy = pb.EgressInfo()
    copy.CopyFrom(info)
    copy.updated_at = time.time_ns()
    return copy


@contextlib.asynccontextmanager
async def model_of_livekit_egress(livekit: LiveKitServer, store: Path) -> AsyncIterator[Model]:
    """Serves until the block ends; what went wrong inside is raised then."""
    async with Rpc(livekit.redis_url) as rpc:
        model = Model(livekit, store, rpc)
        await model.serve()
        try:
            yield model
        finally:
            await model.close()
        if rpc.troubles:
            raise ExceptionGroup("the model failed", rpc.troubles)
