"""ffmpeg for the relay and the receivers: PATH's when it is new enough, else the one inside imageio-ffmpeg."""

import re

import imageio_ffmpeg

from orchestrator.cli.install.steps import Step
from orchestrator.cli.stack import binaries

FFMPEG_AT_LEAST = 5  # before it, no rtmps by OpenSSL and no -progress fields that the relay reads


def ffmpeg_step() -> Step:
    return Step("ffmpeg", lambda: not has_ffmpeg(), link_packaged)


def has_ffmpeg() -> bool:
    linked = binaries.TOOLS / "bin" / "ffmpeg"
    return linked.exists() or path_version() >= FFMPEG_AT_LEAST


def path_version() -> int:
    """Major version of PATH's ffmpeg; 0 without one or for a build that does not number itself."""
    found = binaries.on_path("ffmpeg")
    text = binaries.output(found, "-version") if found else ""
    number = re.match(r"ffmpeg version n?(\d+)", text)
    return int(number.group(1)) if number else 0


def link_packaged() -> None:
    """Under the name that programs look for; the wheel's file is called after its version."""
    link = binaries.TOOLS / "bin" / "ffmpeg"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
