"""Participants who only take data: `python -m orchestrator.cli.ground.listeners` reads a Room from stdin.

Prints `ready` when all are in; when a line comes on stdin, prints what they Heard and ends.
"""

import asyncio
import sys
import time

import msgspec
from livekit import rtc

from schema.agents import EVENTS_TOPIC


class Room(msgspec.Struct, frozen=True):
    url: str
    tokens: list[str]


class Heard(msgspec.Struct, frozen=True):
    """By sequence: how many had the packet, and when the first and the last of them did (the system's monotonic clock)."""

    counts: dict[int, int]
    first_ns: dict[int, int]
    last_ns: dict[int, int]


class Place(msgspec.Struct):
    """The one field of a packet that is looked at while the clock runs."""

    sequence: int | None = None


class Listeners:
    def __init__(self) -> None:
        self.heard = Heard({}, {}, {})

    def hear(self, packet: rtc.DataPacket) -> None:
        now_ns = time.monotonic_ns()
        if packet.topic != EVENTS_TOPIC:
            return
        sequence = msgspec.json.decode(packet.data, type=Place).sequence
        if sequence is not None:
            self.heard.counts[sequence] = self.heard.counts.get(sequence, 0) + 1
            self.heard.first_ns.setdefault(sequence, now_ns)
            self.heard.last_ns[sequence] = now_ns


async def listen(room: Room) -> Heard:
    listeners, rooms = Listeners(), [rtc.Room() for _ in room.tokens]
    for one, token in zip(rooms, room.tokens, strict=True):
        one.on("data_received", listeners.hear)
        await one.connect(room.url, token, rtc.RoomOptions(auto_subscribe=False))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    await asyncio.gather(*(one.disconnect() for one in rooms))
    return listeners.heard


def main() -> None:
    room = msgspec.json.decode(sys.stdin.readline(), type=Room)
    print(msgspec.json.encode(asyncio.run(listen(room))).decode(), flush=True)


if __name__ == "__main__":
    main()
