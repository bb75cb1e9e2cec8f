"""The room as the recorder sees it: its tracks become sources of the programme, at the layer that their tile needs."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Coroutine
from typing import Any, cast

import numpy as np
import structlog
from livekit import rtc

from agents.egress.plan import layout_of
from agents.egress.psrpc.errors import RpcError
from agents.egress.recorder.lipsync import LipSync
from agents.egress.recorder.tracks import (
    Slots,
    is_shared_picture,
    is_shown,
    quality_for,
    screen,
    seniority,
    source_name,
)
from agents.egress.scene.stage import Stage
from agents.egress.scene.subtitles import Subtitles
from agents.frames import route
from agents.media.clock import SAMPLE_RATE
from agents.media.picture.frame import I420
from agents.media.programme import Programme

log = structlog.get_logger(__name__)

# Somebody who comes into the picture by a new scene, or by speaking, is received from then on: that must not take long.
TUNE_S = 0.25
# Lips are measured by counters that mean something over a second.
ALIGN_EVERY = 4
# Larger blocks cost fewer wake-ups, smaller ones less delay.
AUDIO_BLOCK_MS = 20
AUDIO_BLOCKS = 50
LEAVE_WITHIN_S = 0.5


class JoinFailed(Exception):
    """The room cannot be joined; the message says why, without the token."""


class RoomFeed:
    """One hidden participant. `closed` is set when the room is gone for us."""

    def __init__(self, programme: Programme, stage: Stage) -> None:
        self.closed = asyncio.Event()
        self._programme = programme
        self._stage = stage
        self._room = rtc.Room()
        self._slots = Slots()
        self._lips = LipSync()
        self._subtitles = Subtitles(self._room, programme, self._name_of)
        self._pumps: dict[str, asyncio.Task[None]] = {}
        self._awaited: set[str] = set()
        self._settled = asyncio.Event()
        self._tuning: asyncio.Task[None] | None = None
        self._listen()

    async def join(self, ws_url: str, token: str) -> None:
        """Raises JoinFailed."""
        try:
            await self._room.connect(ws_url, token, rtc.RoomOptions(auto_subscribe=False))
        except rtc.ConnectError as error:
            raise JoinFailed(str(error).replace(token, "***")) from None
        self._on_described("", self._room.metadata)
        for participant in sorted(self._room.remote_participants.values(), key=seniority):
            for publication in participant.track_publications.values():
                self._on_published(publication, participant)
                if not publication.muted and is_shown(participant):
                    self._awaited.add(publication.sid)
        self._arrived("")
        self._tuning = watched(self._tune())

    async def settled(self, within_s: float) -> list[str]:
        """Waits until every track that was on at the join has given something and the scene is set, or for `within_s`.

        Returns the tracks that had given nothing by then.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await self._stage.settled()
                await self._settled.wait()
        return sorted(self._awaited)

    async def leave(self) -> None:
        tasks = [*self._pumps.values(), *([self._tuning] if self._tuning else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(
            *tasks, self._stage.close(), self._subtitles.close(), return_exceptions=True
        )
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_WITHIN_S):
                await self._room.disconnect()

    def _listen(self) -> None:
        room = self._room
        room.on("track_published", self._on_published)
        room.on("track_unpublished", self._on_unpublished)
        room.on("track_subscribed", self._on_subscribed)
        room.on("track_unsubscribed", self._on_unsubscribed)
        room.on("track_muted", self._on_muted)
        room.on("participant_disconnected", self._on_left)
        room.on("participant_name_changed", self._on_renamed)
        room.on("participant_metadata_changed", self._on_metadata)
        room.on("room_metadata_changed", self._on_described)
        room.on("disconnected", lambda _reason: self.closed.set())

    def _on_published(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if not is_shown(participant):
            return
        source_id = self._slots.take(publication, participant)
        self._programme.add_source(source_id, source_name(publication, participant))
        if is_shared_picture(publication):
            self._programme.pin(source_id)
        publication.set_subscribed(True)

    def _on_unpublished(
        self, publication: rtc.RemoteTrackPublication, _participant: rtc.RemoteParticipant
    ) -> None:
        self._drop(publication.sid)

    def _on_left(self, participant: rtc.RemoteParticipant) -> None:
        for sid in list(participant.track_publications):
            self._drop(sid)

    def _drop(self, sid: str) -> None:
        self._stop_pump(sid)
        self._arrived(sid)
        self._lips.forget(sid)
        source_id = self._slots.free(sid)
        if source_id is not None:
            self._programme.remove_source(source_id)

    def _on_subscribed(
        self,
        track: rtc.RemoteTrack,
        publication: rtc.RemoteTrackPublication,
        _participant: rtc.RemoteParticipant,
    ) -> None:
        source_id = self._slots.source_of(publication.sid)
        if source_id is None:
            return
        self._stop_pump(publication.sid)
        pump: Coroutine[Any, Any, None] = (
            self._pump_video(source_id, track, publication)
            if publication.kind == rtc.TrackKind.KIND_VIDEO
            else self._pump_audio(source_id, track, publication)
        )
        self._pumps[publication.sid] = watched(pump)

    def _on_unsubscribed(
        self,
        _track: rtc.RemoteTrack,
        publication: rtc.RemoteTrackPublication,
        _participant: rtc.RemoteParticipant,
    ) -> None:
        self._stop_pump(publication.sid)
        self._blank(publication)

    def _on_muted(self, _participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        self._blank(publication)

    def _blank(self, publication: rtc.TrackPublication) -> None:
        source_id = self._slots.source_of(publication.sid)
        if source_id is not None and publication.kind == rtc.TrackKind.KIND_VIDEO:
            self._programme.blank_video(source_id)

    def _on_renamed(self, participant: rtc.Participant, *_names: str) -> None:
        for publication in participant.track_publications.values():
            source_id = self._slots.source_of(publication.sid)
            if source_id is not None:
                self._programme.add_source(source_id, source_name(publication, participant))

    def _on_metadata(self, participant: rtc.Participant, _old: str, new: str) -> None:
        """LiveKit's UpdateLayout arrives as metadata of our own participant: {"layout": "speaker"}."""
        if participant.identity != self._room.local_participant.identity:
            return
        try:
            self._programme.set_layout(layout_of(str(json.loads(new)["layout"])))
        except (ValueError, KeyError, TypeError, RpcError):
            log.warning("layout_ignored")

    def _name_of(self, identity: str) -> str:
        person = self._room.remote_participants.get(identity)
        return (person.name if person else "") or identity

    def _on_described(self, _old: str, new: str) -> None:
        """A room that nobody described, as one of another program's making, has its usual layout."""
        if new:
            self._stage.describe(new)

    def _stop_pump(self, sid: str) -> None:
        pump = self._pumps.pop(sid, None)
        if pump is not None:
            pump.cancel()

    def _arrived(self, sid: str) -> None:
        self._awaited.discard(sid)
        if not self._awaited:
            self._settled.set()

    async def _pump_video(
        self, source_id: str, track: rtc.RemoteTrack, publication: rtc.RemoteTrackPublication
    ) -> None:
        stream = route(rtc.VideoStream(track, format=rtc.VideoBufferType.I420, capacity=1))
        try:
            async for event in stream:
                if publication.muted:  # a frame that was on its way
                    continue
                frame = event.frame
                picture = I420.from_buffer(
                    frame.data, frame.width, frame.height, 90 * cast("int", event.rotation)
                )
                came_s = time.monotonic() + self._lips.wait_s(publication.sid)
                self._programme.push_video(source_id, picture, came_s)
                self._arrived(publication.sid)
        finally:
            await stream.aclose()

    async def _pump_audio(
        self, source_id: str, track: rtc.RemoteTrack, publication: rtc.RemoteTrackPublication
    ) -> None:
        stream = route(
            rtc.AudioStream(
                track,
                sample_rate=SAMPLE_RATE,
                num_channels=2 if screen(publication) else 1,
                frame_size_ms=AUDIO_BLOCK_MS,
                capacity=AUDIO_BLOCKS,
            )
        )
        try:
            async for event in stream:
                frame = event.frame
                samples = np.frombuffer(frame.data, np.int16).reshape(-1, frame.num_channels)
                began_s = time.monotonic() - AUDIO_BLOCK_MS / 1000
                self._programme.push_audio(source_id, samples, began_s)
                self._arrived(publication.sid)
        finally:
            await stream.aclose()

    async def _tune(self) -> None:
        """Receives each picture at the size of its tile, none that nobody shows, and holds it for its sound."""
        for turn in itertools.count():
            await asyncio.sleep(TUNE_S)
            sizes = self._programme.tile_sizes()
            for participant in list(self._room.remote_participants.values()):
                publications = list(participant.track_publications.values())
                if turn % ALIGN_EVERY == 0:
                    await self._align(publications)
                for publication in publications:
                    if publication.kind == rtc.TrackKind.KIND_VIDEO:
                        self._tune_one(publication, sizes)

    async def _align(self, publications: list[rtc.RemoteTrackPublication]) -> None:
        """One person's pictures with their voice."""
        pumped = [one for one in publications if one.sid in self._pumps]
        pictures = [one for one in pumped if one.kind == rtc.TrackKind.KIND_VIDEO]
        sounds = [one for one in pumped if one.kind == rtc.TrackKind.KIND_AUDIO]
        if not pictures or not sounds:
            return
        for publication in (*pictures, sounds[0]):
            await self._measure(publication)
        for picture in pictures:
            self._lips.align(picture.sid, sounds[0].sid)

    async def _measure(self, publication: rtc.RemoteTrackPublication) -> None:
        if publication.track is None:
            return
        try:
            stats = await publication.track.get_stats()
        except Exception as error:  # noqa: BLE001 the SDK raises nothing finer, as when the track has just gone
            log.debug("no_stats", reason=str(error))
            return
        for one in stats:
            if one.WhichOneof("stats") == "inbound_rtp":
                buffer = one.inbound_rtp.inbound
                self._lips.measure(
                    publication.sid, buffer.jitter_buffer_delay, buffer.jitter_buffer_emitted_count
                )

    def _tune_one(
        self, publication: rtc.RemoteTrackPublication, sizes: dict[str, tuple[int, int]]
    ) -> None:
        source_id = self._slots.source_of(publication.sid)
        if source_id is None:
            return
        shown = source_id in sizes
        if shown != self._slots.wanted(publication.sid):
            self._slots.want(publication.sid, wanted=shown)
            publication.set_subscribed(shown)
        if shown and publication.simulcasted:
            quality = quality_for(publication.width, publication.height, sizes[source_id])
            if self._slots.ask(publication.sid, quality):
                publication.set_video_quality(quality)


def watched(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task whose failure is logged: one broken track must not end the programme, nor die unseen."""

    def tell(task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task_failed", exc_info=error)

    task = asyncio.create_task(work)
    task.add_done_callback(tell)
    return task
