"""What the official worker makes of a request for a room composite, and what it refuses: pkg/config/pipeline.go, output*.go."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import msgspec
from livekit.protocol import egress as pb

from tests.fakes.egress.rpc import RpcError
from tests.fakes.egress.urls import FAMILIES, redacted, validated

# The fields that its source reads, by message; what else is set has no effect there.
READ = {
    "RoomCompositeEgressRequest": "room_name layout audio_only audio_mixing video_only custom_base_url preset advanced "
    "file stream segments file_outputs stream_outputs segment_outputs image_outputs webhooks",
    "EncodingOptions": "width height depth framerate audio_codec audio_bitrate audio_frequency video_codec video_bitrate "
    "key_frame_interval",
    "StreamOutput": "protocol urls",
    "SegmentedFileOutput": "protocol filename_prefix playlist_name live_playlist_name segment_duration filename_suffix "
    "disable_manifest s3 gcp azure aliOSS",
    "ImageOutput": "capture_interval width height filename_prefix filename_suffix image_codec disable_manifest s3 gcp azure "
    "aliOSS",
}


class Recording(msgspec.Struct, frozen=True):
    """`prefix` and `playlist` are keys in the store; segments are `{prefix}_00000.ts`, of `segment_s` seconds."""

    prefix: str
    playlist: str
    segment_s: int


class Still(msgspec.Struct, frozen=True):
    """Written over and over at the key `{prefix}.jpeg`."""

    prefix: str
    every_s: int
    width: int
    height: int


class Ordered(msgspec.Struct, frozen=True):
    """`family` is the one protocol that all streams ever have, None where there was no stream output to say it."""

    egress_id: str
    room: str
    page: str
    family: str | None
    urls: tuple[str, ...]
    recording: Recording | None
    stills: tuple[Still, ...]


def read(request: Any) -> Ordered:
    """Raises RpcError as the official worker would; `unimplemented` is this model's own."""
    composite = request.room_composite
    for field in ("file_outputs", "audio_only", "video_only", "preset"):
        if getattr(composite, field):
            raise RpcError("unimplemented", f"the model has no {field}")
    page = urlsplit(composite.custom_base_url)
    if page.scheme not in {"http", "https"}:
        raise invalid("template base url")
    check_encoding(composite.advanced)
    family, urls = streams(composite.stream_outputs)
    recording = segments(composite)
    if recording is None and not urls:
        raise invalid("output")
    return Ordered(
        request.egress_id,
        composite.room_name,
        composite.custom_base_url,
        family,
        urls,
        recording,
        tuple(still(output, composite.advanced) for output in composite.image_outputs),
    )


def invalid(field: str) -> RpcError:
    """pkg/errors/errors.go ErrInvalidInput."""
    return RpcError("invalid_argument", f"request has missing or invalid field: {field}")


def ignored(message: Any) -> Iterator[str]:
    """What is set and has no effect, as `Message.field`."""
    name = message.DESCRIPTOR.name
    for field, value in message.ListFields():
        if field.name not in READ.get(name, "").split():
            yield f"{name}.{field.name}"
        elif field.message_type is not None:
            for one in value if field.is_repeated else [value]:
                yield from ignored(one)


def check_encoding(advanced: Any) -> None:
    """pkg/config/encoding.go applyAdvanced."""
    for side in ("width", "height"):
        value = getattr(advanced, side)
        if value and (value < 16 or value % 2):
            raise invalid(side)
    if advanced.depth not in {0, 8, 16, 24}:
        raise invalid("depth")


def streams(outputs: Any) -> tuple[str | None, tuple[str, ...]]:
    """One stream output, all of whose URLs have its protocol (output.go updateEncodedOutputs)."""
    if not outputs:
        return None, ()
    if len(outputs) > 1:
        raise invalid("multiple stream outputs")
    (output,) = outputs
    match output.protocol:
        case pb.StreamProtocol.RTMP:
            family = "rtmp"
        case pb.StreamProtocol.SRT:
            family = "srt"
        case _ if not output.urls:
            raise invalid("stream protocol")
        case _:
            family = FAMILIES.get(urlsplit(output.urls[0]).scheme, "")
    for url in output.urls:
        validated(url, family)
    return family, tuple(output.urls)


def segments(composite: Any) -> Recording | None:
    """The playlist's folder is the store's; segments stand beside it (output_segment.go updatePrefixAndPlaylist)."""
    if not composite.segment_outputs:
        return None
    if len(composite.segment_outputs) > 1:
        raise invalid("multiple segmented file outputs")
    (output,) = composite.segment_outputs
    prefix, playlist = PurePosixPath(output.filename_prefix), PurePosixPath(output.playlist_name)
    if not prefix.name or prefix.parent != playlist.parent:
        raise RpcError("unimplemented", "the model wants segments beside their playlist")
    segment_s = output.segment_duration or 4
    interval_s = int(composite.advanced.key_frame_interval)
    if composite.stream_outputs and interval_s:
        segment_s = min(interval_s, segment_s)
    return Recording(str(prefix), str(playlist.with_suffix(".m3u8")), segment_s)


def still(output: Any, encoding: Any) -> Still:
    """The picture's own size and ten seconds unless it says otherwise (output_image.go getImageConfig)."""
    if output.filename_suffix != pb.IMAGE_SUFFIX_NONE_OVERWRITE:
        raise RpcError("unimplemented", "the model has no image but one that is overwritten")
    return Still(
        output.filename_prefix,
        output.capture_interval or 10,
        output.width or encoding.width,
        output.height or encoding.height,
    )


def echoed(composite: Any) -> pb.RoomCompositeEgressRequest:
    """What EgressInfo repeats (livekit/protocol egress/redact.go RedactEncodedOutputs)."""
    copy = pb.RoomCompositeEgressRequest()
    copy.CopyFrom(composite)
    for output in copy.stream_outputs:
        output.urls[:] = [hidden(url) for url in output.urls]
    return copy


def hidden(url: str) -> str:
    head, slash, key = url.rpartition("/")
    return f"{head}{slash}{redacted(key)}" if urlsplit(url).scheme.startswith("rtmp") else url
