"""HLS playlists of a recording that did not go as planned; pure."""

import math

from agents.media.segmenter import header_name, is_header
from orchestrator.core.hls.playlist import CUT, DURATION, END, GAP, MAP, TARGET


def ended(playlist: str, waiting: list[str], segment_s: float) -> str:
    """The playlist ended, with those of the `waiting` segments that its recorder had no time to name; it may be empty."""
    return "\n".join([*_named(playlist, waiting, segment_s), END]) + "\n"


def interrupted(playlist: str, waiting: list[str], segment_s: float) -> str:
    """As `ended`, for somebody who goes on with it; empty when nothing was recorded yet."""
    if not playlist and not waiting:
        return ""
    return "\n".join(_named(playlist, waiting, segment_s)) + "\n"


def _named(playlist: str, waiting: list[str], segment_s: float) -> list[str]:
    lines = [line for line in playlist.splitlines() if line != END] or _head(segment_s)
    for name in waiting:
        if name not in lines and not is_header(name):
            lines += [*_header(lines, name), f"{DURATION}{segment_s:.6f},", name]
    return lines


def _header(lines: list[str], name: str) -> list[str]:
    """What stands before a segment in fragmented MP4 that has not the header of the one before it."""
    wanted = f'{MAP}URI="{header_name(name.rpartition("_")[0])}"'
    known = [line for line in lines if line.startswith(MAP)]
    if name.endswith(".ts") or known[-1:] == [wanted]:
        return []
    return [CUT, wanted] if known else [wanted]


def with_gaps(playlist: str, lost: set[str]) -> str:
    """Says of each lost segment that it is missing (RFC 8216bis, EXT-X-GAP), so that time goes on over it."""
    lines: list[str] = []
    for line in playlist.splitlines():
        lines += [GAP, line] if line in lost else [line]
    return "\n".join(lines) + "\n"


def _head(segment_s: float) -> list[str]:
    return ["#EXTM3U", "#EXT-X-VERSION:7", f"{TARGET}{math.ceil(segment_s)}"]
