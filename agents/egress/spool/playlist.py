"""HLS playlists of a recording that did not go as planned; pure."""

import math
from datetime import datetime

from agents.media.segmenter import header_name, is_header

END = "#EXT-X-ENDLIST"
GAP = "#EXT-X-GAP"
DURATION = "#EXTINF:"
DATE = "#EXT-X-PROGRAM-DATE-TIME:"
TARGET = "#EXT-X-TARGETDURATION:"
# What belongs to single segments; everything else stands once, at the head.
CUT = "#EXT-X-DISCONTINUITY"
MAP = "#EXT-X-MAP:"
OF_SEGMENTS = (DURATION, DATE, GAP, MAP, CUT)
# The name of a segment that nobody made; players never ask for one that is marked as a gap.
NOTHING = "missing.m4s"
# Less than a frame is no gap.
LEAST_GAP_S = 0.03


def ended(playlist: str, waiting: list[str], segment_s: float) -> str:
    """The playlist ended, with those of the `waiting` segments that its recorder had no time to name; it may be empty."""
    return "\n".join([*_named(playlist, waiting, segment_s), END]) + "\n"


def interrupted(playlist: str, waiting: list[str], segment_s: float) -> str:
    """As `ended`, for somebody who goes on with it; empty when nothing was recorded yet."""
    if not playlist and not waiting:
        return ""
    return "\n".join(_named(playlist, waiting, segment_s)) + "\n"


def continued(before: str, after: str) -> str:
    """One playlist of an interrupted one and that of the recorder which went on: the time between is marked as a gap, so that
    what comes later keeps its place, and the new part as a discontinuity (RFC 8216, 4.3.2.3)."""
    if not before:
        return after
    lines, new = before.splitlines(), after.splitlines()
    segment_s = max(_target_s(lines), _target_s(new))
    head = [f"{TARGET}{segment_s}" if line.startswith(TARGET) else line for line in lines]
    gap = _gap(_end_of(lines), _begin_of(new), segment_s)
    part = [line for line in new if line == END or _of_segment(line)]
    return "\n".join([*head, *gap, CUT, *part]) + "\n"


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


def _of_segment(line: str) -> bool:
    return not line.startswith("#") or line.startswith(OF_SEGMENTS)


def _target_s(lines: list[str]) -> int:
    return max(int(line.removeprefix(TARGET)) for line in lines if line.startswith(TARGET))


def _begin_of(lines: list[str]) -> float | None:
    dates = [line.removeprefix(DATE) for line in lines if line.startswith(DATE)]
    return datetime.fromisoformat(dates[0]).timestamp() if dates else None


def _end_of(lines: list[str]) -> float | None:
    """Unix time at which the last segment ends, by the last date and the lengths since."""
    end_s: float | None = None
    for line in lines:
        if line.startswith(DATE):
            end_s = datetime.fromisoformat(line.removeprefix(DATE)).timestamp()
        elif line.startswith(DURATION) and end_s is not None:
            end_s += float(line.removeprefix(DURATION).split(",")[0])
    return end_s


def _gap(end_s: float | None, begin_s: float | None, segment_s: int) -> list[str]:
    """No piece of it is longer than a segment may be."""
    left_s = begin_s - end_s if end_s is not None and begin_s is not None else 0.0
    lines: list[str] = []
    while left_s > LEAST_GAP_S:
        piece_s = min(left_s, float(segment_s))
        lines += [GAP, f"{DURATION}{piece_s:.6f},", NOTHING]
        left_s -= piece_s
    return lines


def with_gaps(playlist: str, lost: set[str]) -> str:
    """Says of each lost segment that it is missing (RFC 8216bis, EXT-X-GAP), so that time goes on over it."""
    lines: list[str] = []
    for line in playlist.splitlines():
        lines += [GAP, line] if line in lost else [line]
    return "\n".join(lines) + "\n"


def _head(segment_s: float) -> list[str]:
    return ["#EXTM3U", "#EXT-X-VERSION:7", f"{TARGET}{math.ceil(segment_s)}"]
