"""HLS playlists of a recording that did not go as planned; pure."""

import math

END = "#EXT-X-ENDLIST"


def ended(playlist: str, waiting: list[str], segment_s: float, header: str) -> str:
    """The playlist ended, with those of the `waiting` files that its recorder had no time to name; it may be empty.

    `header` is the file before all segments of a recording in fragmented MP4; one in MPEG-TS has none.
    """
    fragmented = all(not name.endswith(".ts") for name in waiting)
    head = _head(segment_s, header if fragmented else "")
    lines = [line for line in playlist.splitlines() if line != END] or head
    for name in waiting:
        if name not in {*lines, header}:
            lines += [f"#EXTINF:{segment_s:.6f},", name]
    return "\n".join([*lines, END]) + "\n"


def with_gaps(playlist: str, lost: set[str]) -> str:
    """Says of each lost segment that it is missing (RFC 8216bis, EXT-X-GAP), so that time goes on over it."""
    lines: list[str] = []
    for line in playlist.splitlines():
        lines += ["#EXT-X-GAP", line] if line in lost else [line]
    return "\n".join(lines) + "\n"


def _head(segment_s: float, header: str) -> list[str]:
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{math.ceil(segment_s)}"]
    return [*lines, f'#EXT-X-MAP:URI="{header}"'] if header else lines
