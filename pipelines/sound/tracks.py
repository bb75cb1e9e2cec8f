"""A speaker's segments joined to one Ogg Opus file, each at its own time; pure: bytes in, bytes out, nothing re-encoded."""

import io
from collections.abc import Sequence
from typing import TypeAlias

import av
from av.audio.stream import AudioStream
from av.packet import Packet

# Generic for the type checker only.
AudioPacket: TypeAlias = "Packet[AudioStream]"

# The clock of Opus in Ogg, whatever the sampling rate (RFC 7845).
TICKS_PER_MS = 48


def join(segments: Sequence[tuple[int, bytes]]) -> bytes:
    """Of (start in ms, Ogg file) in order of time; one that cannot be read is left out, empty bytes if none can.

    A pause between segments stays a pause. Where one runs into the next, its last packets give way: they are the few
    milliseconds with which an encoder fills up its last frame.
    """
    readable = [(start, data, packets) for start, data in segments if (packets := _packets(data))]
    joined: list[AudioPacket] = []
    for start, _, packets in readable:
        _shift(packets, (start - readable[0][0]) * TICKS_PER_MS)
        while joined and _at(joined[-1]) >= _at(packets[0]):
            joined.pop()
        joined += packets
    return _written(readable[0][1], joined) if readable else b""


def _packets(data: bytes) -> list[AudioPacket]:
    try:
        with av.open(io.BytesIO(data), "r", format="ogg") as source:
            return [p for p in source.demux(source.streams.audio[0]) if p.pts is not None]
    except (av.error.FFmpegError, IndexError):
        return []


def _shift(packets: list[AudioPacket], ticks: int) -> None:
    for packet in packets:
        packet.pts = packet.dts = _at(packet) + ticks


def _at(packet: AudioPacket) -> int:
    return packet.pts or 0


def _written(template: bytes, packets: list[AudioPacket]) -> bytes:
    joined = io.BytesIO()
    with av.open(io.BytesIO(template), "r") as first, av.open(joined, "w", format="ogg") as target:
        track = target.add_stream_from_template(first.streams.audio[0])
        for packet in packets:
            packet.stream = track
            target.mux(packet)
    return joined.getvalue()
