"""Whether an encoder does on this machine what the programme needs: found by encoding."""

from fractions import Fraction
from typing import Any, cast

import av
from av.video.frame import PictureType

from agents.media.codecs.spec import EncoderSpec

FRAMES, KEYS = 8, (0, 4)
H264_MAIN = "Main"


class Unfit(Exception):
    """Why an encoder is of no use here."""


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


def prove(spec: EncoderSpec, options: dict[str, str]) -> None:
    """Main profile, keyframes where they were asked for and nowhere else, each picture out before the next one goes in.

    Raises Unfit.
    """
    try:
        codec = open_codec(spec, options)
        packets = [_encoded(codec, number) for number in range(FRAMES)]
        profile = _profile(packets[0])
    except (av.FFmpegError, ValueError) as error:
        raise Unfit(_words(error)) from None
    if any(len(one) != 1 for one in packets):
        raise Unfit("it holds pictures back")
    keys = tuple(number for number, (one,) in enumerate(packets) if one.is_keyframe)
    if keys != KEYS:
        raise Unfit(f"its keyframes are {keys} where {KEYS} were asked for")
    if profile != H264_MAIN:
        raise Unfit(f"its profile is {profile}")


def _words(error: Exception) -> str:
    """What the encoder itself said last, if it did."""
    said = getattr(error, "log", None)
    return str(said[2]).strip() if said else str(error)


def _encoded(codec: av.VideoCodecContext, number: int) -> "list[av.Packet[Any]]":
    frame = av.VideoFrame(codec.width, codec.height, "yuv420p")
    for plane in frame.planes:
        plane.update(bytes([128]) * plane.buffer_size)
    frame.pts = number
    frame.pict_type = PictureType.I if number in KEYS else PictureType.NONE
    return codec.encode(frame)


def _profile(packets: "list[av.Packet[Any]]") -> str | None:
    """As a decoder reads it from the picture's own tables."""
    decoder = av.CodecContext.create("h264", "r")
    for packet in packets:
        decoder.decode(packet)
    return decoder.profile
