"""One supervised program: what to run, when it may start, how it says that it is ready, how it is stopped."""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from orchestrator.cli.stack.servers import LOOPBACK

# Told where this start's part of the log begins.
Ready = Callable[[Path, int], Awaitable[bool]]

CONNECT_S = 2


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """`after` names what must be ready first; higher `wave`s are stopped first, each within its `grace_s`."""

    name: str
    command: list[str]
    ready: Ready
    env: dict[str, str] = {}
    port: int | None = None
    after: tuple[str, ...] = ()
    wave: int = 0
    grace_s: float = 1.0
    stop_signal: signal.Signals = signal.SIGTERM
    # PostgreSQL's backends outlive a killed postmaster for a moment and would refuse the next start.
    death_signal: signal.Signals = signal.SIGKILL
    # livekit-server waits for participants at the first signal and leaves at the second.
    stop_twice: bool = False
    # Ends by itself when its work is done, and is ready then.
    one_shot: bool = False


async def listens(port: int) -> bool:
    return await _connects(asyncio.open_connection(LOOPBACK, port))


def port_open(port: int) -> Ready:
    return lambda _log, _start: listens(port)


def socket_open(path: Path) -> Ready:
    return lambda _log, _start: _connects(asyncio.open_unix_connection(str(path)))


def http_ok(url: str) -> Ready:
    """Answers 200. Written by hand: one request line is less than an HTTP client's import time."""

    async def ready(_log: Path, _start: int) -> bool:
        parts = urlsplit(url)
        request = (
            f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        )
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
                writer.write(request.encode())
                status = await reader.readline()
                writer.close()
        except (OSError, TimeoutError):
            return False
        return status.split(b" ")[1:2] == [b"200"]

    return ready


def says(words: bytes) -> Ready:
    """The log has the words since this start."""

    async def ready(log: Path, start: int) -> bool:
        with log.open("rb") as file:
            file.seek(start)
            return words in file.read()

    return ready


async def says_ready(log: Path, start: int) -> bool:
    """A JSON line with the event "ready" since this start."""
    with log.open("rb") as file:
        file.seek(start)
        return any(_event(line) == "ready" for line in file)


def never(_log: Path, _start: int) -> Awaitable[bool]:
    """For a one-shot, whose exit says it."""
    return asyncio.sleep(0, result=False)


def port_taken(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        # Lets the probe bind beside connections in TIME_WAIT, never beside a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


async def _connects(opening: Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> bool:
    try:
        _reader, writer = await asyncio.wait_for(opening, CONNECT_S)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _event(line: bytes) -> object:
    try:
        entry = msgspec.json.decode(line)
    except msgspec.DecodeError:
        return None
    return entry.get("event") if isinstance(entry, dict) else None
