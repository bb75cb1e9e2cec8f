"""What is asked of an encoder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EncoderSpec:
    """`codec` is one of the registry."""

    width: int = 1280
    height: int = 720
    fps: int = 30
    gop_frames: int = 60
    video_bitrate_bps: int = 3_000_000
    audio_bitrate_bps: int = 128_000
    codec: str = "libx264"

    @property
    def bitrate_bps(self) -> int:
        return self.video_bitrate_bps + self.audio_bitrate_bps
