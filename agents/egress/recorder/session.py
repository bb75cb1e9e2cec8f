"""One egress inside its own process: room in, programme, segments and destinations out."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from agents.egress.plan import Plan, Poster, Target
from agents.egress.recorder import messages
from agents.egress.recorder.poster import PosterStore
from agents.egress.recorder.room import JoinFailed, RoomFeed
from agents.egress.recorder.segments import SegmentStore, begin_spool
from agents.egress.scene.boards import Boards
from agents.egress.scene.stage import Get, Stage
from agents.egress.spool.folder import About, Put
from agents.media.codecs.registry import chosen
from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from agents.media.programme import Hooks, Programme
from agents.media.relay.dial import Trust
from agents.media.relay.relay import RelayStatus
from agents.media.stills import StillsSpec
from agents.media.strain import Strain
from schema.quality import Encoding
from schema.streams import scrub

log = structlog.get_logger(__name__)

# The first picture is to show who is there already: theirs come within 0.4 s. A camera that nobody watched is asleep, and
# LiveKit asks it for a whole picture once a second: the programme does not wait for that one, its name stands there meanwhile.
SETTLE_WITHIN_S = 0.5
# A store that is slow gets this long at the end; what it has not taken then is left to the worker.
STORE_WITHIN_S = 10.0
# Of the time that a Stop gives: for closing the destinations and leaving the room.
LEAVE_S = 1.0
HEALTH_EVERY_S = 2.0


class Session:
    """`run` lasts until the egress is over; `command` may be called meanwhile."""

    def __init__(
        self,
        start: messages.Start,
        put: Put,
        get: Get,
        boards: Boards | None,
        spool_root: Path,
        trust: Trust,
        say: Callable[[messages.Report], None],
    ) -> None:
        plan = start.plan
        self._start = start
        self._say = say
        self._loop = asyncio.get_running_loop()
        self._urls: dict[str, str] = {}
        self._ended: asyncio.Future[messages.Ended] = self._loop.create_future()
        spec = programme_spec(plan, start.video_encoder)
        self._store_within_s = STORE_WITHIN_S
        self._store: SegmentStore | None = None
        if plan.hls is not None:
            spool = begin_spool(spool_root / plan.egress_id, About(plan.hls, spec.gop_s))
            self._store = SegmentStore(put, plan.hls, spec.gop_s, spool, say)
        self._poster = PosterStore(put, plan.poster)
        hooks = Hooks(
            on_started=lambda at_ns: self._later(say, messages.Began(at_ns)),
            on_file=lambda name, content: self._later(self._stored, name, content),
            on_still=lambda jpeg: self._later(self._poster.add, jpeg),
            on_relay=lambda status: self._later(self._relayed, status),
            on_failed=lambda error: self._later(self._failed, error),
        )
        self._programme = Programme(
            hooks,
            spec,
            segment_prefix=plan.hls.prefix if plan.hls else "seg",
            playlist_name=plan.hls.playlist_name if plan.hls else "index.m3u8",
            stills=stills_spec(plan.poster),
            trust=trust,
        )
        self._feed = RoomFeed(self._programme, Stage(self._programme, get, boards))

    async def run(self) -> messages.Ended:
        for target in self._start.plan.targets:
            self._add(target)
        storing = asyncio.create_task(self._store.run()) if self._store else None
        watching = asyncio.create_task(self._watch())
        try:
            await self._record()
        except JoinFailed as error:
            self._end("Failure", f"the room cannot be joined: {error}")
        finally:
            watching.cancel()
        await self._close(storing)
        return self._ended.result()

    def command(self, command: messages.Command) -> None:
        match command:
            case messages.AddTarget(target):
                self._add(target)
            case messages.RemoveTarget(target_id):
                self._programme.remove_relay(target_id)
            case messages.Stop(within_s):
                self._store_within_s = min(STORE_WITHIN_S, within_s - LEAVE_S)
                self._end("StopEgress API")

    async def _record(self) -> None:
        closed = asyncio.create_task(self._feed.closed.wait())
        ready = asyncio.create_task(self._get_ready())
        try:
            await asyncio.wait((ready, closed, self._ended), return_when=asyncio.FIRST_COMPLETED)
            if ready.done() and not closed.done() and not self._ended.done():
                ready.result()
                self._programme.start()
                await asyncio.wait((closed, self._ended), return_when=asyncio.FIRST_COMPLETED)
            if closed.done():
                self._end("Source closed")
        finally:
            for task in (closed, ready):
                task.cancel()

    async def _watch(self) -> None:
        strain = Strain()
        while True:
            await asyncio.sleep(HEALTH_EVERY_S)
            self._say(self._health(strain))

    def _health(self, strain: Strain) -> messages.Health:
        stats = self._programme.stats()
        return messages.Health(
            at_ns=time.time_ns(),
            frames=stats.frames,
            skipped_frames=stats.skipped_frames,
            degraded=strain.look(stats.frames, stats.skipped_frames),
            targets=[_target_health(status) for status in self._programme.relay_statuses()],
        )

    async def _get_ready(self) -> None:
        began_s = self._loop.time()
        await self._feed.join(self._start.ws_url, self._start.token)
        joined_s = self._loop.time()
        late = await self._feed.settled(SETTLE_WITHIN_S)
        log.info(
            "programme_begins",
            joined_ms=round((joined_s - began_s) * 1000),
            settled_ms=round((self._loop.time() - joined_s) * 1000),
            late=late,
        )

    async def _close(self, storing: asyncio.Task[None] | None) -> None:
        store_until_s = self._loop.time() + self._store_within_s
        stats = await asyncio.to_thread(self._programme.stop)
        log.info(
            "programme_ended",
            frames=stats.frames,
            skipped=stats.skipped_frames,
            segments=stats.segments,
        )
        leaving = asyncio.create_task(self._feed.leave())
        # What the programme's threads said last stands in the loop's queue by now, before this.
        await asyncio.sleep(0)
        if self._store is not None and storing is not None:
            self._store.close()
            await asyncio.wait((storing,), timeout=max(0.0, store_until_s - self._loop.time()))
            if storing.done():
                storing.result()
            storing.cancel()
            self._store.finish(stats.duration_ns)
        await self._poster.close()
        await leaving

    def _add(self, target: Target) -> None:
        self._urls[target.id] = target.url
        self._programme.add_relay(target.id, target.url)

    def _later(self, function: Callable[..., None], *arguments: object) -> None:
        """From the programme's threads onto the event loop."""
        self._loop.call_soon_threadsafe(function, *arguments)

    def _stored(self, name: str, content: bytes) -> None:
        if self._store is not None:
            self._store.add(name, content)

    def _relayed(self, status: RelayStatus) -> None:
        target_id = status.relay_id
        match status.state:
            case "live":
                self._say(messages.TargetConnected(target_id, status.connected_at_ns))
            case "failed":
                error = scrub(f"{status.reason}: {status.message}", self._urls[target_id])
                self._say(messages.TargetEnded(target_id, status.ended_at_ns, error))
            case "finished":
                self._say(messages.TargetEnded(target_id, status.ended_at_ns))
            case "connecting":
                pass

    def _failed(self, error: Exception) -> None:
        self._end("Failure", f"the encoder failed: {type(error).__name__}")

    def _end(self, reason: messages.EndReason, error: str = "") -> None:
        if not self._ended.done():
            self._ended.set_result(messages.Ended(reason, error))


def _target_health(status: RelayStatus) -> messages.TargetHealth:
    return messages.TargetHealth(
        id=status.relay_id,
        frames=status.frames,
        bytes=status.bytes,
        at_ns=status.counted_at_ns,
        dropped_chunks=status.dropped_chunks,
        queued_bytes=status.queued_bytes,
    )


def programme_spec(plan: Plan, video_encoder: str) -> ProgrammeSpec:
    encoder = chosen(video_encoder, encoder_spec(plan.encoding))
    return ProgrammeSpec(encoder=encoder, layout=plan.layout)


def stills_spec(poster: Poster | None) -> StillsSpec | None:
    return StillsSpec(poster.width_px, poster.height_px, poster.every_s) if poster else None


def encoder_spec(encoding: Encoding) -> EncoderSpec:
    return EncoderSpec(
        width=encoding.width_px,
        height=encoding.height_px,
        fps=encoding.fps,
        gop_frames=round(encoding.key_frame_s * encoding.fps),
        video_bitrate_bps=encoding.video_kbps * 1000,
        audio_bitrate_bps=encoding.audio_kbps * 1000,
    )
