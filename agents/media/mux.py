"""Containers of the one encode: MPEG-TS for destinations, fragmented MP4 for the recording."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import av

from agents.media.sink import Sink

TS_PACKET = 188
# PAT, SDT and PMT: the tables that stand before a keyframe.
TABLE_PIDS = frozenset({0x00, 0x11, 0x1000})
# Longer than any programme (seconds): tables come before keyframes only, so they mark where a chunk starts.
NEVER_S = "1000000"
TS_OPTIONS = {
    "pat_period": NEVER_S,
    "sdt_period": NEVER_S,
    "pes_payload_size": "0",
    "flush_packets": "1",
}
# The header waits for the first keyframe, in which stands what a decoder must know; no edit list, for not every
# player of segments reads one.
MP4_OPTIONS = {
    "movflags": "+frag_keyframe+delay_moov+default_base_moof",
    "use_editlist": "0",
}


class Chunk(NamedTuple):
    """Whole MPEG-TS packets; with `key` they start with the tables and a keyframe."""

    data: bytes
    key: bool


class Piece(NamedTuple):
    """Whole MP4 boxes: the `header`, once, then a fragment for each GOP."""

    data: bytes
    header: bool


class Mp4:
    """Takes packets of the encoders whose `streams` it was given, before any other container rescales their times."""

    def __init__(self, *streams: Any) -> None:
        self._sink = Sink()
        self._container = av.open(self._sink, "w", format="mp4", options=MP4_OPTIONS)
        self._copies = [
            self._container.add_stream_from_template(stream, opaque=True) for stream in streams
        ]
        # What a template does not hand on: the AudioSpecificConfig, without which browsers refuse the sound, and the
        # size, without which they stretch the picture to 4:3; its parameter sets stand in its first packet.
        for stream, copy in zip(streams, self._copies, strict=True):
            if stream.type == "audio":
                copy.codec_context.extradata = stream.codec_context.extradata
            else:
                copy.codec_context.width = stream.codec_context.width
                copy.codec_context.height = stream.codec_context.height

    def mux(self, packet: "av.Packet[Any]") -> None:
        """AAC begins with a packet of nothing before zero, which would move all of the sound."""
        original = packet.stream
        if packet.pts is not None and packet.pts >= 0:
            packet.stream = self._copies[original.index]
            self._container.mux(packet)
            packet.stream = original

    def take(self) -> list[Piece]:
        return list(pieces(self._sink.take()))

    def close(self) -> None:
        self._container.close()


def pieces(data: bytes) -> Iterator[Piece]:
    """From whole boxes; the index at the end of the file is left out, for there is no such file."""
    begin = 0
    for kind, start, end in boxes(data):
        if kind == b"moov":
            yield Piece(data[:end], header=True)
        elif kind == b"moof":
            begin = start
        elif kind == b"mdat":
            yield Piece(data[begin:end], header=False)


def boxes(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Type, start and end of each box of the top level."""
    start = 0
    while start + 8 <= len(data):
        end = start + int.from_bytes(data[start : start + 4])
        yield data[start + 4 : start + 8], start, end
        start = end


def split_at_keyframes(data: bytes) -> list[Chunk]:
    """Cuts whole TS packets before each group of tables."""
    pids = [(data[at + 1] & 0x1F) << 8 | data[at + 2] for at in range(0, len(data), TS_PACKET)]
    tables = [pid in TABLE_PIDS for pid in pids]
    cuts = [i * TS_PACKET for i, table in enumerate(tables) if table and not (i and tables[i - 1])]
    if not cuts or cuts[0] != 0:
        cuts.insert(0, 0)
    keys = [tables[at // TS_PACKET] if data else False for at in cuts]
    ends = [*cuts[1:], len(data)]
    return [
        Chunk(data[start:end], key)
        for start, end, key in zip(cuts, ends, keys, strict=True)
        if end > start
    ]
