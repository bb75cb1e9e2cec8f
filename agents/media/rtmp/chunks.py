"""RTMP's messages on the wire (Adobe's specification 1.0, section 5.3): cut in chunks, and put together again."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

SET_CHUNK_SIZE = 1
# What both sides begin with.
FIRST_CHUNK_BYTES = 128
# A time that does not fit in three bytes stands in four after the header.
NO_TIME = 0xFFFFFF
# No answer to a publisher is larger; what claims to be is no RTMP.
MAX_MESSAGE_BYTES = 1 << 20
# Servers use a handful; each may hold a message that is not whole yet.
MAX_CHANNELS = 16
HEADER_BYTES = (11, 7, 3, 0)


class Message(NamedTuple):
    kind: int
    body: bytes
    time_ms: int = 0
    stream: int = 0


class Broken(ValueError):
    """This is no RTMP."""


def cut(message: Message, channel: int, size: int) -> bytes:
    """On a channel from 2 to 63, with whole headers: no state is shared between messages."""
    time_ms = message.time_ms & 0xFFFFFFFF
    late = time_ms.to_bytes(4) if time_ms >= NO_TIME else b""
    header = (
        bytes([channel])
        + min(time_ms, NO_TIME).to_bytes(3)
        + len(message.body).to_bytes(3)
        + bytes([message.kind])
        + message.stream.to_bytes(4, "little")
        + late
    )
    body = message.body
    parts = [header, body[:size]]
    for at in range(size, len(body), size):
        parts += (bytes([0xC0 | channel]), late, body[at : at + size])
    return b"".join(parts)


@dataclass(slots=True)
class _Channel:
    """What a chunk with a shorter header takes over from the one before."""

    length: int = 0
    kind: int = 0
    stream: int = 0
    late: bool = False
    body: bytearray = field(default_factory=bytearray)


class _TooShort(Exception):
    pass


class Joiner:
    """What a server says, as it comes."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._at = 0
        self._size = FIRST_CHUNK_BYTES
        self._channels: dict[int, _Channel] = {}

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are whole now. Raises Broken."""
        self._waiting += data
        while True:
            self._at = 0
            try:
                message = self._chunk()
            except _TooShort:
                return
            del self._waiting[: self._at]
            if message is not None:
                yield message

    def _chunk(self) -> Message | None:
        """One chunk, and the message that it ends; changes nothing unless the chunk is whole."""
        first = self._take(1)[0]
        number = first & 0x3F
        if number < 2:
            number = 64 + int.from_bytes(self._take(number + 1), "little")
        known = self._channels.get(number) or _Channel()
        header = self._take(HEADER_BYTES[first >> 6])
        length = int.from_bytes(header[3:6]) if len(header) > 3 else known.length
        if not len(known.body) <= length <= MAX_MESSAGE_BYTES:
            raise Broken("a message of that size")
        late = int.from_bytes(header[:3]) == NO_TIME if header else known.late
        if late:
            self._take(4)
        part = self._take(min(self._size, length - len(known.body)))
        self._keep(number, known)
        _take_over(known, header, length, late=late)
        known.body += part
        if len(known.body) < length:
            return None
        body, known.body = bytes(known.body), bytearray()
        if known.kind == SET_CHUNK_SIZE:
            self._size = max(1, int.from_bytes(body[:4]))
        return Message(known.kind, body, stream=known.stream)

    def _keep(self, number: int, channel: _Channel) -> None:
        self._channels[number] = channel
        if len(self._channels) > MAX_CHANNELS:
            raise Broken("so many messages at once")

    def _take(self, size: int) -> bytes:
        taken = self._waiting[self._at : self._at + size]
        if len(taken) < size:
            raise _TooShort
        self._at += size
        return bytes(taken)


def _take_over(known: _Channel, header: bytes, length: int, *, late: bool) -> None:
    known.length, known.late = length, late
    if len(header) >= HEADER_BYTES[1]:
        known.kind = header[6]
    if len(header) == HEADER_BYTES[0]:
        known.stream = int.from_bytes(header[7:], "little")
