"""A TCP proxy that can go away and come back, so that a test can take a real server from the program under test."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

CHUNK_BYTES = 65536


class Proxy:
    """`stop` closes the port and every connection; `start` opens the same port again.

    Between `hang` and `go_on` it takes connections and hands nothing on, as a server that is stuck."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._moving = asyncio.Event()
        self._moving.set()
        self._held = 0
        self.port = 0

    def hang(self) -> None:
        self._moving.clear()

    async def holds_something(self) -> bool:
        return self._held > 0

    def go_on(self) -> None:
        self._moving.set()

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()
        self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
            self._writers.add(far_writer)
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
            self._writers.discard(far_writer)
        finally:
            self._writers.discard(writer)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(CHUNK_BYTES):
                self._held += 1
                await self._moving.wait()
                self._held -= 1
                writer.write(chunk)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A running proxy for the server at `url`, and the URL that leads through it."""
    parts = urlsplit(url)
    proxy = Proxy(parts.hostname or "", parts.port or 0)
    await proxy.start()
    user = f"{parts.username or ''}:{parts.password}@" if parts.password else ""
    through = parts._replace(netloc=f"{user}127.0.0.1:{proxy.port}")
    try:
        yield proxy, urlunsplit(through)
    finally:
        await proxy.stop()
