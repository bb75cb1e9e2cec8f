"""The index of a fragmented MP4 (ISO 14496-12, 8.16.3): with it players know how long it is, and can go to any place; pure."""

from collections.abc import Sequence
from typing import NamedTuple

# Every fragment begins with a picture that needs no other: a stream access point of type 1.
ACCESS_POINT = 1 << 31 | 1 << 28
# The picture's; sound lies in the same fragments.
TRACK = 1


class Fragment(NamedTuple):
    size_bytes: int
    duration_ms: int


def index(header: bytes, fragments: Sequence[Fragment]) -> bytes:
    """A `sidx` box to stand between the header and the first of these."""
    # libavformat reads its times by the track's own scale, whatever the box says.
    scale = timescale(header)
    head = b"sidx" + bytes(4) + TRACK.to_bytes(4) + scale.to_bytes(4) + bytes(4 + 4 + 2)
    body = len(fragments).to_bytes(2) + b"".join(
        size.to_bytes(4) + round(ms * scale / 1000).to_bytes(4) + ACCESS_POINT.to_bytes(4)
        for size, ms in fragments
    )
    return (4 + len(head) + len(body)).to_bytes(4) + head + body


def timescale(header: bytes) -> int:
    """Ticks a second of the first track, the picture's, from its `mdhd` box."""
    box = header[header.index(b"mdhd") + len(b"mdhd") :]
    at = 4 + (16 if box[0] else 8)
    return int.from_bytes(box[at : at + 4])
