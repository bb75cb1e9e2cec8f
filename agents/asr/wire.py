"""Between room agents and the ASR service: msgpack messages, each after its length as 4 bytes, big endian."""

import asyncio
import struct
from typing import Literal

import msgspec

LENGTH = struct.Struct(">I")
# 60 s of 16 kHz int16 is 1.9 MB; whatever is longer is no request of ours.
MAX_FRAME_BYTES = 4 * 2**20

Purpose = Literal["partial", "final"]


class Message(msgspec.Struct, frozen=True, tag_field="type", kw_only=True):
    """`id` pairs an answer with its request on one connection."""

    id: int


class Transcribe(Message, frozen=True, tag="transcribe"):
    """`pcm` is int16 little endian, mono, 16 kHz; `first` marks an utterance's first partial; `glossary` are terms to expect."""

    utterance: str
    purpose: Purpose
    pcm: bytes
    language: str = ""
    first: bool = False
    glossary: tuple[str, ...] = ()


class AskLoad(Message, frozen=True, tag="ask_load"):
    pass


class HeardWord(msgspec.Struct, frozen=True):
    text: str
    start_ms: int
    end_ms: int


class Heard(Message, frozen=True, tag="heard"):
    """An empty `text` means: nobody said anything. Times are from the start of the audio."""

    text: str
    language: str
    words: list[HeardWord]
    queued_ms: int
    decoded_ms: int


class Declined(Message, frozen=True, tag="declined"):
    """A partial that came too late to be of use, or whose utterance has a newer request; a final only while the engine is away."""

    reason: Literal["late", "superseded", "away"]


class Failed(Message, frozen=True, tag="failed"):
    error: str


class Load(Message, frozen=True, tag="load"):
    """`delay_ms` is how long the oldest waiting request has waited."""

    waiting: int
    delay_ms: int


Request = Transcribe | AskLoad
Answer = Heard | Declined | Failed | Load


def frame(message: Request | Answer) -> bytes:
    body = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(body)) + body


async def read_frame(reader: asyncio.StreamReader) -> bytes | None:
    """None at the end of the stream. Raises ValueError for a length that no message of ours has."""
    try:
        (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        if length > MAX_FRAME_BYTES:
            raise ValueError(f"a frame of {length} bytes is none of ours")
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
