"""What a programme is encoded as: one registry for the API, the control plane and the egress worker."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from schema.base import Command, Wire

Quality = Literal["720p30", "1080p30", "1080p60", "720p30_vertical", "1080p30_vertical"]


class Encoding(msgspec.Struct, frozen=True):
    """One picture and one sound for all outputs: H.264 Main at a constant rate, AAC."""

    width_px: int = 1280
    height_px: int = 720
    fps: int = 30
    video_kbps: int = 3000
    key_frame_s: float = 2.0
    audio_kbps: int = 128
    sample_rate: int = 48_000


DEFAULT: Final[Quality] = "720p30"
QUALITIES: Final[Mapping[Quality, Encoding]] = {
    "720p30": Encoding(),
    "1080p30": Encoding(1920, 1080, 30, 4500),
    "1080p60": Encoding(1920, 1080, 60, 6000),
    "720p30_vertical": Encoding(720, 1280),
    "1080p30_vertical": Encoding(1080, 1920, 30, 4500),
}


class ChooseQuality(Command, frozen=True):
    quality: Quality


class ProgrammeSettings(Wire, frozen=True):
    """How this class is encoded; `videoKbps` is what each destination takes, besides 128 kb/s of sound."""

    quality: Quality
    width: int
    height: int
    fps: int
    video_kbps: int


def settings_of(quality: Quality) -> ProgrammeSettings:
    encoding = QUALITIES[quality]
    return ProgrammeSettings(
        quality=quality,
        width=encoding.width_px,
        height=encoding.height_px,
        fps=encoding.fps,
        video_kbps=encoding.video_kbps,
    )
