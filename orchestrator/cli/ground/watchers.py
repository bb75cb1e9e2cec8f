"""A thousand cheap viewers in one process: `python -m orchestrator.cli.ground.watchers` reads a Watch from stdin.

Prints a line `ready` when all streams are open, then for each event a Seen when the last of them has it; ends with stdin.
"""

import asyncio
import resource
import sys
import time

import msgspec


class Watch(msgspec.Struct, frozen=True):
    host: str
    port: int
    path: str
    tokens: list[str]


class Seen(msgspec.Struct, frozen=True):
    """`last_ns` is the system's monotonic clock, the same in all processes."""

    sequence: int
    last_ns: int


class Viewer(asyncio.Protocol):
    """Looks for nothing but the ids of events."""

    def __init__(self, crowd: "Crowd", request: bytes) -> None:
        self._crowd = crowd
        self._request = request
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"retry:"):
                self._crowd.opened()
            elif line.startswith(b"id: "):
                self._crowd.told(int(line[4:]))

    def connection_lost(self, exc: Exception | None) -> None:
        self._crowd.over.set()


class Crowd:
    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._open = 0
        self._counts: dict[int, int] = {}
        self.over = asyncio.Event()

    async def run(self) -> None:
        """Opens one stream after the other; returns when one of them is cut."""
        loop, watch = asyncio.get_running_loop(), self._watch
        for token in watch.tokens:
            request = (
                f"GET {watch.path} HTTP/1.1\r\nHost: {watch.host}:{watch.port}\r\n"
                f"Authorization: Bearer {token}\r\n\r\n"
            ).encode()
            await loop.create_connection(lambda r=request: Viewer(self, r), watch.host, watch.port)  # type: ignore[misc]
        await self.over.wait()

    def opened(self) -> None:
        self._open += 1
        if self._open == len(self._watch.tokens):
            print("ready", flush=True)

    def told(self, sequence: int) -> None:
        self._counts[sequence] = self._counts.get(sequence, 0) + 1
        if self._counts[sequence] == len(self._watch.tokens):
            seen = Seen(sequence, time.monotonic_ns())
            print(msgspec.json.encode(seen).decode(), flush=True)


def main() -> None:
    watch = msgspec.json.decode(sys.stdin.readline(), type=Watch)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(Crowd(watch).run())


if __name__ == "__main__":
    main()
