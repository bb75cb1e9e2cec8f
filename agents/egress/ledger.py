"""LiveKit's own record of each egress (IOInfo): opened, kept current in order, and rid of ghosts."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from google.protobuf.message import Message
from livekit.protocol import egress as proto

from agents.egress.psrpc import wire
from agents.egress.psrpc.client import RpcClient
from agents.egress.psrpc.errors import RpcError
from agents.egress.record import OVER
from agents.egress.spool.roster import Roster
from schema.errors import BusUnavailable

log = structlog.get_logger(__name__)

CALL_TIMEOUT_S = 5.0
FIRST_RETRY_S = 0.5
LAST_RETRY_S = 60.0
ANSWERS_WITHIN_S = 2.0
GHOST_SWEEP_S = 30.0
ORPHAN_SWEEP_S = 2.0
TRANSIENT = frozenset({"unavailable", "deadline_exceeded", "resource_exhausted"})


class Ledger:
    """Calls to livekit-server's IOInfo; each raises RpcError or BusUnavailable. What is open stands in the roster."""

    def __init__(
        self,
        io_info: RpcClient,
        workers: RpcClient,
        roster: Roster,
        answers_within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        self._io_info = io_info
        self._workers = workers
        self._roster = roster
        self._answers_within_s = answers_within_s

    async def create(self, info: proto.EgressInfo) -> None:
        self._roster.enter(info.egress_id)
        await self._io_info.call("CreateEgress", info, CALL_TIMEOUT_S)

    async def update(self, info: proto.EgressInfo) -> None:
        await self._io_info.call("UpdateEgress", info, CALL_TIMEOUT_S)
        if info.status >= OVER:
            self._roster.leave(info.egress_id)

    async def active(self) -> list[Any]:
        request = proto.ListEgressRequest(active=True)
        raw = await self._io_info.call("ListEgress", request, CALL_TIMEOUT_S)
        return list(proto.ListEgressResponse.FromString(raw).items)

    async def ghosts(self) -> list[Any]:
        """Egresses that LiveKit thinks active and that no worker runs: theirs died, and nobody else would ever say so."""
        listed = await self.active()
        if not listed:
            return []
        running = await self._running()
        return [info for info in listed if info.egress_id not in running]

    async def orphans(self) -> list[Any]:
        """Of the ghosts, those whose worker was killed on this machine; what is over already leaves the roster."""
        orphaned = self._roster.orphaned()
        listed = (
            [info for info in await self.active() if info.egress_id in orphaned] if orphaned else []
        )
        for egress_id in orphaned - {info.egress_id for info in listed}:
            self._roster.leave(egress_id)
        return listed

    async def _running(self) -> set[str]:
        empty: Message = wire.ListActiveEgressRequest()
        answers = await self._workers.gather("ListActiveEgress", empty, self._answers_within_s)
        lists = map(wire.ListActiveEgressResponse.FromString, answers)
        return {egress_id for answer in lists for egress_id in answer.egress_ids}


class Reporter:
    """Snapshots of one egress, sent one at a time; while LiveKit is away only the latest is kept."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: deque[proto.EgressInfo] = deque()
        self._more = asyncio.Event()
        self._closing = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    def tell(self, snapshot: proto.EgressInfo) -> None:
        self._waiting.append(snapshot)
        self._more.set()

    async def close(self) -> None:
        """Returns when the last snapshot is delivered."""
        self._closing = True
        self._more.set()
        if self._task is not None:
            await self._task

    async def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while self._waiting or not self._closing:
            if self._waiting:
                await self._deliver(self._waiting.popleft())
            else:
                self._more.clear()
                await self._more.wait()

    async def _deliver(self, snapshot: proto.EgressInfo) -> None:
        pause_s = FIRST_RETRY_S
        while True:
            try:
                await self._ledger.update(snapshot)
            except (RpcError, BusUnavailable) as error:
                if error.code not in TRANSIENT | {BusUnavailable.code}:
                    log.warning("update_refused", egress=snapshot.egress_id, code=error.code)
                    return
                log.warning("update_delayed", egress=snapshot.egress_id, retry_s=pause_s)
            else:
                return
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LAST_RETRY_S)
            if self._waiting:
                snapshot = self._waiting.pop()
                self._waiting.clear()


async def bury_ghosts(
    ledger: Ledger, now_ns: Callable[[], int], sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Sweeps for ever. An egress is a ghost when two sweeps in a row find no worker for it.

    A sweep that could not ask clears everybody: after trouble with the bus, workers may not be listening again yet.
    """
    suspects: set[str] = set()
    while True:
        await sleep(GHOST_SWEEP_S)
        ghosts: list[Any] = []
        try:
            ghosts = await ledger.ghosts()
            for ghost in ghosts:
                if ghost.egress_id in suspects:
                    log.warning("ghost_buried", egress=ghost.egress_id)
                    await ledger.update(buried(ghost, now_ns()))
        except (RpcError, BusUnavailable) as error:
            log.warning("ghosts_unknown", code=error.code)
        suspects = {ghost.egress_id for ghost in ghosts}


async def bury_orphans(
    ledger: Ledger, now_ns: Callable[[], int], sleep: Callable[[float], Awaitable[None]]
) -> None:
    """Sweeps for ever. A lock that is gone is proof: nobody need wait for a second look, and the class goes on soon."""
    while True:
        try:
            for orphan in await ledger.orphans():
                await ledger.update(buried(orphan, now_ns()))
                log.warning("orphan_buried", egress=orphan.egress_id)
        except (RpcError, BusUnavailable) as error:
            log.warning("orphans_unknown", code=error.code)
        await sleep(ORPHAN_SWEEP_S)


def buried(ghost: Any, now_ns: int) -> proto.EgressInfo:
    """The final record of an egress whose worker is gone."""
    info = proto.EgressInfo()
    info.CopyFrom(ghost)
    info.status = proto.EgressStatus.EGRESS_FAILED
    info.details = "End reason: Process killed"
    info.error, info.error_code = "the egress worker is gone", 500
    info.ended_at = info.updated_at = now_ns
    for stream in info.stream_results:
        if stream.status == proto.StreamInfo.ACTIVE:
            stream.status, stream.ended_at = proto.StreamInfo.FAILED, now_ns
            stream.error = info.error
    return info
