"""From a LiveKit request to what the recorder is to do: pure, and everything is refused before anything starts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from livekit.protocol import egress as proto
from livekit.protocol import models

from agents.egress.psrpc.errors import RpcError
from agents.egress.urls import checked_url
from schema.quality import QUALITIES, Encoding
from schema.streams import redact
from schema.studio import Layout

ROOM_PREFIX: Final = "session-"
# Lectern's own page for LiveKit's egress (web/egress): this worker draws the same without it.
PROGRAMME_PAGE: Final = "/egress/index.html"
# Smaller, and no letter of a name could be read.
MIN_SIDE_PX: Final = 160
MAX_SIDE_PX: Final = 1920
PROTOCOLS: Final = (
    proto.StreamProtocol.DEFAULT_PROTOCOL,
    proto.StreamProtocol.RTMP,
    proto.StreamProtocol.SRT,
)
H264: Final = (
    models.VideoCodec.Value("DEFAULT_VC"),
    models.VideoCodec.Value("H264_BASELINE"),
    models.VideoCodec.Value("H264_MAIN"),
    models.VideoCodec.Value("H264_HIGH"),
)
JPEG: Final = (models.ImageCodec.Value("IC_DEFAULT"), models.ImageCodec.Value("IC_JPEG"))
# LiveKit's own default.
STILL_EVERY_S: Final = 10
AAC: Final = (models.AudioCodec.Value("DEFAULT_AC"), models.AudioCodec.Value("AAC"))


class Hls(msgspec.Struct, frozen=True):
    """The recording: `{folder}{prefix}_{index}.m4s`, cut at every keyframe, named by `{folder}{playlist_name}`."""

    folder: str
    prefix: str
    playlist_name: str

    @property
    def playlist(self) -> str:
        """The playlist's storage key."""
        return self.folder + self.playlist_name


class Poster(msgspec.Struct, frozen=True):
    """A still of the programme, stored under the same `key` each time."""

    key: str
    every_s: int
    width_px: int
    height_px: int


class Target(msgspec.Struct, frozen=True):
    """One destination; `id` tells two attempts at the same URL apart. `url` holds the stream key."""

    id: str
    url: str

    def __repr__(self) -> str:
        return f"Target({self.id}, {redact(self.url)})"


class Plan(msgspec.Struct, frozen=True):
    """At least one of `hls` and `targets` is there."""

    egress_id: str
    room_name: str
    layout: Layout
    encoding: Encoding
    hls: Hls | None
    targets: list[Target]
    poster: Poster | None = None


PRESETS: Final = {
    "H264_720P_30": QUALITIES["720p30"],
    "H264_720P_60": Encoding(fps=60, video_kbps=4500),
    "H264_1080P_30": QUALITIES["1080p30"],
    "H264_1080P_60": QUALITIES["1080p60"],
    "PORTRAIT_H264_720P_30": QUALITIES["720p30_vertical"],
    "PORTRAIT_H264_720P_60": Encoding(720, 1280, 60, 4500),
    "PORTRAIT_H264_1080P_30": QUALITIES["1080p30_vertical"],
    "PORTRAIT_H264_1080P_60": Encoding(1080, 1920, 60, 6000),
}


def make_plan(request: Any, now: datetime) -> Plan:
    """`request` is rpc.StartEgressRequest. Raises RpcError invalid_argument for what this worker does not serve."""
    kind = request.WhichOneof("request")
    if kind != "room_composite":
        raise _refused(f"this worker serves room composites, not {kind or 'an unknown kind'}")
    composite = request.room_composite
    for field in ("audio_only", "video_only", "file_outputs"):
        if getattr(composite, field):
            raise _refused(f"{field} is not served by this worker")
    page = composite.custom_base_url
    if page and not page.endswith(PROGRAMME_PAGE):
        raise _refused("custom_base_url is not served by this worker, but for Lectern's own page")
    if composite.HasField("file"):
        raise _refused("file is not served by this worker; ask for segments")
    urls = [url for stream in _streams(composite) for url in _urls_of(stream)]
    names = {"{room_name}": composite.room_name, "{room_id}": request.room_id}
    names["{time}"] = now.strftime("%Y-%m-%dT%H%M%S")
    hls = _hls(_segments(composite), names)
    if hls is None and not urls:
        raise _refused("request has no output")
    encoding = _encoding(composite)
    return Plan(
        egress_id=request.egress_id,
        room_name=composite.room_name or request.room_name,
        layout=layout_of(composite.layout or "grid"),
        encoding=encoding,
        hls=hls,
        targets=[Target(f"ST_{number}", url) for number, url in enumerate(urls, 1)],
        poster=_poster(list(composite.image_outputs), encoding, names),
    )


def layout_of(name: str) -> Layout:
    """Light and dark variants count as the layout itself. Raises RpcError invalid_argument."""
    match name.removesuffix("-light").removesuffix("-dark"):
        case "grid":
            return "grid"
        case "speaker" | "single-speaker":
            return "speaker"
    raise _refused(f"layout {name} is not served by this worker; use grid or speaker")


def session_of(room: str) -> UUID | None:
    """None for a room that is no class of ours: the worker serves whoever asks LiveKit."""
    try:
        return UUID(room.removeprefix(ROOM_PREFIX)) if room.startswith(ROOM_PREFIX) else None
    except ValueError:
        return None


def redacted_request(composite: Any) -> Any:
    """What EgressInfo may echo of the request."""
    echoed = proto.RoomCompositeEgressRequest()
    echoed.CopyFrom(composite)
    for stream in _streams(echoed):
        stream.urls[:] = [redact(url) for url in stream.urls]
    return echoed


def _refused(message: str) -> RpcError:
    return RpcError("invalid_argument", message)


def _streams(composite: Any) -> list[Any]:
    legacy = [composite.stream] if composite.HasField("stream") else []
    return [*legacy, *composite.stream_outputs]


def _segments(composite: Any) -> list[Any]:
    legacy = [composite.segments] if composite.HasField("segments") else []
    return [*legacy, *composite.segment_outputs]


def _urls_of(stream: Any) -> Iterable[str]:
    if stream.protocol not in PROTOCOLS:
        raise _refused("only RTMP, RTMPS and SRT streams are served by this worker")
    if stream.destinations:
        raise _refused("stream destinations are not served by this worker; give urls")
    return [checked_url(url) for url in stream.urls]


def _hls(outputs: list[Any], names: dict[str, str]) -> Hls | None:
    if not outputs:
        return None
    if len(outputs) > 1:
        raise _refused("multiple segment outputs are not served by this worker")
    output = outputs[0]
    for field in ("live_playlist_name", "filename_suffix"):
        if getattr(output, field):
            raise _refused(f"{field} is not served by this worker")
    _check_own_store(output)
    folder, prefix = _key(output.filename_prefix or "{room_name}-{time}", names)
    list_folder, playlist_name = _key(output.playlist_name or f"{prefix}.m3u8", names)
    if list_folder not in {"", folder}:
        raise _refused("the playlist must stand beside its segments")
    return Hls(folder, prefix, playlist_name)


def _poster(outputs: list[Any], encoding: Encoding, names: dict[str, str]) -> Poster | None:
    """One still that is written over and over."""
    if not outputs:
        return None
    output = outputs[0]
    if len(outputs) > 1 or output.filename_suffix != proto.IMAGE_SUFFIX_NONE_OVERWRITE:
        raise _refused("one image output that is overwritten is all that this worker serves")
    if output.image_codec not in JPEG:
        raise _refused("only JPEG images are served by this worker")
    _check_own_store(output)
    folder, name = _key(output.filename_prefix or "{room_name}-{time}", names)
    width_px, height_px = output.width or encoding.width_px, output.height or encoding.height_px
    _check_sides(width_px, height_px)
    every_s = output.capture_interval or STILL_EVERY_S
    return Poster(f"{folder}{name}.jpeg", every_s, width_px, height_px)


def _key(name: str, names: dict[str, str]) -> tuple[str, str]:
    """Folder (with its slash, or empty) and name."""
    for placeholder, value in names.items():
        name = name.replace(placeholder, value.replace("/", "_"))
    folder, slash, last = name.rpartition("/")
    if name.startswith("/") or ".." in name.split("/") or not last:
        raise _refused("a file name must be a relative path inside the object store")
    return folder + slash, last


def _check_own_store(output: Any) -> None:
    if output.WhichOneof("output") is not None:
        raise _refused("this worker writes to its own object store; leave out the upload")


def _encoding(composite: Any) -> Encoding:
    match composite.WhichOneof("options"):
        case "preset":
            name = proto.EncodingOptionsPreset.Name(composite.preset)
            if name not in PRESETS:
                raise _refused(f"preset {name} is not served by this worker")
            return PRESETS[name]
        case "advanced":
            return _advanced(composite.advanced)
    return Encoding()


def _advanced(options: Any) -> Encoding:
    if options.video_codec not in H264 or options.audio_codec not in AAC:
        raise _refused("only H.264 and AAC are served by this worker")
    default = Encoding()
    encoding = Encoding(
        width_px=options.width or default.width_px,
        height_px=options.height or default.height_px,
        fps=options.framerate or default.fps,
        video_kbps=options.video_bitrate or default.video_kbps,
        key_frame_s=options.key_frame_interval or default.key_frame_s,
        audio_kbps=options.audio_bitrate or default.audio_kbps,
        sample_rate=options.audio_frequency or default.sample_rate,
    )
    _check_sides(encoding.width_px, encoding.height_px)
    if encoding.sample_rate != default.sample_rate:
        raise _refused("only 48 kHz audio is served by this worker")
    return encoding


def _check_sides(*sides: int) -> None:
    if any(side % 2 or not MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in sides):
        raise _refused(f"width and height must be even, from {MIN_SIDE_PX} to {MAX_SIDE_PX}")
