"""Whether an encoder does on this machine what the programme needs: found by encoding."""

from fractions import Fraction
from typing import Any, cast

import av
from av.video.frame import PictureType

from agents.media.codecs.spec import EncoderSpec

FRAMES, KEYS = 8, (0, 4)
H264_MAIN = "Main"


def open_codec(spec: EncoderSpec, options: dict[str, str]) -> av.VideoCodecContext:
    """Raises av.FFmpegError, ValueError for a name that this build does not know."""
    codec = cast("av.VideoCodecContext", av.CodecContext.create(spec.codec, "w"))
    describe(codec, spec)
    codec.options = options
    codec.open()
    return codec


def describe(codec: av.VideoCodecContext, spec: EncoderSpec) -> None:
    codec.width, codec.height = spec.width, spec.height
    codec.pix_fmt = "yuv420p"
    codec.time_base = Fraction(1, spec.fps)
    codec.framerate = Fraction(spec.fps)
    codec.bit_rate = spec.video_bitrate_bps
    codec.gop_size = spec.gop_frames


def works(spec: EncoderSpec, options: dict[str, str]) -> bool:
    """Main profile, keyframes where they were asked for and nowhere else, each picture out before the next one goes in."""
    try:
        codec = open_codec(spec, options)
        packets = [_encoded(codec, number) for number in range(FRAMES)]
        if any(len(one) != 1 for one in packets):
            return False
        keys = tuple(number for number, (one,) in enumerate(packets) if one.is_keyframe)
        return keys == KEYS and _profile(packets[0][0]) == H264_MAIN
    except (av.FFmpegError, ValueError):
        return False


def _encoded(codec: av.VideoCodecContext, number: int) -> "list[av.Packet[Any]]":
    frame = av.VideoFrame(codec.width, codec.height, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    frame.pts = number
    frame.pict_type = PictureType.I if number in KEYS else PictureType.NONE
    return codec.encode(frame)


def _profile(packet: "av.Packet[Any]") -> str | None:
    """As a decoder reads it from the picture's own tables."""
    decoder = av.CodecContext.create("h264", "r")
    decoder.decode(packet)
    return decoder.profile
