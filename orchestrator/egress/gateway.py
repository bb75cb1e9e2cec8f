"""Between LiveKit's messages and our plain values: reads facts, gives orders."""

from livekit.protocol import egress as pb
from livekit.protocol import models as pb_models

from orchestrator.core.livekit.client import LiveKit
from orchestrator.egress.facts import (
    EgressFact,
    EgressStatus,
    ProgrammeFact,
    RoomFacts,
    StreamFact,
    StreamStatus,
)
from orchestrator.settings import Secret

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

SEGMENT_S = 2
LAYOUT = "speaker"
PROGRAMME = pb.EncodingOptions(
    width=1280,
    height=720,
    framerate=30,
    video_codec=pb_models.VideoCodec.H264_MAIN,
    video_bitrate=3000,
    key_frame_interval=2,
    audio_codec=pb_models.AudioCodec.AAC,
    audio_bitrate=128,
    audio_frequency=48_000,
)


async def room_facts(livekit: LiveKit, room: str) -> RoomFacts:
    """Raises LiveKitUnavailable."""
    rooms = await livekit.list_rooms([room])
    egress = tuple(egress_fact(info) for info in await livekit.list_egress(room))
    if not rooms:
        return RoomFacts(exists=False, egress=egress)
    present = await livekit.list_participants(room)
    return RoomFacts(
        exists=True,
        people={p.identity: p.sid for p in present if p.kind == PERSON and not p.permission.hidden},
        identities=frozenset(p.identity for p in present),
        egress=egress,
    )


async def start_programme(livekit: LiveKit, room: str, folder: str, urls: list[Secret]) -> str:
    """One composite with the recording and all destinations; returns the egress id.

    Takes up to 25 s when no worker answers. Raises LiveKitUnavailable, LiveKitRefused.
    """
    request = pb.RoomCompositeEgressRequest(
        room_name=room,
        layout=LAYOUT,
        advanced=PROGRAMME,
        segment_outputs=[
            pb.SegmentedFileOutput(
                filename_prefix=f"{folder}/seg",
                playlist_name=f"{folder}/index.m3u8",
                segment_duration=SEGMENT_S,
            )
        ],
        stream_outputs=[_stream_output(urls)] if urls else [],
    )
    return (await livekit.start_room_composite(request)).egress_id


def egress_fact(info: pb.EgressInfo) -> EgressFact:
    return EgressFact(
        id=info.egress_id,
        status=STATUS[info.status],
        started_at_ns=info.started_at,
        error=info.error,
        streams=tuple(
            StreamFact(
                url=stream.url,
                status=STREAM_STATUS[stream.status],
                started_at_ns=stream.started_at,
                ended_at_ns=stream.ended_at,
                error=stream.error,
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


def _stream_output(urls: list[Secret]) -> pb.StreamOutput:
    return pb.StreamOutput(protocol=pb.StreamProtocol.RTMP, urls=[url.reveal() for url in urls])
