"""Between LiveKit's messages and our plain values: reads facts, carries out orders."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from livekit.protocol import egress as pb
from livekit.protocol import models as pb_models

from orchestrator.core.hls.playlist import length_ms
from orchestrator.core.hls.programme import PLAYLIST, read_playlist
from orchestrator.core.livekit.client import LiveKit, LiveKitRefused
from orchestrator.core.storage import Storage
from orchestrator.destinations.targets import Targets
from orchestrator.egress import orders as o
from orchestrator.egress.engine.admission import Admission
from orchestrator.egress.engine.protocols import MIXED, Engine, Family, family, mixed
from orchestrator.egress.facts import (
    EgressFact,
    EgressStatus,
    ProgrammeFact,
    RoomFacts,
    StreamFact,
    StreamStatus,
    look_of,
)
from orchestrator.settings import Secret, Settings
from schema.errors import DomainError, LiveKitUnavailable, NotFound
from schema.quality import QUALITIES, Quality
from schema.streams import redact

log = structlog.get_logger(__name__)

STATUS: dict[int, EgressStatus] = {
    pb.EgressStatus.EGRESS_STARTING: "starting",
    pb.EgressStatus.EGRESS_ACTIVE: "active",
    pb.EgressStatus.EGRESS_ENDING: "ending",
    pb.EgressStatus.EGRESS_COMPLETE: "complete",
    pb.EgressStatus.EGRESS_FAILED: "failed",
    pb.EgressStatus.EGRESS_ABORTED: "aborted",
    pb.EgressStatus.EGRESS_LIMIT_REACHED: "limit_reached",
}
STREAM_STATUS: dict[int, StreamStatus] = {
    pb.StreamInfo.Status.ACTIVE: "active",
    pb.StreamInfo.Status.FINISHED: "finished",
    pb.StreamInfo.Status.FAILED: "failed",
}
PERSON = pb_models.ParticipantInfo.Kind.STANDARD

PROTOCOL: dict[Family, Any] = {
    "rtmp": pb.StreamProtocol.RTMP,
    "srt": pb.StreamProtocol.SRT,
}

SEGMENT_S = 2
LAYOUT = "speaker"
# The longer side of a still: what a card shows, on a screen of double density.
POSTER_PX = 640
# What LiveKit's own egress opens in its browser (web/egress); our worker draws the same itself.
PROGRAMME_PAGE = "/egress/index.html"

NO_WORKER = "No egress worker answered."


class Addresses:
    """Where to push to. What is not known is asked from its platform when it is needed."""

    def __init__(self, known: dict[UUID, Secret], ask: Callable[[UUID], Awaitable[Secret]]) -> None:
        self.known = known
        self._ask = ask

    async def of(self, destination: UUID) -> Secret:
        """Raises DomainError with the reason why there is none."""
        return self.known.get(destination) or await self._ask(destination)


class Gateway:
    """Reads facts and carries out orders; a refusal by LiveKit is an outcome, not an error."""

    def __init__(
        self,
        livekit: LiveKit,
        storage: Storage,
        targets: Targets,
        admission: Admission,
        settings: Settings,
    ) -> None:
        self._admission = admission
        self._livekit = livekit
        self._storage = storage
        self._targets = targets
        self._page = settings.public_url.rstrip("/") + PROGRAMME_PAGE
        self._poster_every_s = settings.poster_every_s
        self._engine: Engine = settings.egress_engine

    async def facts(self, room: str) -> RoomFacts:
        """Raises LiveKitUnavailable."""
        rooms = await self._livekit.list_rooms([room])
        egress = tuple(egress_fact(info) for info in await self._livekit.list_egress(room))
        if not rooms:
            return RoomFacts(exists=False, egress=egress)
        present = await self._livekit.list_participants(room)
        return RoomFacts(
            exists=True,
            people={
                p.identity: p.sid for p in present if p.kind == PERSON and not p.permission.hidden
            },
            identities=frozenset(p.identity for p in present),
            egress=egress,
        )

    async def carry_out(self, order: o.Order, room: str, folder: str, urls: Addresses) -> o.Outcome:
        """`folder` is where the session's programmes lie; `urls` hold the keys."""
        match order:
            case o.Start():
                return await self._start(order, room, folder, urls)
            case o.AddStream():
                return await self._add(order, urls)
            case o.RemoveStream(egress_id=egress_id, destination=name):
                remove = [urls.known[name].reveal()]
                return await _try(lambda: self._livekit.update_stream(egress_id, [], remove))
            case o.Stop(egress_id=egress_id):
                return await _try(lambda: self._livekit.stop_egress(egress_id))
            case o.CloseRoom():
                return await _try(lambda: self._livekit.delete_room(room))
            case o.MeasureProgramme(key=key):
                return await self._measure(key)

    async def _start(self, order: o.Start, room: str, folder: str, urls: Addresses) -> o.Outcome:
        blocked = {
            name: reason
            for name in order.destinations
            if (reason := await self._targets.refusal(urls.known[name].reveal()))
        }
        blocked |= self._unmixed(order, urls)
        wanted = [urls.known[name] for name in order.destinations if name not in blocked]
        if reason := await self._admission.refusal(order.quality):
            return o.Refused(reason)
        try:
            egress_id = await self._start_programme(order, room, folder, wanted)
        except LiveKitUnavailable:
            return o.Refused(NO_WORKER)
        except LiveKitRefused as refused:
            log.warning("egress refused", room=room, code=refused.code)
            return o.Refused(f"LiveKit refused to start the programme ({refused.code}).")
        return o.Started(egress_id, blocked)

    async def _start_programme(
        self, order: o.Start, room: str, folder: str, urls: list[Secret]
    ) -> str:
        """One composite with the recording and all destinations; returns the egress id.

        Takes up to 25 s when no worker answers. Raises LiveKitUnavailable, LiveKitRefused.
        """
        request = pb.RoomCompositeEgressRequest(
            room_name=room,
            layout=LAYOUT,
            custom_base_url=self._page,
            advanced=encoding_options(order.quality),
            segment_outputs=[
                pb.SegmentedFileOutput(
                    filename_prefix=f"{folder}/{order.attempt}/seg",
                    playlist_name=f"{folder}/{order.attempt}/{PLAYLIST}",
                    segment_duration=SEGMENT_S,
                )
            ],
            stream_outputs=_stream_outputs([url.reveal() for url in urls]),
            image_outputs=self._poster(folder, order.quality),
        )
        return (await self._livekit.start_room_composite(request)).egress_id

    def _unmixed(self, order: o.Start, urls: Addresses) -> dict[UUID, str]:
        """Those that cannot go out beside the rest: a class that began with all destinations was asked for nothing else."""
        plain = {name: urls.known[name].reveal() for name in order.destinations}
        if self._engine != "livekit" or not mixed(plain.values()):
            return {}
        return {name: MIXED for name, url in plain.items() if family(url) == "srt"}

    def _poster(self, folder: str, quality: Quality) -> list[pb.ImageOutput]:
        """One still beside all attempts, written over as often as is set; workers add `.jpeg` to its name."""
        if not self._poster_every_s:
            return []
        encoding = QUALITIES[quality]
        smaller = POSTER_PX / max(encoding.width_px, encoding.height_px)
        output = pb.ImageOutput(
            filename_prefix=f"{folder}/poster",
            filename_suffix=pb.IMAGE_SUFFIX_NONE_OVERWRITE,
            disable_manifest=True,
            capture_interval=self._poster_every_s,
            width=round(encoding.width_px * smaller),
            height=round(encoding.height_px * smaller),
        )
        return [output]

    async def _add(self, order: o.AddStream, urls: Addresses) -> o.Outcome:
        try:
            url = await urls.of(order.destination)
        except DomainError as error:
            return o.Refused(error.message)
        if reason := await self._targets.refusal(url.reveal()):
            return o.Refused(reason)
        return await _try(lambda: self._add_once(order, url.reveal()))

    async def _add_once(self, order: o.AddStream, url: str) -> None:
        """Raises LiveKitUnavailable, LiveKitRefused."""
        if order.unlisted:
            # An update of nothing is answered with the record as it is, which LiveKit is not told while a stream connects.
            now = egress_fact(await self._livekit.update_stream(order.egress_id, [], []))
            there = now.stream(look_of(redact(url)))
            if there is not None and there.status == "active":
                return
        await self._livekit.update_stream(order.egress_id, [url], [])

    async def _measure(self, key: str) -> o.Outcome:
        try:
            return o.Measured(length_ms(await read_playlist(self._storage, key)))
        except NotFound:
            return o.Measured(0)


async def _try(call: Callable[[], Awaitable[Any]]) -> o.Outcome:
    try:
        await call()
    except LiveKitUnavailable:
        return o.Refused("The egress worker does not answer.")
    except LiveKitRefused as refused:
        # LiveKit's own text may repeat the URL with its key; the code is enough.
        log.warning("order refused", code=refused.code)
        return o.Refused(f"LiveKit refused ({refused.code}).")
    return o.Done()


def egress_fact(info: pb.EgressInfo) -> EgressFact:
    # Our worker says SDK; LiveKit's own draws a room composite in a browser.
    browser = info.source_type == pb.EgressSourceType.EGRESS_SOURCE_TYPE_WEB
    return EgressFact(
        id=info.egress_id,
        status=STATUS[info.status],
        browser=browser,
        started_at_ns=info.started_at,
        error=info.error,
        streams=tuple(
            StreamFact(
                url=look_of(stream.url),
                status=STREAM_STATUS[stream.status],
                started_at_ns=stream.started_at,
                ended_at_ns=stream.ended_at,
                error=stream.error,
                tentative=browser,
            )
            for stream in info.stream_results
        ),
        programme=_programme(info),
    )


def _programme(info: pb.EgressInfo) -> ProgrammeFact | None:
    if not info.segment_results:
        return None
    result = info.segment_results[0]
    return ProgrammeFact(
        key=result.playlist_name, started_at_ns=result.started_at, duration_ns=result.duration
    )


def encoding_options(quality: Quality) -> pb.EncodingOptions:
    """The registry's in LiveKit's words, which any egress worker understands."""
    encoding = QUALITIES[quality]
    return pb.EncodingOptions(
        width=encoding.width_px,
        height=encoding.height_px,
        framerate=encoding.fps,
        video_codec=pb_models.VideoCodec.H264_MAIN,
        video_bitrate=encoding.video_kbps,
        key_frame_interval=encoding.key_frame_s,
        audio_codec=pb_models.AudioCodec.AAC,
        audio_bitrate=encoding.audio_kbps,
        audio_frequency=encoding.sample_rate,
    )


def _stream_outputs(urls: list[str]) -> list[pb.StreamOutput]:
    """One without URLs where there are none: LiveKit's own egress adds none to a request that began without streams."""
    families = sorted({family(url) for url in urls}) or ["rtmp"]
    return [
        pb.StreamOutput(protocol=PROTOCOL[name], urls=[url for url in urls if family(url) == name])
        for name in families
    ]
